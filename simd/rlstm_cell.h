// The elementwise part of the recursive LSTM's cell (Le & Zuidema 2015; spec section 2.2). With
// projections of the left (l) and right (r) child
//   i1 = s(l.i_own + r.i_sibling + b_i)      i2 = s(r.i_own + l.i_sibling + b_i)
//   f1 = s(l.f_own + r.f_sibling + b_f)      f2 = s(r.f_own + l.f_sibling + b_f)
//   u  = g(l.c * i1 + r.c * i2 + b_c)
//   cp = f1 * cx + f2 * cy + u
//   zo = l.o + r.o + b_o, to which the caller adds W_co cp by a matrix product
//   o  = s(zo)         t = g(cp)             p = o * t
//
// A leaf has no cell, so its forget gate multiplies zero: neither the gate nor what enters it need
// be known. Kernels do not read the projections f_own of a leaf and f_sibling of a leaf's sibling;
// the gate is then s(b_f), and the gradient of those projections, which backward writes, is zero.
//
// Letters: n hidden width; a *row* is one node. Row r of an array is at data + r * stride.
#pragma once

#include <cstddef>
#include <cstdint>

#include "simd/activation.h"
#include "simd/aligned.h"

namespace grove::simd {

// A projection row is 6 n floats without padding: W_f1 x (+ W_cf1 cx) | W_i1 .. | W_i2 .. | W_f2 ..
// | W_c x | W_o x, where W_c, W_o are those of the child's side. What can be left out stands at the
// ends of the gates, so that the rest is one run of columns.
enum class Projection : size_t { kFOwn, kIOwn, kISibling, kFSibling, kC, kO, kCount };

// A gate row is 7 segments of PadRow(n) floats: what forward leaves for backward.
enum class Gate : size_t { kI1, kI2, kF1, kF2, kU, kO, kT, kCount };

// The four biases stand one after the other, n floats each: b_i | b_f | b_c | b_o.
enum class Bias : size_t { kI, kF, kC, kO, kCount };

// One level: `rows` parents whose rows in cells, gates and h are consecutive; the pointers are to
// the first of them. Arrays need kSlack floats behind them. Of h and the cells exactly n columns
// are written, so that both can stand side by side in one row; gates are written with padding.
struct RlstmLevel {
  size_t n;
  size_t rows;
  bool above_leaves;     // every child is a leaf: nothing of the forget gates is computed or kept
  const int32_t* left;   // (rows) row of the left child in projections
  const int32_t* right;  // (rows) row of the right child in projections
  // A child in a row below this is a leaf. Leaves have no cell: theirs is row 0 of all_cells, which
  // holds zeros; that of another child is row - leaves + 1.
  int32_t leaves;
  int32_t missing;           // `right` of a node with one child; that row is zero before and after
  float* projections;        // (any, 6n); backward overwrites each by its gradient
  size_t projection_stride;  // >= 6 n
  const float* all_cells;    // the children's c
  float* cells;              // (rows, n) the parents' cp
  float* h;                  // (rows, n) the parents' p
  size_t h_stride;           // of h and its gradient; >= n
  size_t stride;             // of all_cells, cells and their gradients; >= n
  float* gates;              // (rows, 7 PadRow(n))
  size_t gate_stride;        // >= 7 PadRow(n)
};

// i1, i2, f1, f2, u and cp; leaves zo in the gates' o segment.
void RlstmForwardCell(Activation g, const RlstmLevel& level, const float* bias);
// o, t and p, from zo and cp.
void RlstmForwardOutput(Activation g, const RlstmLevel& level);

// From dh = dJ/dp: dzo replaces o in the gates, and dcell += dh * o * g'(t), where dcell (rows, n)
// holds what came down from the parents.
void RlstmBackwardOutput(Activation g, const RlstmLevel& level, const float* dh, float* dcells);
// From the complete dcell: the gradients of both projections (in place), those of the children's
// cells (written to their rows of all_dcells; row 0 takes the leaves' and means nothing), and dbias
// += those of the biases, in row order.
void RlstmBackwardCell(Activation g, const RlstmLevel& level, const float* dcells,
                       float* all_dcells, float* dbias);

}  // namespace grove::simd
