#include "engine/trees/forest.h"

#include <algorithm>

namespace grove {

void Forest::FinishTree(int32_t keyword_position) {
  const int32_t begin = tree_begin.back();
  const int32_t end = static_cast<int32_t>(word.size());
  slot.resize(word.size());
  for (int32_t i = begin; i < end; ++i) {
    slot[i] = kRoot;  // of height 0, until its children or its parent say otherwise
    if (word[i] >= 0) continue;
    const int32_t l = left[i], r = right[i];
    const bool left_is_leaf = word[l] >= 0, right_is_leaf = word[r] >= 0;
    slot[i] += (std::max(slot[l], slot[r]) / kPlaces + 1) * kPlaces;
    slot[l] += (right_is_leaf ? kLeftBesideLeaf : kLeftBesideInner) - kRoot;
    slot[r] += (left_is_leaf ? kRightBesideLeaf : kRightBesideInner) - kRoot;
  }
  int32_t depth = kNone;
  if (keyword_position != kNone) {
    // Up from the keyword: in post-order the parent is the next node that has it as a child.
    depth = 0;
    int32_t node = keyword_position;
    for (int32_t i = keyword_position + 1; i < end; ++i) {
      if (left[i] != node && right[i] != node) continue;
      node = i;
      ++depth;
    }
  }
  keyword_depth.push_back(depth);
  keyword.push_back(keyword_position);
  tree_begin.push_back(end);
}

// Post-order puts every parent after its children: one sweep down the positions suffices.
std::vector<int32_t> Depths(const Forest& forest) {
  std::vector<int32_t> depths(forest.nodes(), 0);
  for (size_t i = forest.nodes(); i-- > 0;) {
    if (forest.left[i] == kNone) continue;
    depths[forest.left[i]] = depths[forest.right[i]] = depths[i] + 1;
  }
  return depths;
}

std::vector<int32_t> Heights(const Forest& forest) {
  std::vector<int32_t> heights(forest.nodes(), 0);
  for (size_t i = 0; i < forest.nodes(); ++i) {
    if (forest.left[i] == kNone) continue;
    heights[i] = 1 + std::max(heights[forest.left[i]], heights[forest.right[i]]);
  }
  return heights;
}

}  // namespace grove
