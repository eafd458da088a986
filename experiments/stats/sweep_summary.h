// The runs of any sweep, on generated trees or on files, by the values of its axes.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
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

// What a sweep varies, of one run.
struct SweepPoint {
  std::string experiment;
  int dataset = 0;
  std::string model;
  nlohmann::json axes;
};

// Takes run after run, and keeps their accuracies alone.
class SweepAccumulator {
 public:
  // Accuracies are shares; not finite where there is none.
  void Add(const SweepPoint& point, bool done, double test_accuracy, double dev_accuracy);
  SweepSummary Finish() const;

 private:
  struct Cell {
    SweepPoint point;
    std::vector<double> test, dev;  // of runs that are done
    int failed = 0;
  };

  std::vector<std::string> Axes() const;

  std::map<std::string, Cell> cells_;  // by all of the point, as text
  bool has_test_ = true;
};

SweepSummary SummariseSweep(const std::vector<RunRecord>& runs);

}  // namespace grove
