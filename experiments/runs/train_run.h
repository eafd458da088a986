// Trains one planned run in its folder: from the start, or from where it was interrupted.
#pragma once

#include <atomic>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/dataset.h"
#include "experiments/plan/experiment.h"
#include "experiments/runs/record.h"
#include "experiments/runs/run_folder.h"

namespace grove {

// Called between minibatches, in the run's thread.
using TrainRunProgress = std::function<void(const TrainProgress&)>;

struct TrainedRun {
  RunRecord record;                 // status "done"
  std::vector<std::string> tables;  // its lines of the journal that come before (table_lines.h)
};

// Returns the run after it has ended, or nothing if `stop` became true first; its state is then in
// the folder. Throws what the trainer throws. A saved state that cannot be used is dropped, because
// a run begun anew gives the same numbers. `seconds` is set, also on a throw, to the run's time,
// interrupted parts included.
std::optional<TrainedRun> TrainRun(const Job& planned, const Dataset& dataset,
                                   const RunFolder& folder, const std::atomic<bool>& stop,
                                   const TrainRunProgress& progress, double& seconds);

// The record of a run that threw: "diverged" for a DivergedError, else "failed", with the message.
RunRecord FailureRecord(const Job& planned, const std::exception& failure, double seconds);

}  // namespace grove
