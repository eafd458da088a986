// The one road of training: a job is started, or gone on with where it was interrupted; its model
// is saved, and its record made.
#pragma once

#include <atomic>
#include <exception>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "engine/error.h"
#include "experiments/plan/job.h"
#include "experiments/runs/load_data.h"
#include "experiments/runs/record.h"
#include "experiments/runs/run_folder.h"
#include "experiments/runs/state_saver.h"

namespace grove {

struct TrainRunOptions {
  std::string model_path;  // where the model of a finished run goes; empty: nowhere
  StateRhythm states;
  double max_seconds = std::numeric_limits<double>::infinity();  // earlier parts included
  // Called between minibatches, in the run's thread, with what the run has so far.
  std::function<void(const TrainProgress&, const RunResult&)> progress;
  // Told what happened that does not stop the run, in one line.
  std::function<void(const std::string&)> note;
};

struct TrainedRun {
  RunRecord record;                 // status "done" or "diverged"
  std::vector<std::string> tables;  // its lines of the journal that come before (table_lines.h)
};

// A run that takes longer than it may; its state is in the folder.
class TookTooLong : public Error {
 public:
  using Error::Error;
};

// Returns the run after it has ended, or nothing if `stop` became true first; its state is then in
// the folder. A saved state that is damaged or belongs to something else is set aside, with a note,
// because a run begun anew gives the same numbers; one that merely cannot be read stays, and the
// Error is thrown. Throws TookTooLong after max_seconds. `seconds` is set, also on a throw, to the
// run's time, interrupted parts included.
std::optional<TrainedRun> TrainRun(const Job& job, const LoadedData& data, const RunFolder& folder,
                                   const std::atomic<bool>& stop, const TrainRunOptions& options,
                                   double& seconds);

// The record of a run that threw: "failed", with the message.
RunRecord FailureRecord(const Job& job, const std::exception& failure, double seconds);

}  // namespace grove
