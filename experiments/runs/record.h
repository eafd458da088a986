// One finished run as a journal keeps it: what was run, what it is called, and what came of it, in
// one line of JSON.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "engine/run_spec.h"
#include "engine/training/trainer.h"
#include "experiments/plan/job.h"

namespace grove {

// Accuracies are shares in [0, 1]; NaN (JSON null) where a run did not get that far.
struct RunRecord : RunIdentity {
  std::string model;    // "rnn", "rlstm"; as in `run`
  uint64_t seed = 0;    // likewise
  std::string status;   // done, failed, diverged
  std::string message;  // why, unless done
  double test_accuracy = 0;
  double dev_accuracy = 0;
  double train_accuracy = 0;
  int best_epoch = 0;
  int epochs = 0;
  double seconds = 0;  // of training, interrupted parts included
  double trees_per_second = 0;
  std::string weights_xxh3;
  std::vector<EpochRecord> history;
};

// Whether a run with this status needs no more work. One that failed is tried again; one that
// diverged would diverge again.
inline bool IsFinal(std::string_view status) { return status == "done" || status == "diverged"; }

// What every epoch of a line has, by name: visit("loss", epoch.loss), and so on.
template <typename Epoch, typename Visitor>
void ForEachEpochField(Epoch& e, Visitor&& visit) {
  visit("epoch", e.epoch);
  visit("loss", e.loss);
  visit("train_accuracy", e.train_accuracy);
  visit("dev_loss", e.dev_loss);
  visit("dev_accuracy", e.dev_accuracy);
}

// What a run which does not go by it leaves out: NaN then.
template <typename Epoch, typename Visitor>
void ForEachFurtherEpochField(Epoch& e, Visitor&& visit) {
  visit("dev_node_accuracy", e.dev_node_accuracy);
  visit("dev_macro_f1", e.dev_macro_f1);
}

// The line: the fields above by their names, in their order. "run" holds every setting; "data" the
// dataset's settings or, for a run on files,
//   {"train": {"path", "xxh3"}, "dev": {...}, "test": {...}, "init": {...},
//    "vectors": {"path", "xxh3", "width", "words", "covered"}, "classes": N,
//    "sizes": {"train", "dev", "test", "min_length", "max_length"}}
// without the files that there are not. `variant` is left out where it is empty. What else a line
// holds is skipped.
nlohmann::ordered_json ToJson(const RunRecord& record);

// {"train": {"path", "xxh3"}, ...} of the files that there are, as in a line.
nlohmann::ordered_json FilesJson(const DataFiles& files);

// Throws Error naming what is missing or of the wrong type. A record without "run" comes from an
// earlier version of the program: the Error says what to do.
RunRecord RecordFromJson(const nlohmann::json& json);

}  // namespace grove
