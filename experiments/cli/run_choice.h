// Which runs a command is about: experiment and sweep files, narrowed by --only, with the seeds of
// --seeds.
#pragma once

#include <string>
#include <vector>

#include "experiments/cli/cli.h"
#include "experiments/plan/plan.h"

namespace grove {

struct RunChoice {
  std::vector<std::string> specs, only;
  std::string seeds;  // empty: those of the files

  void AddTo(CLI::App& command);
};

// All runs of the files, whatever --only says; what the command line says of a run beats its file.
// A run that several files have is planned once, as that of the first. Throws Error for what is
// wrong in them, for files of the same name, and for experiments of the same name that are not the
// same file.
RunList ReadRuns(const RunChoice& choice, const GlobalOptions& globals);

// Throws Error if one of the runs needs OpenBLAS and that would start threads of its own.
void CheckGemm(const std::vector<Job>& runs);

}  // namespace grove
