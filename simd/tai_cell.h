// The elementwise part of the N-ary Tree-LSTM (Tai, Socher & Manning 2015, equations 9-14), for
// nodes with N places for children, and for leaves (N = 0), which are cells of their word alone:
//   i = s(W_i x + sum_l U_il h_l + b_i)      o and u likewise; u with g in place of s
//   f_k = s(W_f x + sum_l U_fkl h_l + b_f)   of the child at place k
//   c = i u + sum_k f_k c_k                  h = o g(c)
#pragma once

#include <cstddef>

#include "simd/activation.h"
#include "simd/level.h"

namespace grove::simd {

// Segments of n floats:
//   state        h | c
//   projections  i | o | u | f_1 .. f_N     U h, of what a child adds to its parent's sums
//   sums         i | o | u | f              W x, if the nodes have words
//   biases       i | o | u | f
// and, padded to PadRow(n),
//   activations  i | o | u | t | f_1 .. f_N  where t = g(c)
enum class TaiSum : size_t { kI, kO, kU, kF };
enum class TaiGate : size_t { kI, kO, kU, kT, kF };

// h, c and the activations of the level's nodes. `places` is N, 2 to kMaxPlaces.
void TaiForward(Activation g, size_t n, size_t places, const Level& level);

// From dh and dc: the gradients of the children's projections and of the sums in their place, the
// children's dc (written), and dbiases += those of the biases, in row order.
void TaiBackward(Activation g, size_t n, size_t places, const Level& level);

}  // namespace grove::simd
