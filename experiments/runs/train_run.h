// The one road of training: a job is started, or gone on with where it was interrupted; its model
// is saved, and its record made.
#pragma once

#include <atomic>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "experiments/plan/job.h"
#include "experiments/runs/load_data.h"
#include "experiments/runs/record.h"
#include "experiments/runs/run_folder.h"

namespace grove {

struct TrainRunOptions {
  std::string model_path;  // where the model of a finished run goes; empty: nowhere
  // Called between minibatches, in the run's thread, with what the run has so far.
  std::function<void(const TrainProgress&, const RunResult&)> progress;
  // Told what happened that does not stop the run, in one line.
  std::function<void(const std::string&)> note;
};

struct TrainedRun {
  RunRecord record;                 // status "done" or "diverged"
  std::vector<std::string> tables;  // its lines of the journal that come before (table_lines.h)
};

// Returns the run after it has ended, or nothing if `stop` became true first; its state is then in
// the folder. A saved state that is damaged or belongs to something else is dropped, with a note,
// because a run begun anew gives the same numbers; one that merely cannot be read stays, and the
// Error is thrown. `seconds` is set, also on a throw, to the run's time, interrupted parts
// included.
std::optional<TrainedRun> TrainRun(const Job& job, const LoadedData& data, const RunFolder& folder,
                                   const std::atomic<bool>& stop, const TrainRunOptions& options,
                                   double& seconds);

// The record of a run that threw: "failed", with the message.
RunRecord FailureRecord(const Job& job, const std::exception& failure, double seconds);

}  // namespace grove
