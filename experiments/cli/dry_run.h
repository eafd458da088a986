// grove run --dry-run: what would run, how long it would take on so many cores, and what the cores
// would do.
#pragma once

#include <string>
#include <vector>

#include "experiments/plan/cluster.h"
#include "experiments/plan/plan.h"

namespace CLI {
class App;
}

namespace grove {

struct DryRunOptions {
  std::string out;         // folder whose finished runs are left out and learnt from; may be empty
  std::vector<int> cores;  // of a node, a row of the forecast each; at least one
  int nodes = 0;           // 0: not given, one
  double mtbf_hours = 0;   // 0: not given, nothing fails
  double state_every = Cluster().state_every;  // seconds between the states of a run
  std::vector<std::string> from;               // folders that are learnt from as well
  bool measured = false;  // forecast the finished runs instead, by the times they took
  bool list = true;       // a line a run, and on a terminal how far the forecast is
  bool json = false;      // one document with everything
};

// --cores, --nodes, --mtbf, --from and --measured.
void AddDryRunOptions(CLI::App& command, DryRunOptions& options);

// The first of these that is given, "--cores"; null: none.
const char* GivenDryRunOption(const DryRunOptions& options);

// Prints to stdout a line for each of the `chosen` runs of `all`, one for each file or point if
// there are sweeps, and the forecast. Writes nothing. Throws Error if a folder cannot be read or
// holds other experiments, and if nodes fail so often that nothing ends.
void PrintDryRun(const RunList& all, const std::vector<Job>& chosen, const DryRunOptions& options);

}  // namespace grove
