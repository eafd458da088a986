#include "tests/reference/tree.h"

namespace grove::reference {

Tree TreeOf(const Forest& forest, size_t tree) {
  const int32_t begin = forest.tree_begin[tree], end = forest.tree_begin[tree + 1];
  Tree nodes(static_cast<size_t>(end - begin));
  for (int32_t at = begin; at < end; ++at) {
    TreeNode& node = nodes[static_cast<size_t>(at - begin)];
    for (const int32_t child : forest.Children(at)) {
      node.children.push_back(static_cast<size_t>(child - begin));
    }
    if (forest.word[at] != kNone) node.token = forest.word[at];
    if (forest.label[at] != kNone) node.label = forest.label[at];
  }
  return nodes;
}

std::vector<Tree> TreesOf(const Forest& forest, std::span<const int32_t> trees) {
  std::vector<Tree> all;
  for (const int32_t tree : trees) all.push_back(TreeOf(forest, static_cast<size_t>(tree)));
  return all;
}

}  // namespace grove::reference
