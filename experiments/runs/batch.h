// A batch: planned runs on the task graph, their records in the journal.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "engine/training/trainer.h"
#include "experiments/plan/job.h"
#include "experiments/runs/record.h"
#include "experiments/runs/run_folder.h"
#include "experiments/runs/state_saver.h"
#include "sched/progress.h"

namespace grove {

// Who watches a batch. Nothing here needs to be done; calls come from the threads of the runs, each
// run's in order, and must not throw.
class BatchWatcher {
 public:
  virtual ~BatchWatcher() = default;
  // Before the first run: `meter` lives until OnEnd and may be asked from any thread.
  virtual void OnStart(const sched::ProgressMeter&, size_t /*to_do*/) {}
  // Between minibatches.
  virtual void OnProgress(const Job&, const TrainProgress&, const RunResult&) {}
  // A run has ended and is in the journal.
  virtual void OnRecord(const Job&, const RunRecord&) {}
  // All runs of a cell (that differ in their seeds alone) have ended: a line about them.
  virtual void OnCell(const std::string& /*line*/) {}
  // Something that does not stop the batch.
  virtual void OnNote(const std::string& /*line*/) {}
  virtual void OnEnd() {}
};

struct BatchOptions {
  int threads = 1;
  // Those that threads are bound to, at least as many (sched/run_graph.h); empty: they are free.
  std::vector<int> cores;
  // Where the model of a finished run goes, by its job; null: nowhere. A run that is done but has
  // no model there is trained again: the same bits, and the model.
  std::function<std::string(const Job&)> model_path;
  // Trains jobs again that have ended before.
  bool again = false;
  StateRhythm states;
  bool fail_fast = false;  // the first run that fails stops the batch
  int retries = 0;         // how often a run that fails is tried again (retry.h)
  // Of each run; one that needs or takes more fails.
  double max_seconds = std::numeric_limits<double>::infinity();
  uint64_t max_bytes = UINT64_MAX;  // by the formulas of its allocations (plan/forecast.h)
  // Keep what `grove status` looks at: the manifest, and how far the batch is.
  bool watched = false;
  // Called once no other process can use the folder, before anything is trained in it; may throw
  // Error to leave it as it is.
  std::function<void()> check;
};

// A run that has no result, or none that counts.
struct NotDone {
  std::string key, label, status, message;
};

// How the chosen runs stand at the end. Every run is counted once.
struct BatchCounts {
  size_t done = 0;  // those done before included
  size_t failed = 0;
  size_t diverged = 0;
  size_t stopped = 0;             // interrupted or never started
  std::vector<NotDone> not_done;  // those that failed or diverged, in the order of the runs
};

// Trains the `runs` that have not ended in the folder's journals, and calls `report` (may be null)
// when none was stopped. Creates the folder. What it finds damaged there is told of, set aside, and
// computed again. Sets `stop` if a run fails and that is to be the end. Throws Error if the folder
// cannot be written, is in use by another process, or holds what is no journal.
BatchCounts RunBatch(const std::vector<Job>& runs, const RunFolder& folder,
                     const BatchOptions& options, std::atomic<bool>& stop, BatchWatcher& watcher,
                     const std::function<void()>& report);

// 0.934 as "93.4 %"
std::string PercentText(double share);

}  // namespace grove
