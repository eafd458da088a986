#include "engine/cells/cell_blocks.h"

#include <algorithm>
#include <cassert>

namespace grove {
namespace {

const std::vector<Segment>& Outputs(const CellTable& cell, Who who) {
  return who == Who::kNode ? cell.activations : cell.projections;
}

bool HasLeafCopy(const CellTable& cell, const Product& product) {
  return cell.own_leaf_weights && product.who != Who::kNode && product.in == cell.state[0].name;
}

// The segments that the products of that node and stage take to `out`.
std::vector<size_t> Inputs(const CellTable& cell, const Product& like, bool of_leaves) {
  std::vector<size_t> in;
  for (const Product& product : cell.products) {
    const bool same =
        product.who == like.who && product.stage == like.stage && product.out == like.out;
    if (same && (!of_leaves || HasLeafCopy(cell, product))) {
      in.push_back(SegmentIndex(cell.state, product.in));
    }
  }
  std::sort(in.begin(), in.end());
  return in;
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

[[maybe_unused]] bool AreConsecutive(const std::vector<size_t>& segments) {
  return segments.back() - segments.front() + 1 == segments.size();
}

// Which products share a block.
std::vector<CellBlock> FindBlocks(const CellTable& cell, bool of_leaves) {
  std::vector<CellBlock> blocks;
  for (const Product& product : cell.products) {
    if (of_leaves && !HasLeafCopy(cell, product)) continue;
    const std::vector<size_t> in = Inputs(cell, product, of_leaves);
    auto block = std::find_if(blocks.begin(), blocks.end(), [&](const CellBlock& b) {
      return b.who == product.who && b.stage == product.stage && b.in == in;
    });
    if (block == blocks.end()) {
      blocks.push_back({product.who, of_leaves, product.stage, in, {}, {}, 0});
      block = blocks.end() - 1;
    }
    InsertOutput(SegmentIndex(Outputs(cell, product.who), product.out), product.needed, *block);
  }
  for ([[maybe_unused]] const CellBlock& block : blocks) {
    assert(AreConsecutive(block.in) && AreConsecutive(block.out));
  }
  return blocks;
}

int Width(const std::vector<Segment>& segments, const std::vector<size_t>& which) {
  int width = 0;
  for (const size_t index : which) width += segments[index].width;
  return width;
}

void AddMatrix(const CellTable& cell, const Product& product, bool of_leaves,
               const std::vector<CellBlock>& blocks, ParameterLayout& layout) {
  const std::vector<Segment>& outputs = Outputs(cell, product.who);
  const size_t in = SegmentIndex(cell.state, product.in);
  const size_t out = SegmentIndex(outputs, product.out);
  for (const CellBlock& block : blocks) {
    const auto has = [](const std::vector<size_t>& segments, size_t index) {
      return std::find(segments.begin(), segments.end(), index) != segments.end();
    };
    if (block.who != product.who || block.stage != product.stage || block.of_leaves != of_leaves ||
        !has(block.in, in) || !has(block.out, out)) {
      continue;
    }
    layout.AddTensorAt(block.index,
                       SegmentBegin(cell.state, in) - SegmentBegin(cell.state, block.in[0]),
                       SegmentBegin(outputs, out) - SegmentBegin(outputs, block.out[0]),
                       (of_leaves ? "leaf." : "") + product.name, outputs[out].width,
                       cell.state[in].width, product.init_range);
  }
}

}  // namespace

int SegmentBegin(const std::vector<Segment>& segments, size_t index) {
  int begin = 0;
  for (size_t i = 0; i < index; ++i) begin += segments[i].width;
  return begin;
}

size_t SegmentIndex(const std::vector<Segment>& segments, const std::string& name) {
  const auto found = std::find_if(segments.begin(), segments.end(),
                                  [&](const Segment& segment) { return segment.name == name; });
  assert(found != segments.end());
  return static_cast<size_t>(found - segments.begin());
}

std::vector<CellBlock> AddBlocks(const CellTable& cell, ParameterLayout& layout) {
  std::vector<CellBlock> blocks = FindBlocks(cell, false);
  for (CellBlock& copy : FindBlocks(cell, true)) blocks.push_back(std::move(copy));
  // Blocks of the children, their copies for leaves, those of the node itself.
  const auto rank = [](const CellBlock& b) {
    return b.who == Who::kNode ? 2 : b.of_leaves ? 1 : 0;
  };
  std::stable_sort(blocks.begin(), blocks.end(),
                   [&](const CellBlock& a, const CellBlock& b) { return rank(a) < rank(b); });
  for (CellBlock& block : blocks) {
    const auto first = std::find_if(cell.products.begin(), cell.products.end(), [&](const auto& p) {
      return p.who == block.who && p.stage == block.stage &&
             SegmentIndex(Outputs(cell, p.who), p.out) == block.out[0];
    });
    block.index = layout.AddBlock((block.of_leaves ? "leaf." : "") + first->name,
                                  Width(cell.state, block.in));
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
