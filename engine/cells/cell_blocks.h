// From a cell's table to blocks of matrices: what is multiplied together.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/cells/cell.h"
#include "engine/cells/parameters.h"

namespace grove {

// The arrays of engine/cells/cell.h, and the word vectors.
enum class RowArray { kState, kProjections, kSums, kActivations, kWords };

// Matrices that multiply the same segments of the same rows:
//
//            out:  f_own  i_own  i_sibling  f_sibling
//   in: h        | W_f1 | W_i1 |  W_i2    |  W_f2   |
//       c        | W_cf1| W_ci1|  W_ci2   |  W_cf2  |
//
// Its inputs are consecutive segments of one array, its outputs of another; of activations there is
// but one of either, because they are padded.
struct CellBlock {
  int who = kNode;
  bool of_leaves = false;  // the copies for leaves
  size_t stage = 0;
  RowArray from = RowArray::kState, to = RowArray::kProjections;
  std::vector<size_t> in;      // segments, in order
  std::vector<size_t> out;     // likewise
  std::vector<Needed> needed;  // of each of `out`
  int index = 0;               // in the layout
};

// The segments of an array; those of kWords are "x" alone.
std::vector<Segment> SegmentsOf(const CellTable& cell, RowArray array);

// The column at which a segment begins in the rows of that array. An index behind the last gives
// the width of a row.
size_t ColumnOf(const CellTable& cell, RowArray array, size_t index);
// Which segment of the array has that name; kNoSegment if none.
inline constexpr size_t kNoSegment = static_cast<size_t>(-1);
size_t FindSegment(const CellTable& cell, RowArray array, const std::string& name);

// Adds blocks and matrices to the layout, in the order of the cell's table, and after them the
// biases in one block, which is the last of the layout.
std::vector<CellBlock> AddBlocks(const CellTable& cell, ParameterLayout& layout);

}  // namespace grove
