// Which runs a command is about: experiment and sweep files, narrowed by --only and --seeds.
#pragma once

#include <string>
#include <vector>

#include "experiments/cli/cli.h"
#include "experiments/plan/plan.h"

namespace grove {

struct RunChoice {
  std::vector<std::string> specs;
  std::vector<std::string> only;
  std::string seeds;  // empty: those of the files
};

// Adds SPEC, --only and --seeds; `choice` must outlive the app's parsing.
void AddRunChoice(CLI::App& command, RunChoice& choice);

// All runs of the files, whatever --only says. A run that several files have is planned once, as
// that of the first. Throws Error for what is wrong in them, for files of the same name, and for
// experiments of the same name that are not the same file.
RunList ReadRuns(const RunChoice& choice, const GlobalOptions& globals);

}  // namespace grove
