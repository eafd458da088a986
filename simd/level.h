// One level of a minibatch, as the elementwise kernels of the cells see it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "simd/aligned.h"

namespace grove::simd {

// Rows of a matrix of floats: row r at data + r * stride. Does not own them.
struct Rows {
  float* data = nullptr;
  size_t stride = 0;

  Rows From(int32_t row) const { return {data + static_cast<size_t>(row) * stride, stride}; }
  Rows Columns(size_t column) const { return {data + column, stride}; }
  float* Row(size_t row) const { return data + row * stride; }
};

// No cell is wider than this (the limit of RunSpec::dim).
inline constexpr size_t kMaxWidth = 4096;
// What stands where a sum has nothing to add.
inline constexpr float kZeros[kMaxWidth + kSlack] = {};

// A cell with places for its children has at most so many.
inline constexpr size_t kMaxPlaces = 4;

// The nodes of a level have consecutive rows, the first of them `first`. What the segments of a row
// are, a cell's table says (engine/cells/cell.h); arrays have kSlack floats behind them.
struct Level {
  size_t rows = 0;            // nodes of the level
  int32_t first = 0;          // row of the level's first node
  int32_t leaves = 0;         // rows [0, leaves) are leaves
  bool of_leaves = false;     // the level is that of the leaves: no node has children
  bool above_leaves = false;  // every child is a leaf
  bool has_words = false;     // `sums` hold what the words of these nodes give
  // (rows) row of the child at each place; where there is none, the row `missing`, which holds
  // zeros: what a kernel reads of it as it goes back must be zero again behind it. Only for cells
  // with places.
  const int32_t* child[kMaxPlaces] = {};
  int32_t missing = -1;
  // Children of node r: children[child_begin[r]] to children[child_begin[r + 1]]. Only for cells of
  // any number of children.
  const int32_t* child_begin = nullptr;  // (rows + 1)
  const int32_t* children = nullptr;
  Rows state, dstate;  // of all rows; dstate in backward only
  // Of the level's rows: where the cell leaves its h and finds the gradient of it. The same as in
  // state and dstate, unless something is done with it before it is the node's (simd/output.h).
  Rows out, dout;
  Rows projections;               // of all rows; backward overwrites them by their gradients
  Rows sums;                      // of the level's rows; likewise
  Rows activations;               // of the level's rows
  const float* biases = nullptr;  // one behind the other, in the order of the table
  float* dbiases = nullptr;       // likewise; in backward only
};

}  // namespace grove::simd
