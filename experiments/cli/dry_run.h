// grove run --dry-run: what would run and how long it would take.
#pragma once

#include <vector>

#include "experiments/cli/run_choice.h"
#include "experiments/runs/run_folder.h"

namespace grove {

// More points than these are summed up by file.
inline constexpr size_t kMaxSummaryLines = 40;

// Prints to stdout a line for each of the `chosen` runs of `all`, one for each file or point if
// there are sweeps, and one for all; or the runs as JSON. Reads the folder, writes nothing.
void PrintDryRun(const RunList& all, const std::vector<Job>& chosen, const RunFolder& folder,
                 int threads, bool json);

}  // namespace grove
