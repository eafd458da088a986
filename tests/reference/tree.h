// Trees as the oracle sees them: any number of children, and a token or a label at any node.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/trees/forest.h"

namespace grove::reference {

struct TreeNode {
  std::vector<size_t> children;  // positions in the tree, in order; none at a leaf
  std::optional<size_t> token;   // word id in [0, V)
  std::optional<size_t> label;   // class in [0, C)
};

// Children stand before their parents, and the root last.
using Tree = std::vector<TreeNode>;

// One tree of a forest, its nodes in the same order; and several, by their numbers.
Tree TreeOf(const Forest& forest, size_t tree);
std::vector<Tree> TreesOf(const Forest& forest, std::span<const int32_t> trees);

}  // namespace grove::reference
