// A batch: planned runs on the task graph, their records in the journal.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <vector>

#include "experiments/plan/experiment.h"
#include "experiments/runs/run_folder.h"

namespace grove {

struct BatchOptions {
  int threads = 1;
  bool quiet = false;  // no progress on stderr
  bool tables = true;  // a line on stdout for each cell of the experiments
};

// How the chosen runs stand at the end. Every run is counted once.
struct BatchCounts {
  size_t done = 0;  // those done before included
  size_t failed = 0;
  size_t diverged = 0;
  size_t stopped = 0;  // interrupted or never started
};

// Trains the `runs` that are not final in the folder's journal, and calls `report` when none was
// stopped. Creates the folder. Throws Error if the journal cannot be opened or read.
BatchCounts RunBatch(const std::vector<Job>& runs, const RunFolder& folder,
                     const BatchOptions& options, const std::atomic<bool>& stop,
                     const std::function<void()>& report);

}  // namespace grove
