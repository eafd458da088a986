// Which rows go through which part of a block, and where a gradient is written first.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "engine/cells/cell.h"
#include "engine/cells/cell_blocks.h"
#include "engine/trees/schedule.h"

namespace grove {

// Products of consecutive rows with a part of a block.
struct ProductPart {
  RowArray from = RowArray::kState, to = RowArray::kProjections;
  ChildRows rows;         // of children
  size_t rows_index = 0;  // of `rows` in ScheduleNeeds::children
  size_t stage = 0;       // of the node itself
  int block = 0;
  int input = 0, inputs = 0, output = 0, outputs = 0;  // which part of it (BlockPart)
  size_t x = 0;                                        // column of the part's first input
  size_t dx = 0;  // the same in their gradients, which activations have beside them
  size_t z = 0;   // column of the block's first output
};

// Appends the parts of a block that leaves, or inner nodes, go through: runs of outputs that the
// same nodes need. A leaf that is no cell has h alone.
void AppendParts(const CellTable& cell, const CellBlock& block, bool for_leaves,
                 std::vector<ProductPart>& parts);

// Whether both give to the same output of a row.
bool Overlap(const ProductPart& a, const ProductPart& b);

// Cuts `part` into pieces of whose gradients `before`, parts of other rows, have written all (true)
// or nothing (false).
std::vector<std::pair<ProductPart, bool>> CutByWritten(const ProductPart& part,
                                                       const std::vector<ProductPart>& before);

// Whether every child, at its one of two places, goes through exactly one part, which gives all of
// the gradient of its state.
bool HasOnePartARow(const std::vector<ProductPart>& parts, size_t state_width);

// The index of `rows` in needs.children, appended if it is new.
size_t IndexOf(const ChildRows& rows, ScheduleNeeds& needs);

}  // namespace grove
