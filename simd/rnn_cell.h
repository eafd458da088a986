// The elementwise part of the recursive network's cell (spec section 2.1):
//   p = g(a + b), where a = W1 x + W2 y comes as two projections, one of each child.
//
// Letters: n hidden width; a *row* is one node. Row r of an array is at data + r * stride.
#pragma once

#include <cstddef>
#include <cstdint>

#include "simd/activation.h"

namespace grove::simd {

// One level: `rows` parents with consecutive rows in h. Arrays need kSlack floats behind them.
struct RnnLevel {
  size_t n;
  size_t rows;
  const int32_t* left;   // (rows) row of the left child's projection
  const int32_t* right;  // (rows) row of the right child's projection
  float* projections;    // (any, n): W1 x or W2 y by the side of the child; overwritten by backward
  size_t projection_stride;  // >= n
  float* h;                  // (rows, n), the parents' p; columns up to PadRow(n) are written
  size_t h_stride;           // >= PadRow(n)
};

// h = g(projections[left] + projections[right] + b).
void RnnForward(Activation g, const RnnLevel& level, const float* b);

// From dh = dJ/dp (rows, n) with h's stride: dz = dh * g'(p) replaces the projections of both
// children (it is the gradient of either), and db += dz, in row order.
void RnnBackward(Activation g, const RnnLevel& level, const float* dh, float* db);

}  // namespace grove::simd
