// One finished run as the journal keeps it: one JSON object a line of DIR/journal.jsonl.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/trainer.h"
#include "experiments/runs/provenance.h"

namespace grove {

// Accuracies are shares in [0, 1]; NaN (JSON null) where a run did not get that far.
struct RunRecord {
  std::string key;         // hash of the resolved specs: equal keys are the same run
  std::string experiment;  // "exp1"
  int dataset = 0;         // its id in the experiment, 1..10
  std::string model;       // "rnn", "rlstm"
  uint64_t seed = 0;
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
  std::string ratios;  // file of the gradient ratios, relative to DIR; empty without the probe
  // Files of the observations, relative to DIR, but for ".nodes.csv" and ".gates.csv"; empty if the
  // run did not observe. In JSON it is left out where empty: journals from before have none.
  std::string observations;
  // Axis values beyond dataset, model and seed, by key ("l2": 0.0003).
  nlohmann::json axes = nlohmann::json::object();
};

nlohmann::ordered_json ToJson(const RunRecord& record);

// Throws Error naming what is missing or of the wrong type.
RunRecord RecordFromJson(const nlohmann::json& json);

// A journal read back: the records, last one of a key wins, and what made them (Provenance(), a
// line
// {"provenance": {...}} at the start and after each resume).
struct JournalContents {
  std::vector<nlohmann::json> provenance;
  std::vector<RunRecord> records;
};

// Reads DIR/journal.jsonl; a torn last line is ignored, any other bad line is an Error with its
// line number. A missing file gives empty contents.
JournalContents ReadJournal(const std::string& directory);

}  // namespace grove
