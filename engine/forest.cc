#include "engine/forest.h"

#include <algorithm>

namespace grove {

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
