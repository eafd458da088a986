// The elementwise part of the structured LSTM (Zhu, Sobhani & Guo 2015), of the
// left (l) and right (r) child:
//   i   = s(W_i1 h_l + W_i2 h_r + W_ci1 c_l + W_ci2 c_r + b_i)    f_l and f_r likewise
//   u   = g(W_c1 h_l + W_c2 h_r + b_c)
//   c   = f_l c_l + f_r c_r + i u
//   o   = s(W_o1 h_l + W_o2 h_r + W_co c + b_o)                   h = o g(c)
//
// A leaf has no cell, so its forget gate multiplies zero: neither the gate nor what enters it need
// be known. Kernels do not read the projections f_own of a leaf and f_sibling of a leaf's sibling;
// the gate is then that of the bias alone, and the gradient of those projections is zero.
#pragma once

#include <cstddef>

#include "simd/activation.h"
#include "simd/level.h"

namespace grove::simd {

// Segments of n floats:
//   state        h | c
//   projections  f_sibling | f_own | i | u | o    own: the child's own forget gate
//   biases       i | f_l | f_r | c | o
// and, padded to PadRow(n),
//   activations  i | f_l | f_r | u | o | t        where t = g(c)
enum class ZhuProjection : size_t { kFSibling, kFOwn, kI, kU, kO };
enum class ZhuGate : size_t { kI, kFl, kFr, kU, kO, kT };

// i, f_l, f_r, u and c; leaves the argument of o, but for W_co c, in the place of o.
void ZhuForwardCell(Activation g, size_t n, const Level& level);
// o, t and h, from c and the argument of o.
void ZhuForwardOutput(Activation g, size_t n, const Level& level);

// From dh: the gradient of the argument of o replaces o, and dc += dh o g'(c).
void ZhuBackwardOutput(Activation g, size_t n, const Level& level);
// From the complete dc: the gradients of the projections in their place, the children's dc
// (written), and dbiases += those of the biases, in row order.
void ZhuBackwardCell(Activation g, size_t n, const Level& level);

}  // namespace grove::simd
