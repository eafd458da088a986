// Two runs bit by bit: up to where their curves are the same.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "experiments/runs/record.h"

namespace grove {

struct BitDifference {
  size_t equal_epochs = 0;  // the first so many epochs are the same in every bit
  // What is not in the epoch after these: "loss", "dev_accuracy"; none where a run ends there.
  std::vector<std::string> differing;
  bool same_curves = false;   // all epochs are the same, and so is their number
  bool same_weights = false;  // both runs have weights, and these have the same bits

  bool same_bits() const { return same_curves && same_weights; }
};

// Of what was measured in every epoch; what one of the runs did not measure is not compared, and
// numbers that a journal cannot hold (NaN, infinity) are all alike.
BitDifference CompareBits(const RunRecord& left, const RunRecord& right);

// In one line: "the same bits up to epoch 3; in epoch 4 loss and dev_loss differ".
std::string ToText(const BitDifference& difference, const RunRecord& left, const RunRecord& right);

}  // namespace grove
