#include "engine/cells/cell_blocks.h"

#include <algorithm>
#include <cassert>
#include <initializer_list>
#include <utility>

#include "simd/aligned.h"

namespace grove {
namespace {

// Where a name is looked for: what a product reads, and where it goes.
RowArray Find(const CellTable& cell, const std::string& name,
              std::initializer_list<RowArray> arrays) {
  const auto* found = std::find_if(arrays.begin(), arrays.end(), [&](RowArray array) {
    return FindSegment(cell, array, name) != kNoSegment;
  });
  assert(found != arrays.end());
  return *found;
}

// A product by the arrays and segments that it goes between.
struct Way {
  RowArray from, to;
  size_t in, out;
};

Way WayOf(const CellTable& cell, const Product& product) {
  Way way{RowArray::kState, RowArray::kProjections, 0, 0};
  if (product.who == kNode) {
    way.from = Find(cell, product.in, {RowArray::kState, RowArray::kWords, RowArray::kActivations});
    way.to = Find(cell, product.out, {RowArray::kSums, RowArray::kActivations, RowArray::kState});
  }
  way.in = FindSegment(cell, way.from, product.in);
  way.out = FindSegment(cell, way.to, product.out);
  assert(way.in != kNoSegment && way.out != kNoSegment);
  return way;
}

bool HasLeafCopy(const CellTable& cell, const Product& product) {
  return cell.own_leaf_weights && !cell.leaf_is_cell && product.who != kNode &&
         product.in == cell.state[0].name;
}

// The segments that the products of that row and stage take to `out`. Of a node's own products,
// each has a block of its own input.
std::vector<size_t> Inputs(const CellTable& cell, const Product& like, bool of_leaves) {
  if (like.who == kNode) return {WayOf(cell, like).in};
  std::vector<size_t> in;
  for (const Product& product : cell.products) {
    if (product.who == like.who && product.out == like.out &&
        (!of_leaves || HasLeafCopy(cell, product))) {
      in.push_back(WayOf(cell, product).in);
    }
  }
  std::sort(in.begin(), in.end());
  return in;
}

bool IsOf(const CellBlock& block, const CellTable& cell, const Product& product,
          const std::vector<size_t>& in) {
  const Way way = WayOf(cell, product);
  return block.who == product.who && block.stage == product.stage && block.from == way.from &&
         block.to == way.to && block.in == in;
}

void InsertOutput(size_t out, Needed needed, CellBlock& block) {
  const auto at = std::lower_bound(block.out.begin(), block.out.end(), out);
  if (at != block.out.end() && *at == out) {
    assert(block.needed[static_cast<size_t>(at - block.out.begin())] == needed);
    return;
  }
  block.needed.insert(block.needed.begin() + (at - block.out.begin()), needed);
  block.out.insert(at, out);
}

[[maybe_unused]] bool AreConsecutive(const std::vector<size_t>& segments, RowArray array) {
  if (array == RowArray::kActivations && segments.size() > 1) return false;
  return segments.back() - segments.front() + 1 == segments.size();
}

// Which products share a block.
std::vector<CellBlock> FindBlocks(const CellTable& cell, bool of_leaves) {
  std::vector<CellBlock> blocks;
  for (const Product& product : cell.products) {
    if (of_leaves && !HasLeafCopy(cell, product)) continue;
    const std::vector<size_t> in = Inputs(cell, product, of_leaves);
    const Way way = WayOf(cell, product);
    auto block = std::find_if(blocks.begin(), blocks.end(),
                              [&](const CellBlock& b) { return IsOf(b, cell, product, in); });
    if (block == blocks.end()) {
      blocks.push_back({product.who, of_leaves, product.stage, way.from, way.to, in, {}, {}, 0});
      block = blocks.end() - 1;
    }
    InsertOutput(way.out, product.needed, *block);
  }
  for ([[maybe_unused]] const CellBlock& block : blocks) {
    assert(AreConsecutive(block.in, block.from) && AreConsecutive(block.out, block.to));
  }
  return blocks;
}

void AddMatrix(const CellTable& cell, const Product& product, bool of_leaves,
               const std::vector<CellBlock>& blocks, ParameterLayout& layout) {
  const std::vector<size_t> in = Inputs(cell, product, of_leaves);
  const auto block = std::find_if(blocks.begin(), blocks.end(), [&](const CellBlock& b) {
    return b.of_leaves == of_leaves && IsOf(b, cell, product, in);
  });
  const Way way = WayOf(cell, product);
  const auto column = [&](RowArray array, size_t segment, size_t first) {
    return static_cast<int>(ColumnOf(cell, array, segment) - ColumnOf(cell, array, first));
  };
  layout.AddTensorAt(
      block->index, column(way.from, way.in, block->in[0]), column(way.to, way.out, block->out[0]),
      (of_leaves ? "leaf." : "") + product.name, SegmentsOf(cell, way.to)[way.out].width,
      SegmentsOf(cell, way.from)[way.in].width, product.init_range, product.start);
}

// Blocks of the children, their copies for leaves, those of the node itself.
int Rank(const CellBlock& block) { return block.who == kNode ? 2 : block.of_leaves ? 1 : 0; }

// The name of a block is that of the matrix that takes something to its first output.
std::string NameOf(const CellTable& cell, const CellBlock& block) {
  const auto first = std::find_if(cell.products.begin(), cell.products.end(), [&](const auto& p) {
    return IsOf(block, cell, p, Inputs(cell, p, block.of_leaves)) &&
           WayOf(cell, p).out == block.out[0];
  });
  return (block.of_leaves ? "leaf." : "") + first->name;
}

}  // namespace

std::vector<Segment> SegmentsOf(const CellTable& cell, RowArray array) {
  switch (array) {
    case RowArray::kState:
      return cell.state;
    case RowArray::kProjections:
      return cell.projections;
    case RowArray::kSums:
      return cell.sums;
    case RowArray::kActivations:
      return cell.activations;
    case RowArray::kWords:
      break;
  }
  return {{"x", cell.word_width}};
}

size_t ColumnOf(const CellTable& cell, RowArray array, size_t index) {
  const std::vector<Segment> segments = SegmentsOf(cell, array);
  size_t column = 0;
  for (size_t i = 0; i < index; ++i) {
    const auto width = static_cast<size_t>(segments[i].width);
    column += array == RowArray::kActivations ? simd::PadRow(width) : width;
  }
  return column;
}

size_t FindSegment(const CellTable& cell, RowArray array, const std::string& name) {
  const std::vector<Segment> segments = SegmentsOf(cell, array);
  const auto found = std::find_if(segments.begin(), segments.end(),
                                  [&](const Segment& segment) { return segment.name == name; });
  return found == segments.end() ? kNoSegment : static_cast<size_t>(found - segments.begin());
}

std::vector<CellBlock> AddBlocks(const CellTable& cell, ParameterLayout& layout) {
  std::vector<CellBlock> blocks = FindBlocks(cell, false);
  for (CellBlock& copy : FindBlocks(cell, true)) blocks.push_back(std::move(copy));
  std::stable_sort(blocks.begin(), blocks.end(),
                   [](const CellBlock& a, const CellBlock& b) { return Rank(a) < Rank(b); });
  for (CellBlock& block : blocks) {
    int width = 0;
    for (const size_t in : block.in) width += SegmentsOf(cell, block.from)[in].width;
    block.index = layout.AddBlock(NameOf(cell, block), width);
  }
  size_t copied = 0;  // behind the last product that has a copy
  for (size_t p = 0; p < cell.products.size(); ++p) {
    if (HasLeafCopy(cell, cell.products[p])) copied = p + 1;
  }
  for (size_t p = 0; p <= cell.products.size(); ++p) {
    if (p == copied) {
      for (const Product& product : cell.products) {
        if (HasLeafCopy(cell, product)) AddMatrix(cell, product, true, blocks, layout);
      }
    }
    if (p < cell.products.size()) AddMatrix(cell, cell.products[p], false, blocks, layout);
  }
  const int bias = layout.AddBlock("bias", 1);
  for (const Bias& b : cell.biases) layout.AddBias(bias, b.name, b.width, b.init_value);
  return blocks;
}

}  // namespace grove
