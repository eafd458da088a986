#include "engine/trees/forest.h"

#include <algorithm>

namespace grove {
namespace {

// The place of child k among `children`.
Place PlaceOf(const Forest& forest, std::span<const int32_t> children, size_t k) {
  constexpr Place kFromThird[] = {kThird, kFourth, kLater};
  if (k >= 2) return kFromThird[std::min<size_t>(k - 2, 2)];
  const bool beside_inner = children.size() > 1 && !forest.IsLeaf(children[1 - k]);
  if (k == 0) return beside_inner ? kFirstBesideInner : kFirstBesideLeaf;
  return beside_inner ? kSecondBesideInner : kSecondBesideLeaf;
}

}  // namespace

int32_t Forest::AddNode(std::span<const int32_t> children, int32_t word_id, int32_t node_label) {
  child.insert(child.end(), children.begin(), children.end());
  child_begin.push_back(static_cast<int32_t>(child.size()));
  word.push_back(word_id);
  label.push_back(node_label);
  return static_cast<int32_t>(word.size()) - 1;
}

void Forest::DropNodes(size_t first) {
  child_begin.resize(first + 1);
  child.resize(static_cast<size_t>(child_begin.back()));
  word.resize(first);
  label.resize(first);
}

void Forest::DropLastTree() {
  tree_begin.pop_back();
  DropNodes(static_cast<size_t>(tree_begin.back()));
  slot.resize(word.size());
  for (auto* each : {&keyword, &keyword_depth, &leaf_count}) each->pop_back();
}

void Forest::FinishTree(int32_t keyword_position) {
  const int32_t begin = tree_begin.back();
  const int32_t end = static_cast<int32_t>(word.size());
  slot.resize(word.size());
  int32_t leaves = 0;
  for (int32_t i = begin; i < end; ++i) {
    // A root of height 0, until its children or its parent say otherwise.
    int32_t height = 0;
    const std::span<const int32_t> children = Children(i);
    for (size_t k = 0; k < children.size(); ++k) {
      int32_t& child_slot = slot[static_cast<size_t>(children[k])];
      height = std::max(height, child_slot / kPlaces + 1);
      child_slot += PlaceOf(*this, children, k) - kRoot;
    }
    slot[static_cast<size_t>(i)] = height * kPlaces + kRoot;
    leaves += children.empty() ? 1 : 0;
  }
  int32_t depth = kNone;
  if (keyword_position != kNone) {
    // Up from the keyword: in post-order the parent is the next node that has it as a child.
    depth = 0;
    int32_t node = keyword_position;
    for (int32_t i = keyword_position + 1; i < end; ++i) {
      const std::span<const int32_t> children = Children(i);
      if (std::find(children.begin(), children.end(), node) == children.end()) continue;
      node = i;
      ++depth;
    }
  }
  keyword_depth.push_back(depth);
  keyword.push_back(keyword_position);
  leaf_count.push_back(leaves);
  tree_begin.push_back(end);
}

ForestShape ShapeOf(const Forest& forest) {
  ForestShape shape;
  for (size_t i = 0; i < forest.nodes(); ++i) {
    const int32_t children = forest.child_begin[i + 1] - forest.child_begin[i];
    if (children == 0) continue;
    shape.fewest_children =
        shape.fewest_children == 0 ? children : std::min(shape.fewest_children, children);
    shape.most_children = std::max(shape.most_children, children);
    shape.inner_words |= forest.word[i] != kNone;
  }
  return shape;
}

// Post-order puts every parent after its children: one sweep down the positions suffices.
std::vector<int32_t> Depths(const Forest& forest) {
  std::vector<int32_t> depths(forest.nodes(), 0);
  for (size_t i = forest.nodes(); i-- > 0;) {
    for (const int32_t c : forest.Children(static_cast<int32_t>(i))) depths[c] = depths[i] + 1;
  }
  return depths;
}

std::vector<int32_t> Heights(const Forest& forest) {
  std::vector<int32_t> heights(forest.nodes(), 0);
  for (size_t i = 0; i < forest.nodes(); ++i) {
    for (const int32_t c : forest.Children(static_cast<int32_t>(i))) {
      heights[i] = std::max(heights[i], heights[c] + 1);
    }
  }
  return heights;
}

}  // namespace grove
