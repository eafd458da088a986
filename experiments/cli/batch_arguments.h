// The options of how a batch is run, which change nothing of its results: `grove run`, `grove
// train`, and `grove slurm`, which hands them on.
#pragma once

#include <string>
#include <vector>

#include "experiments/runs/batch.h"
#include "experiments/runs/state_saver.h"

namespace CLI {
class App;
}

namespace grove {

// --state-every and --state-share. `states` must outlive the app's parsing.
void AddStateOption(CLI::App& command, StateRhythm& states);

// --state-every, --state-share, --fail-fast, --retry, --max-run-seconds, --max-run-memory.
void AddFailureOptions(CLI::App& command, BatchOptions& options);

// Those of them that a parsed command was given, as words for another process.
std::vector<std::string> GivenFailureOptions(const CLI::App& command);

}  // namespace grove
