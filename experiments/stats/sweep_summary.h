// The runs of any sweep, on generated trees or on files, by the values of its axes.
#pragma once

#include <string>
#include <vector>

#include "experiments/stats/cells.h"

namespace grove {

// The runs that are not simply the paper's: those with axes beyond dataset, model and seed, with
// settings that are not the defaults, or on other data.
std::vector<RunRecord> SweepRuns(const std::vector<StoredRun>& runs);

struct SweepRow {
  std::vector<std::string> values;  // of the axes; "" where runs have none
  std::string model;
  Spread spread;  // accuracies in percent, where a run that failed or diverged counts as 0 %
};

struct SweepSummary {
  // "experiment" and "dataset" where there are several, then the axes of the runs by name.
  std::vector<std::string> axes;
  std::vector<SweepRow> rows;  // by the values of the axes, numbers as such, and by model
  // "test accuracy"; "dev accuracy" where some run had no test trees.
  std::string metric;
};

SweepSummary SummariseSweep(const std::vector<RunRecord>& runs);

}  // namespace grove
