// Trees as flat arrays. Binary, words at the leaves, labels anywhere.
//
// Letters used throughout the engine: n hidden width, V vocabulary size, C classes, B trees in a
// minibatch, T trees in a forest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace grove {

inline constexpr int32_t kNone = -1;

// How a node stands to its parent and its sibling. The order is that of the rows of a level
// (engine/trees/schedule.h): left and right children, and those beside an inner node, are each
// together.
enum Place : int32_t {
  kLeftBesideLeaf,
  kLeftBesideInner,
  kRightBesideInner,
  kRightBesideLeaf,
  kRoot,
  kPlaces,
};

// T trees. The nodes of tree t are [tree_begin[t], tree_begin[t + 1]); within a tree they stand in
// post-order (children before their parent, the root last, left subtree before right). Child
// indices are absolute positions in these arrays. A node is a leaf exactly if word >= 0; then left
// and right are kNone. Nothing here is recursive: a chain of 100,000 nodes is as good as any tree.
struct Forest {
  std::vector<int32_t> left;              // position of the left child, kNone at a leaf
  std::vector<int32_t> right;             // position of the right child, kNone at a leaf
  std::vector<int32_t> word;              // leaf: token id in [0, V); inner node: kNone
  std::vector<int32_t> label;             // class in [0, C), or kNone where unlabelled
  std::vector<int32_t> tree_begin = {0};  // T + 1 positions
  std::vector<int32_t> keyword;           // T: position of the tree's keyword leaf, or kNone
  // From FinishTree, because every epoch asks for them again:
  std::vector<int32_t> slot;           // height * kPlaces + Place
  std::vector<int32_t> keyword_depth;  // T: edges from the root to the keyword, or kNone

  size_t trees() const { return tree_begin.size() - 1; }
  size_t nodes() const { return word.size(); }
  int32_t root(size_t t) const { return tree_begin[t + 1] - 1; }
  size_t leaves(size_t t) const {
    return (static_cast<size_t>(tree_begin[t + 1] - tree_begin[t]) + 1) / 2;
  }

  // Appends a node to the tree under construction; returns its position.
  int32_t AddLeaf(int32_t word_id, int32_t node_label = kNone) {
    return Add(kNone, kNone, word_id, node_label);
  }
  int32_t AddInner(int32_t left_child, int32_t right_child, int32_t node_label = kNone) {
    return Add(left_child, right_child, kNone, node_label);
  }
  // Closes the tree whose nodes were added since the last call; the last node added is its root.
  void FinishTree(int32_t keyword_position = kNone);

 private:
  int32_t Add(int32_t l, int32_t r, int32_t w, int32_t y) {
    left.push_back(l);
    right.push_back(r);
    word.push_back(w);
    label.push_back(y);
    return static_cast<int32_t>(word.size()) - 1;
  }
};

// Edges from the root to each node, by position (root: 0).
std::vector<int32_t> Depths(const Forest& forest);

// Edges from each node to its deepest leaf, by position (leaf: 0): the level of the node.
std::vector<int32_t> Heights(const Forest& forest);

}  // namespace grove
