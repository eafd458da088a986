#include "engine/cells/product_parts.h"

#include <algorithm>
#include <cassert>
#include <string>

namespace grove {

void AppendParts(const CellTable& cell, const CellBlock& block, bool for_leaves,
                 std::vector<ProductPart>& parts) {
  ProductPart part;
  part.from = block.from;
  part.to = block.to;
  part.rows.place = block.who == kNode ? ChildRows::kAnyPlace : block.who;
  part.stage = block.stage;
  part.block = block.index;
  part.x = part.dx = ColumnOf(cell, block.from, block.in[0]);
  part.z = ColumnOf(cell, block.to, block.out[0]);
  const std::vector<Segment> inputs = SegmentsOf(cell, block.from);
  const std::vector<Segment> outputs = SegmentsOf(cell, block.to);
  if (block.from == RowArray::kActivations) {
    const size_t gradient = FindSegment(cell, block.from, "d" + inputs[block.in[0]].name);
    assert(gradient != kNoSegment);
    part.dx = ColumnOf(cell, block.from, gradient);
  }
  for (const size_t in : block.in) {
    if (block.from == RowArray::kState && for_leaves && !cell.leaf_is_cell && in > 0) break;
    part.inputs += inputs[in].width;
  }
  int output = 0;
  bool open = false;  // whether the last part goes on
  for (size_t i = 0; i < block.out.size(); ++i) {
    const int width = outputs[block.out[i]].width;
    const bool beside = block.needed[i] == Needed::kBesideInner;
    if (for_leaves && block.needed[i] == Needed::kOfInner) {
      open = false;
    } else if (open && parts.back().rows.beside_inner == beside) {
      parts.back().outputs += width;
    } else {
      part.output = output;
      part.outputs = width;
      part.rows.beside_inner = beside;
      parts.push_back(part);
      open = true;
    }
    output += width;
  }
}

bool Overlap(const ProductPart& a, const ProductPart& b) {
  const auto begin = [](const ProductPart& p) { return p.z + static_cast<size_t>(p.output); };
  const auto end = [&](const ProductPart& p) { return begin(p) + static_cast<size_t>(p.outputs); };
  return a.to == b.to && begin(a) < end(b) && begin(b) < end(a);
}

std::vector<std::pair<ProductPart, bool>> CutByWritten(const ProductPart& part,
                                                       const std::vector<ProductPart>& before) {
  const auto is_written = [&](int input, int output) {
    return std::any_of(before.begin(), before.end(), [&](const ProductPart& b) {
      return b.block == part.block && input >= b.input && input < b.input + b.inputs &&
             output >= b.output && output < b.output + b.outputs;
    });
  };
  // Where pieces may begin and end: the ends of what was written.
  std::vector<int> rows = {part.input, part.input + part.inputs};
  std::vector<int> columns = {part.output, part.output + part.outputs};
  for (const ProductPart& b : before) {
    if (b.block != part.block) continue;
    for (const int row : {b.input, b.input + b.inputs}) {
      if (row > part.input && row < part.input + part.inputs) rows.push_back(row);
    }
    for (const int column : {b.output, b.output + b.outputs}) {
      if (column > part.output && column < part.output + part.outputs) columns.push_back(column);
    }
  }
  for (std::vector<int>* ends : {&rows, &columns}) {
    std::sort(ends->begin(), ends->end());
    ends->erase(std::unique(ends->begin(), ends->end()), ends->end());
  }
  std::vector<std::pair<ProductPart, bool>> pieces;
  for (size_t r = 0; r + 1 < rows.size(); ++r) {
    for (size_t c = 0; c + 1 < columns.size(); ++c) {
      ProductPart piece = part;
      piece.x += static_cast<size_t>(rows[r] - part.input);
      piece.input = rows[r];
      piece.inputs = rows[r + 1] - rows[r];
      piece.output = columns[c];
      piece.outputs = columns[c + 1] - columns[c];
      pieces.emplace_back(piece, is_written(rows[r], columns[c]));
    }
  }
  return pieces;
}

bool HasOnePartARow(const std::vector<ProductPart>& parts, size_t state_width) {
  int left = 0, right = 0;
  for (const ProductPart& part : parts) {
    if (part.rows.beside_inner || static_cast<size_t>(part.inputs) != state_width) return false;
    left += part.rows.place != kRight ? 1 : 0;
    right += part.rows.place != kLeft ? 1 : 0;
  }
  return left == 1 && right == 1;
}

size_t IndexOf(const ChildRows& rows, ScheduleNeeds& needs) {
  const auto found = std::find(needs.children.begin(), needs.children.end(), rows);
  if (found == needs.children.end()) {
    needs.children.push_back(rows);
    return needs.children.size() - 1;
  }
  return static_cast<size_t>(found - needs.children.begin());
}

}  // namespace grove
