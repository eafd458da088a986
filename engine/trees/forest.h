// Trees as flat arrays: any number of children, words and labels at any node.
//
// Letters used throughout the engine: n hidden width, w width of word vectors, V vocabulary size, C
// classes, B trees in a minibatch, T trees in a forest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace grove {

inline constexpr int32_t kNone = -1;

// Scores of pairs of trees are from 1 to this.
inline constexpr int kScores = 5;

// How a node stands to its parent and its siblings. The order is that of the rows of a level
// (engine/trees/schedule.h): the children at one place are together, and so are the first two of
// them whose sibling is an inner node.
enum Place : int32_t {
  kFirstBesideLeaf,  // ... or beside nothing
  kFirstBesideInner,
  kSecondBesideInner,
  kSecondBesideLeaf,
  kThird,
  kFourth,
  kLater,
  kRoot,
  kPlaces,
};

// T trees. The nodes of tree t are [tree_begin[t], tree_begin[t + 1]); within a tree they stand in
// post-order (children before their parent, the root last, subtrees from left to right). Child
// indices are absolute positions in these arrays. A leaf is a node without children; it has a word.
// Nothing here is recursive: a chain of 100,000 nodes is as good as any tree.
struct Forest {
  std::vector<int32_t> child_begin = {0};  // nodes + 1: the children of node v are
  std::vector<int32_t> child;              // child[child_begin[v]] to child[child_begin[v + 1]]
  std::vector<int32_t> word;               // token id in [0, V), or kNone
  std::vector<int32_t> label;              // class in [0, C), or kNone where unlabelled
  std::vector<int32_t> tree_begin = {0};   // T + 1 positions
  std::vector<int32_t> keyword;            // T: position of the tree's keyword leaf, or kNone
  // A forest of pairs has an even number of trees, of which 2e and 2e + 1 are pair e, and a target
  // for each pair: a class in [0, C), or a score from 1 to kScores. The other vector is empty, and
  // no node has a label.
  int32_t trees_per_example = 1;    // 2: pairs
  std::vector<int32_t> pair_label;  // (T / 2)
  std::vector<float> pair_score;    // (T / 2)
  // From FinishTree, because every epoch asks for them again:
  std::vector<int32_t> slot;           // height * kPlaces + Place
  std::vector<int32_t> keyword_depth;  // T: edges from the root to the keyword, or kNone
  std::vector<int32_t> leaf_count;     // T: leaves of the tree

  size_t trees() const { return tree_begin.size() - 1; }
  // What is trained on and evaluated as one: a tree, or a pair of them.
  size_t examples() const { return trees() / static_cast<size_t>(trees_per_example); }
  size_t first_tree(size_t example) const {
    return example * static_cast<size_t>(trees_per_example);
  }
  size_t nodes() const { return word.size(); }
  int32_t root(size_t t) const { return tree_begin[t + 1] - 1; }
  size_t leaves(size_t t) const { return static_cast<size_t>(leaf_count[t]); }
  bool IsLeaf(int32_t node) const {
    const auto at = static_cast<size_t>(node);
    return child_begin[at] == child_begin[at + 1];
  }
  std::span<const int32_t> Children(int32_t node) const {
    const auto at = static_cast<size_t>(node);
    return {child.data() + child_begin[at], child.data() + child_begin[at + 1]};
  }
  // Edges to the deepest leaf below, of a node of a finished tree.
  int32_t Height(int32_t node) const { return slot[static_cast<size_t>(node)] / kPlaces; }

  // Appends a node to the tree under construction; returns its position.
  int32_t AddLeaf(int32_t word_id, int32_t node_label = kNone) {
    return AddNode({}, word_id, node_label);
  }
  int32_t AddInner(int32_t left, int32_t right, int32_t node_label = kNone) {
    const int32_t children[] = {left, right};
    return AddNode(children, kNone, node_label);
  }
  int32_t AddNode(std::span<const int32_t> children, int32_t word_id, int32_t node_label = kNone);
  // Takes back the nodes from position `first` on, which belong to no finished tree.
  void DropNodes(size_t first);
  // Takes back the last finished tree, behind which nothing was added.
  void DropLastTree();
  // Closes the tree whose nodes were added since the last call; the last node added is its root.
  void FinishTree(int32_t keyword_position = kNone);
};

// What a model must be able to take of a forest's trees.
struct ForestShape {
  int32_t fewest_children = 0;  // of an inner node; 0 if there is none
  int32_t most_children = 0;
  bool inner_words = false;  // whether some inner node has a word
};
ForestShape ShapeOf(const Forest& forest);

// Edges from the root to each node, by position (root: 0).
std::vector<int32_t> Depths(const Forest& forest);

// Edges from each node to its deepest leaf, by position (leaf: 0): the level of the node.
std::vector<int32_t> Heights(const Forest& forest);

}  // namespace grove
