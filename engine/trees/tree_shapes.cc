#include "engine/trees/tree_shapes.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <numeric>

#include "engine/error.h"
#include "engine/trees/forest.h"

namespace grove {
namespace {

// Nodes in any order, linked by position.
struct LinkedTree {
  std::vector<ShapeNode> nodes;
  int32_t root = 0;

  int32_t Add(int32_t left, int32_t right) {
    nodes.push_back({left, right});
    return static_cast<int32_t>(nodes.size()) - 1;
  }
};

// Numbers the nodes in post-order. Root, right, left is post-order read backwards.
std::vector<ShapeNode> PostOrder(const LinkedTree& tree) {
  std::vector<ShapeNode> ordered(tree.nodes.size());
  std::vector<int32_t> position(tree.nodes.size());
  std::vector<int32_t> backwards;
  backwards.reserve(tree.nodes.size());
  std::vector<int32_t> stack = {tree.root};
  while (!stack.empty()) {
    const int32_t node = stack.back();
    stack.pop_back();
    position[node] = static_cast<int32_t>(tree.nodes.size() - 1 - backwards.size());
    backwards.push_back(node);
    if (tree.nodes[node].left == kNone) continue;
    stack.push_back(tree.nodes[node].left);
    stack.push_back(tree.nodes[node].right);
  }
  for (int32_t node : backwards) {
    const auto [left, right] = tree.nodes[node];
    ordered[position[node]] =
        left == kNone ? ShapeNode{kNone, kNone} : ShapeNode{position[left], position[right]};
  }
  return ordered;
}

// A tree by its splits: `left_part(l)` is the number of leaves, in [1, l - 1], of the left child of
// a node over l leaves. Asked for in pre-order, left before right.
template <typename LeftPart>
LinkedTree SplitTree(int32_t leaves, const LeftPart& left_part) {
  LinkedTree tree;
  tree.nodes.reserve(2 * static_cast<size_t>(leaves) - 1);
  struct Part {
    int32_t node;
    int32_t leaves;
  };
  std::vector<Part> stack = {{tree.Add(kNone, kNone), leaves}};
  while (!stack.empty()) {
    const Part part = stack.back();
    stack.pop_back();
    if (part.leaves == 1) continue;
    const int32_t left_leaves = left_part(part.leaves);
    const int32_t left = tree.Add(kNone, kNone);
    const int32_t right = tree.Add(kNone, kNone);
    tree.nodes[part.node] = {left, right};
    stack.push_back({right, part.leaves - left_leaves});
    stack.push_back({left, left_leaves});
  }
  return tree;
}

// Remy's algorithm as in Knuth, The Art of Computer Programming 4A, section 7.2.1.6, algorithm R:
// put a new inner node on a link chosen uniformly (the one to the root included), the old subtree
// on one of its sides and a new leaf on the other. Names are Knuth's: inner node 2i - 1 has the
// links 2i - 1 and 2i, even names are leaves, link 0 leads to the root.
LinkedTree CatalanTree(int32_t leaves, RandomStream& random) {
  std::vector<int32_t> links(2 * static_cast<size_t>(leaves) - 1);
  links[0] = 0;
  for (int32_t n = 1; n < leaves; ++n) {
    const uint32_t draw = random.NextBelow(4 * static_cast<uint32_t>(n) - 2);
    const int32_t side = static_cast<int32_t>(draw % 2);
    const int32_t link = static_cast<int32_t>(draw / 2);
    links[2 * n - side] = 2 * n;
    links[2 * n - 1 + side] = links[link];
    links[link] = 2 * n - 1;
  }
  LinkedTree tree;
  tree.nodes.assign(links.size(), {kNone, kNone});
  tree.root = links[0];
  for (size_t i = 1; i < links.size(); i += 2) tree.nodes[i] = {links[i], links[i + 1]};
  return tree;
}

LinkedTree MergeTree(int32_t leaves, RandomStream& random) {
  LinkedTree tree;
  tree.nodes.assign(leaves, {kNone, kNone});
  std::vector<int32_t> row(leaves);  // roots of the parts joined so far, from left to right
  std::iota(row.begin(), row.end(), 0);
  while (row.size() > 1) {
    const uint32_t i = random.NextBelow(static_cast<uint32_t>(row.size()) - 1);
    row[i] = tree.Add(row[i], row[i + 1]);
    row.erase(row.begin() + i + 1);
  }
  tree.root = row[0];
  return tree;
}

}  // namespace

const std::vector<std::string>& TreeShapeNames() {
  static const std::vector<std::string> kNames = {"split", "catalan", "merge",
                                                  "left",  "right",   "balanced"};
  return kNames;
}

TreeShape ParseTreeShape(const std::string& name, const std::string& key) {
  const std::vector<std::string>& names = TreeShapeNames();
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return static_cast<TreeShape>(found - names.begin());
  std::string allowed;
  for (const std::string& each : names) allowed += (allowed.empty() ? "" : ", ") + each;
  throw Error(key + ": '" + name + "' is not a tree shape; allowed: " + allowed);
}

std::vector<ShapeNode> DrawTree(TreeShape shape, int32_t leaves, RandomStream& random) {
  assert(leaves >= 1);
  switch (shape) {
    case TreeShape::kSplit:
      return PostOrder(SplitTree(leaves, [&random](int32_t l) {
        return 1 + static_cast<int32_t>(random.NextBelow(static_cast<uint32_t>(l) - 1));
      }));
    case TreeShape::kCatalan:
      return PostOrder(CatalanTree(leaves, random));
    case TreeShape::kMerge:
      return PostOrder(MergeTree(leaves, random));
    case TreeShape::kLeft:
      return PostOrder(SplitTree(leaves, [](int32_t l) { return l - 1; }));
    case TreeShape::kRight:
      return PostOrder(SplitTree(leaves, [](int32_t) { return 1; }));
    case TreeShape::kBalanced:
      return PostOrder(SplitTree(leaves, [](int32_t l) { return l / 2; }));
  }
  throw Error("tree: not a tree shape");
}

DepthRange LeafDepthRange(TreeShape shape, int32_t leaves) {
  if (shape != TreeShape::kBalanced) return {std::min(1, leaves - 1), leaves - 1};
  const uint32_t l = static_cast<uint32_t>(leaves);
  const int32_t floor_log2 = static_cast<int32_t>(std::bit_width(l)) - 1;
  const int32_t ceil_log2 = static_cast<int32_t>(std::bit_width(l - 1));
  return {floor_log2, ceil_log2};
}

}  // namespace grove
