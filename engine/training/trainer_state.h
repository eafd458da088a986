// What a trainer needs to go on after any update with the same bits, and its file.
#pragma once

#include <cstdint>
#include <string>

#include "engine/cells/parameters.h"
#include "engine/run_spec.h"
#include "engine/training/trainer.h"
#include "engine/trees/dataset.h"

namespace grove {

struct TrainerState {
  int epoch = 1;          // the current one
  int64_t next_tree = 0;  // position in the epoch's order of examples
  // Of the current epoch so far:
  double loss_sum = 0;
  int64_t roots = 0;
  int64_t correct_roots = 0;
  ScoreSums scores;

  RunResult result;     // history, best epoch, ratios and observations so far
  ParameterState best;  // after best_epoch; empty before the first

  void StartEpoch(int next) {
    epoch = next;
    next_tree = 0;
    loss_sum = 0;
    roots = 0;
    correct_roots = 0;
    scores = {};
  }
};

// A tensor file with the flat arrays of `parameters` and of the state, and the rest as metadata.
// `spec` must be resolved. `note` is the caller's.
void WriteTrainerState(const std::string& path, const RunSpec& spec, const Dataset& dataset,
                       const Parameters& parameters, const TrainerState& state,
                       const std::string& note);

// Throws DamagedFile if the file is damaged, was written for another spec, dataset or version, or
// has counters that training cannot have, and Error if the system does not let us read it. Then
// `parameters`, `state` and `note` are unchanged. The note of an earlier version's file is empty.
void ReadTrainerState(const std::string& path, const RunSpec& spec, const Dataset& dataset,
                      Parameters& parameters, TrainerState& state, std::string& note);

}  // namespace grove
