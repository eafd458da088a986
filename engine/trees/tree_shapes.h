// Random and regular binary trees over l leaves (spec section 3).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/random.h"

namespace grove {

enum class TreeShape {
  kSplit,     // the split point uniform over the l - 1 gaps, and so on in both parts
  kCatalan,   // uniform over all binary trees with l leaves
  kMerge,     // join a uniformly chosen adjacent pair until one is left
  kLeft,      // left-branching: every right child is a leaf
  kRight,     // right-branching: every left child is a leaf
  kBalanced,  // split in the middle; of an odd number the left part gets the smaller half
};
// kMerge joins across the gaps in a uniformly random order, so its last gap is uniform and the
// orders on both sides of it are uniform again: it draws otherwise, but from the same distribution
// as kSplit.

// "split", "catalan", "merge", "left", "right", "balanced": in the order of the enumeration.
const std::vector<std::string>& TreeShapeNames();

// The shape of that name; throws Error with the allowed names. The message starts with `key`.
TreeShape ParseTreeShape(const std::string& name, const std::string& key = "tree");

// A node by its children's positions in the same list; kNone twice at a leaf.
struct ShapeNode {
  int32_t left;
  int32_t right;
  bool operator==(const ShapeNode&) const = default;
};

// A tree of 2 * leaves - 1 nodes in post-order (left subtree, right subtree, node; the root last).
// leaves in [1, 2^30]. The regular shapes draw nothing from `random`. Time O(l), and for kMerge
// O(l^2) with a factor so small (moving bytes) that 100,000 leaves take seconds.
std::vector<ShapeNode> DrawTree(TreeShape shape, int32_t leaves, RandomStream& random);

// The depths (edges from the root) that leaves of a tree of this shape can have: all from `min` to
// `max`, and no other. Both grow with the number of leaves, without gaps.
struct DepthRange {
  int32_t min;
  int32_t max;
};
DepthRange LeafDepthRange(TreeShape shape, int32_t leaves);

}  // namespace grove
