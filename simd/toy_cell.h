// The elementwise part of a cell that shows how one is added:
//   h = g(W_1 h_l + b) * g(W_2 h_r + b)
#pragma once

#include <cstddef>

#include "simd/activation.h"
#include "simd/level.h"

namespace grove::simd {

// Segments of n floats: state h, projections z, biases b; and, padded to PadRow(n), activations
// left | right, the two factors.
void ToyForward(Activation g, size_t n, const Level& level);
// From dh: the gradients of the projections in their place, and dbiases += that of b.
void ToyBackward(Activation g, size_t n, const Level& level);

}  // namespace grove::simd
