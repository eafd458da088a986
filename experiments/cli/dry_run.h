// grove run --dry-run: what would run, how long it would take on so many cores, and what the cores
// would do.
#pragma once

#include <string>
#include <vector>

#include "experiments/plan/plan.h"

namespace grove {

struct DryRunOptions {
  std::string out;         // folder whose finished runs are left out and learnt from; may be empty
  std::vector<int> cores;  // a row of the forecast each; at least one
  std::vector<std::string> from;  // folders that are learnt from as well
  bool measured = false;          // forecast the finished runs instead, by the times they took
  bool list = true;               // a line a run
  bool json = false;              // one document with everything
};

// Prints to stdout a line for each of the `chosen` runs of `all`, one for each file or point if
// there are sweeps, and the forecast. Writes nothing. Throws Error if a folder cannot be read or
// holds other experiments.
void PrintDryRun(const RunList& all, const std::vector<Job>& chosen, const DryRunOptions& options);

}  // namespace grove
