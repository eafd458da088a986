// From a cell's table to blocks of matrices: what is multiplied together.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/cells/cell.h"
#include "engine/cells/parameters.h"

namespace grove {

// Matrices that multiply the same segments of the state, of the same nodes:
//
//            out:  f_own  i_own  i_sibling  f_sibling
//   in: h        | W_f1 | W_i1 |  W_i2    |  W_f2   |
//       c        | W_cf1| W_ci1|  W_ci2   |  W_cf2  |
//
// Its inputs are consecutive segments of the state, its outputs consecutive segments of the
// projections (or activations).
struct CellBlock {
  Who who = Who::kNode;
  bool of_leaves = false;  // the copies for leaves
  size_t stage = 0;
  std::vector<size_t> in;      // segments, in order
  std::vector<size_t> out;     // likewise
  std::vector<Needed> needed;  // of each of `out`
  int index = 0;               // in the layout
};

// Where a segment begins, and which one it is.
int SegmentBegin(const std::vector<Segment>& segments, size_t index);
size_t SegmentIndex(const std::vector<Segment>& segments, const std::string& name);

// Adds blocks and matrices to the layout, in the order of the cell's table, and after them the
// biases in one block, which is the last of the layout.
std::vector<CellBlock> AddBlocks(const CellTable& cell, ParameterLayout& layout);

}  // namespace grove
