// The elementwise part of the Child-Sum Tree-LSTM (Tai, Socher & Manning 2015, equations 2-8), for
// nodes with any number of children and a word, or either of them:
//   s = sum_k h_k
//   i = s(W_i x + U_i s + b_i)      o and u likewise; u with g in place of s
//   f_k = s(W_f x + U_f h_k + b_f)
//   c = i u + sum_k f_k c_k         h = o g(c)
#pragma once

#include <cstddef>

#include "simd/activation.h"
#include "simd/level.h"

namespace grove::simd {

// Segments of n floats:
//   state        h | c
//   projections  f                 U_f h; forward leaves f_k in its place
//   sums         i | o | u | f     W x + U s; f is W_f x alone, and means nothing without words
//   biases       i | o | u | f
// and, padded to PadRow(n),
//   activations  s | ds | i | o | u | t, where t = g(c)
enum class ChildSumSum : size_t { kI, kO, kU, kF };
enum class ChildSumGate : size_t { kS, kDs, kI, kO, kU, kT };

// s of the level's nodes, and back: dh of the children += ds.
void ChildSumForwardSum(size_t n, const Level& level);
void ChildSumBackwardSum(size_t n, const Level& level);

// h, c and the other activations of the level's nodes.
void ChildSumForward(Activation g, size_t n, const Level& level);
// From dh and dc: the gradients of the sums and of the children's projections in their place, the
// children's dc (written), and dbiases += those of the biases, in row order.
void ChildSumBackward(Activation g, size_t n, const Level& level);

}  // namespace grove::simd
