// Which runs a command is about: experiment files, narrowed by --only and --seeds.
#pragma once

#include <string>
#include <vector>

#include "experiments/cli.h"
#include "experiments/runs/experiment.h"

namespace grove {

struct RunChoice {
  std::vector<std::string> specs;
  std::vector<std::string> only;
  std::string seeds;  // empty: those of the files
};

// Adds SPEC, --only and --seeds; `choice` must outlive the app's parsing.
void AddRunChoice(CLI::App& command, RunChoice& choice);

// All runs of the files. Throws Error for what is wrong in them, for files of the same name, and
// for runs that are alike.
std::vector<PlannedRun> ReadRuns(const RunChoice& choice, const GlobalOptions& globals);

}  // namespace grove
