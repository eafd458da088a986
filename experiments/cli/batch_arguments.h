// The options of how a batch is run, which change nothing of its results: `grove run`, `grove
// train`.
#pragma once

#include "experiments/runs/batch.h"
#include "experiments/runs/state_saver.h"

namespace CLI {
class App;
}

namespace grove {

// --state-every. `options` must outlive the app's parsing.
void AddStateOption(CLI::App& command, StateRhythm& states);

// --state-every, --fail-fast, --retry, --max-run-seconds, --max-run-memory.
void AddFailureOptions(CLI::App& command, BatchOptions& options);

}  // namespace grove
