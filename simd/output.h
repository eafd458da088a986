// What may follow a cell: its h is `out`, what the cell gives, and further
//   residual     out + the mean of the children's h
//   layer norm   gain (v - mean v) / sqrt(var v + 1e-5) + b_norm, of that sum v
//                (Ba, Kiros & Hinton 2016)
#pragma once

#include <cstddef>

#include "simd/level.h"

namespace grove::simd {

// Both or either. Columns of segments in a row of activations, and where gain | b_norm begin in the
// biases.
struct Output {
  size_t n = 0;
  bool residual = false;
  bool layer_norm = false;
  size_t v = 0;      // (n) the sum, centred and scaled; with layer norm
  size_t scale = 0;  // (1) 1 / sqrt(var v + 1e-5); likewise
  size_t biases = 0;
};

// h of the level's nodes, from out.
void OutputForward(const Output& output, const Level& level);
// From dh: dout; with `residual` dh of the children += theirs; and dbiases += those of gain and
// b_norm, in row order.
void OutputBackward(const Output& output, const Level& level);

}  // namespace grove::simd
