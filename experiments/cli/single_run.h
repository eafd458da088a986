// One training run as `grove train` does it: watched, timed, stopped by signals, and described.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "engine/dataset.h"
#include "engine/run_spec.h"
#include "engine/trainer.h"
#include "experiments/cli/train_folder.h"
#include "experiments/runs/record.h"

namespace grove {

struct TrainOutcome {
  std::string status;   // done, diverged, stopped
  std::string message;  // why, unless done
  double seconds = 0;   // of training, interrupted parts included
  int64_t trees = 0;    // trained on in that time
  int signal = 0;       // that stopped it
};

// Trains until the end, or until SIGINT or SIGTERM; then the state is in `folder`. With `show`, a
// line an epoch on standard error.
TrainOutcome RunTraining(Trainer& trainer, const RunSpec& spec, const Dataset& dataset,
                         const TrainFolder& folder, bool show);

// The record of a run that ended. Numbers that it does not have are NaN.
RunRecord MakeRecord(const std::string& key, const RunSpec& spec, const Dataset& dataset,
                     const Trainer& trainer, const TrainOutcome& outcome);

// record.json: the fields of the record that apply to a single run, with `spec`, `data` (the files
// read) and `provenance`.
nlohmann::ordered_json RecordDocument(const RunRecord& record, const RunSpec& spec,
                                      const nlohmann::ordered_json& data);

// Writes the trainer's model, with the optimiser's state, words and provenance.
void SaveTrained(const std::string& path, Trainer& trainer, const RunSpec& spec,
                 const Dataset& dataset);

}  // namespace grove
