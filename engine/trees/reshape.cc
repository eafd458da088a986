#include "engine/trees/reshape.h"

#include <cstddef>
#include <span>
#include <vector>

namespace grove {
namespace {

// What a forest has beside its trees, which change.
Forest EmptyLike(const Forest& forest) {
  Forest empty;
  empty.trees_per_example = forest.trees_per_example;
  empty.pair_label = forest.pair_label;
  empty.pair_score = forest.pair_score;
  return empty;
}

// Where a node stands below its parent.
struct Below {
  int32_t parent = kNone;
  size_t place = 0;
};

std::vector<Below> ParentsOf(const Forest& forest) {
  std::vector<Below> below(forest.nodes());
  for (size_t i = 0; i < forest.nodes(); ++i) {
    const auto node = static_cast<int32_t>(i);
    const std::span<const int32_t> children = forest.Children(node);
    for (size_t k = 0; k < children.size(); ++k)
      below[static_cast<size_t>(children[k])] = {node, k};
  }
  return below;
}

// Joins all but two of the children from the right, behind the last of them.
void JoinToTheRight(std::vector<int32_t>& children, Forest& forest) {
  while (children.size() > 2) {
    const int32_t last = children.back();
    children.pop_back();
    children.back() = forest.AddInner(children.back(), last);
  }
}

}  // namespace

Forest Binarise(const Forest& forest, Branching branching) {
  Forest binary = EmptyLike(forest);
  const std::vector<Below> below = ParentsOf(forest);
  std::vector<std::vector<int32_t>> done(forest.nodes());  // of each node the children so far
  for (size_t t = 0; t < forest.trees(); ++t) {
    int32_t keyword = kNone;
    for (int32_t node = forest.tree_begin[t]; node <= forest.root(t); ++node) {
      const auto at = static_cast<size_t>(node);
      JoinToTheRight(done[at], binary);
      const int32_t added = binary.AddNode(done[at], forest.word[at], forest.label[at]);
      if (node == forest.keyword[t]) keyword = added;
      std::vector<int32_t>().swap(done[at]);
      if (below[at].parent == kNone) continue;
      std::vector<int32_t>& siblings = done[static_cast<size_t>(below[at].parent)];
      siblings.push_back(added);
      // To the left a new node stands right behind the two that it joins.
      const size_t count = forest.Children(below[at].parent).size();
      if (branching == Branching::kLeft && siblings.size() == 2 && below[at].place + 1 < count) {
        siblings = {binary.AddInner(siblings[0], siblings[1])};
      }
    }
    binary.FinishTree(keyword);
  }
  return binary;
}

Forest Reshape(const Forest& forest, TreeShape shape, RandomStream& random) {
  Forest reshaped = EmptyLike(forest);
  std::vector<int32_t> leaves;
  for (size_t t = 0; t < forest.trees(); ++t) {
    leaves.clear();
    for (int32_t node = forest.tree_begin[t]; node <= forest.root(t); ++node) {
      if (forest.IsLeaf(node)) leaves.push_back(node);
    }
    const auto begin = static_cast<int32_t>(reshaped.nodes());
    const auto root_label = forest.label[static_cast<size_t>(forest.root(t))];
    int32_t keyword = kNone;
    size_t next = 0;
    for (const ShapeNode& node : DrawTree(shape, static_cast<int32_t>(leaves.size()), random)) {
      if (node.left != kNone) {
        reshaped.AddInner(begin + node.left, begin + node.right);
        continue;
      }
      const auto leaf = static_cast<size_t>(leaves[next++]);
      const int32_t added = reshaped.AddLeaf(forest.word[leaf], forest.label[leaf]);
      if (static_cast<int32_t>(leaf) == forest.keyword[t]) keyword = added;
    }
    reshaped.label.back() = root_label;
    reshaped.FinishTree(keyword);
  }
  return reshaped;
}

}  // namespace grove
