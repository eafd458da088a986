// Which epoch is kept and when training stops: pure functions of what is known of the epochs so
// far.
#pragma once

#include <span>
#include <string>

#include "engine/run_spec.h"
#include "engine/training/epoch_record.h"

namespace grove {

// What epochs are compared by. The larger is better; a loss comes as its negative.
using Merit = double (*)(const EpochRecord&);

// That of the setting `select_by`, one of its choices.
Merit MeritBy(const std::string& select_by);

// The first of the epochs with the highest merit, counted from 1; 0 if there is none. No merit may
// be NaN.
int BestEpoch(std::span<const EpochRecord> history, const std::string& select_by);

// Whether fewer than spec.patience epochs, the last ones, were in vain: no better than the best of
// all before them (spec.patience_against "best"), or each no better than the one before it
// ("previous"). A tie is not better.
bool HasPatience(std::span<const EpochRecord> history, const RunSpec& spec);

}  // namespace grove
