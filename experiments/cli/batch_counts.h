// How a batch ended, on standard output, and which of its runs have no result.
#pragma once

#include <string>

#include "experiments/runs/batch.h"

namespace grove {

// The counts, and on standard error a table of the runs that failed or diverged; with `json` one
// object on standard output: {"out", "done", "failed", "diverged", "stopped",
// "not_done": [{"key", "label", "status", "message"}]}.
void PrintCounts(const BatchCounts& counts, const std::string& out, bool json);

}  // namespace grove
