// Which epoch is kept and when training stops: pure functions of the dev accuracies so far.
#pragma once

#include <span>
#include <string>

#include "engine/training/epoch_record.h"

namespace grove {

// The first of the epochs with the highest dev accuracy, counted from 1; 0 if there is none.
// Accuracies must not be NaN.
int BestEpoch(std::span<const EpochRecord> history);

// Whether fewer than `patience` epochs, the last ones, were in vain: no better than the best of all
// before them (`against` "best"), or each no better than the one before it ("previous"). A tie is
// not better.
bool HasPatience(std::span<const EpochRecord> history, int patience, const std::string& against);

}  // namespace grove
