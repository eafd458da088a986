// In which order an epoch trains its trees.
#pragma once

#include <cstdint>
#include <span>

#include "engine/run_spec.h"

namespace grove {

// Fills `order` with the numbers of the trees, 0 .. order.size() - 1, as spec.shuffle wants them in
// epoch `epoch` (from 1). It depends on the seed, the epoch and the number of trees alone, so that
// a resumed run finds it again.
void OrderTrees(const RunSpec& spec, int epoch, std::span<int32_t> order);

}  // namespace grove
