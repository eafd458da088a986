// The table of any sweep: its metric against its axes.
#pragma once

#include <vector>

#include "experiments/report/table.h"
#include "experiments/stats/stored_runs.h"
#include "experiments/stats/sweep_summary.h"

namespace grove {

// The runs that are not simply the paper's: those with axes beyond dataset, model and seed, with
// settings that are not the defaults, or on other data.
std::vector<RunRecord> SweepRuns(const std::vector<StoredRun>& runs);

// A row a setting: a column an axis, the model, and how the metric spreads over the runs, in
// percent.
Table SweepTable(const SweepSummary& summary);

}  // namespace grove
