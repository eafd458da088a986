// The oracle's trees as a forest of the engine.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/trees/forest.h"
#include "tests/reference/tree.h"

namespace grove {

inline void Append(const reference::Tree& tree, Forest& forest) {
  const auto base = static_cast<int32_t>(forest.nodes());
  for (const reference::TreeNode& node : tree) {
    std::vector<int32_t> children;
    for (const size_t child : node.children) children.push_back(base + static_cast<int32_t>(child));
    forest.AddNode(children, node.token ? static_cast<int32_t>(*node.token) : kNone,
                   node.label ? static_cast<int32_t>(*node.label) : kNone);
  }
  forest.FinishTree();
}

inline Forest ForestOf(const std::vector<reference::Tree>& trees) {
  Forest forest;
  for (const reference::Tree& tree : trees) Append(tree, forest);
  return forest;
}

}  // namespace grove
