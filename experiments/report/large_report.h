// The report of more runs than fit into memory with all that is known of them.
#pragma once

#include <cstddef>

#include "experiments/report/report.h"
#include "experiments/runs/each_run.h"

namespace grove {

// More runs are summed up by setting.
inline constexpr size_t kMostRunsInDetail = 20'000;
// Of these, more settings stand in sweep.csv alone, and more failures in the journals.
inline constexpr size_t kMostRowsShown = 1'000;

// What a page says of these runs, taken for a sweep: counts, times, and accuracies by setting; no
// figures, and no table of every run. Of a run it keeps two accuracies. `table` is set to all
// settings, of which Report::sweep has those that are shown.
Report SummariseRuns(const EachRun& runs, Table& table);

}  // namespace grove
