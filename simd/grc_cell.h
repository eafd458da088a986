// The elementwise part of the gated recursive cell (Shen et al. 2019; with GELU as in
// Ray Chowdhury & Caragea 2023), of the left (l) and right (r) child:
//   a = GELU(W_a1 h_l + W_a2 h_r + b_a)                 4 n wide
//   [f_l; f_r; i; u] = [W_fl; W_fr; W_i; W_u] a + biases
//   v = s(f_l) h_l + s(f_r) h_r + s(i) u
// and h is v after a layer norm (simd/output.h).
#pragma once

#include <cstddef>

#include "simd/level.h"

namespace grove::simd {

// Segments of n floats; [4] are 4 n wide:
//   state        h
//   projections  a[4]
//   sums         f_l | f_r | i | u
//   biases       a[4] | f_l | f_r | i | u
// and, padded to PadRow(n) or PadRow(4 n),
//   activations  a[4] | slope[4] | da[4] | f_l | f_r | i | u
// where slope is GELU' and the gates are after s.

// a and its slope; and back, from da: the gradients of the projections in their place, and dbiases
// += those of a.
void GrcForwardInner(size_t n, const Level& level);
void GrcBackwardInner(size_t n, const Level& level);

// v from the sums; and back, from dv: the gradients of the sums in their place, dh of the children
// += theirs, and dbiases += those of the others, in row order.
void GrcForward(size_t n, const Level& level);
void GrcBackward(size_t n, const Level& level);

}  // namespace grove::simd
