// The part of a page in which its reader looks through runs: a table of all of them, and the script
// (experiments/pages/report.js) by which he filters and sorts it and sees curves over each other.
#pragma once

#include <string>
#include <vector>

#include "experiments/report/table.h"
#include "experiments/stats/stored_runs.h"

namespace grove {

// Of more runs a page shows the first ones: it has to open quickly.
inline constexpr size_t kMostRunsExplored = 2'000;

// A row a run. The columns: `folders` (of each run, where there are several; else empty), labels
// and axes, status and results, then every other setting that differs between runs, and the key.
// The script goes by the names of the columns, and takes those before the status for settings.
Table ExplorerTable(const std::vector<StoredRun>& runs, const std::vector<std::string>& folders);

// The curves of the runs, in their order, as JSON that may stand in a <script>:
//   {"every": 1, "loss": [2.3, 1.9], "train_accuracy": [...], "dev_loss": [...],
//    "dev_accuracy": [...], "ratios": {"10": [0.01, 0.2]}}
// Accuracies are in percent, ratios medians by depth; what is missing is null, the rest has four
// digits. Of a run of more than 200 epochs every second, third, ... is kept, from the first on.
std::string CurvesJson(const std::vector<StoredRun>& runs);

// The section with all of that.
std::string RunExplorer(const std::vector<StoredRun>& runs,
                        const std::vector<std::string>& folders = {});

}  // namespace grove
