// How much each class counts in the training loss.
#pragma once

#include <vector>

#include "engine/run_spec.h"
#include "engine/trees/forest.h"

namespace grove {

// Weights of the C classes as spec.class_weights names them. Balanced: n / (C n_c), where n_c of n
// training labels are of class c; only labels are counted whose loss has a weight. So the mean
// weight of the training labels is 1 where every class occurs. A class that does not occur has
// weight 1. None: empty.
std::vector<float> ClassWeights(const RunSpec& spec, const Forest& train, int classes);

}  // namespace grove
