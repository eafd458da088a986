// What the oracle itself is tested on: small trees of every shape that a cell can meet, and
// parameters that take every gate off its middle.
#pragma once

#include <algorithm>
#include <cctype>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/reference/cell.h"
#include "tests/reference/reference_model.h"

namespace grove::reference {

inline constexpr size_t kVocabulary = 9;

// Adds a node to a tree that is made from its leaves up; returns its position.
inline size_t AddNode(Tree& tree, std::vector<size_t> children, std::optional<size_t> token,
                      std::optional<size_t> label = {}) {
  tree.push_back({std::move(children), token, label});
  return tree.size() - 1;
}
inline size_t Leaf(Tree& tree, size_t token, std::optional<size_t> label = {}) {
  return AddNode(tree, {}, token, label);
}
inline size_t Inner(Tree& tree, std::vector<size_t> children, std::optional<size_t> label = {}) {
  return AddNode(tree, std::move(children), {}, label);
}

// A single leaf; a pair; chains to both sides, labelled inside; two inner children.
inline std::vector<Tree> BinaryTrees() {
  std::vector<Tree> trees(5);
  Leaf(trees[0], 0, 2);
  {
    Tree& t = trees[1];
    const size_t a = Leaf(t, 1), b = Leaf(t, 2);
    Inner(t, {a, b}, 1);
  }
  {
    Tree& t = trees[2];
    size_t chain = Leaf(t, 3);
    for (size_t word = 4; word < 8; ++word) {
      const size_t leaf = word == 6 ? Leaf(t, word, 1) : Leaf(t, word);
      chain = word == 5 ? Inner(t, {chain, leaf}, 0) : Inner(t, {chain, leaf});
    }
    t.back().label = 2;
  }
  {
    Tree& t = trees[3];
    const size_t a = Leaf(t, 3), b = Leaf(t, 0), c = Leaf(t, 6);
    Inner(t, {a, Inner(t, {b, c})}, 0);
  }
  {
    Tree& t = trees[4];
    const size_t a = Leaf(t, 7), b = Leaf(t, 3), left = Inner(t, {a, b}, 2);
    const size_t c = Leaf(t, 5), d = Leaf(t, 2), right = Inner(t, {c, d}, 2);
    Inner(t, {left, right}, 1);
  }
  return trees;
}

// Nodes of one child: above a leaf, above each other, at the root, and on either side of another.
inline std::vector<Tree> UnaryTrees() {
  std::vector<Tree> trees(2);
  {
    Tree& t = trees[0];
    Inner(t, {Inner(t, {Leaf(t, 4)}, 0)}, 1);
  }
  {
    Tree& t = trees[1];
    const size_t a = Leaf(t, 1), left = Inner(t, {a});
    const size_t b = Leaf(t, 6), c = Leaf(t, 2), right = Inner(t, {Inner(t, {b, c})}, 2);
    Inner(t, {Inner(t, {left, right})}, 0);
  }
  return trees;
}

// Every inner node has `arity` children: leaves, but for an inner one first, amid or last.
inline std::vector<Tree> FullTrees(size_t arity) {
  std::vector<Tree> trees;
  for (size_t inner = 0; inner < arity; ++inner) {
    Tree& t = trees.emplace_back();
    std::vector<size_t> below, children;
    for (size_t k = 0; k < arity; ++k) below.push_back(Leaf(t, (2 * k + inner) % 8));
    const size_t amid = Inner(t, below, inner % 3);
    for (size_t k = 0; k < arity; ++k) {
      children.push_back(k == inner ? amid : Leaf(t, (k + 3 * inner + 1) % 8));
    }
    Inner(t, children, (inner + 1) % 3);
  }
  return trees;
}

// A token at every node, as in dependency trees, and at some: an inner one and a leaf are without.
inline std::vector<Tree> TreesOfTokens() {
  std::vector<Tree> trees(2);
  {
    Tree& t = trees[0];
    const size_t a = Leaf(t, 4), b = AddNode(t, {a}, 2), c = Leaf(t, 7, 0);
    AddNode(t, {b, c}, 1, 2);
  }
  {
    Tree& t = trees[1];
    const size_t a = Leaf(t, 5), b = AddNode(t, {}, {}), c = Inner(t, {a, b}), d = Leaf(t, 1);
    AddNode(t, {d, c}, 3, 1);
  }
  return trees;
}

// Every shape that the cell can meet. Word 8 never occurs; most others do more than once.
inline std::vector<Tree> Shapes(const Cell& cell) {
  std::vector<Tree> trees = BinaryTrees();
  const auto add = [&](const std::vector<Tree>& more) {
    trees.insert(trees.end(), more.begin(), more.end());
  };
  add(UnaryTrees());
  if (cell.arity > 2) add(FullTrees(std::min(cell.arity, size_t{4})));
  if (!cell.leaf_is_word) add(TreesOfTokens());
  return trees;
}

// Uniform in [-range, range).
inline double Draw(std::mt19937& bits, double range) { return (bits() * 0x1p-31 - 1) * range; }

// Matrices up to 0.8, biases and gains of 0.5 to 1.5 and of either sign.
inline Tensors RandomTensors(const Settings& settings, uint32_t seed) {
  std::mt19937 bits(seed);
  Tensors tensors;
  for (const TensorShape& shape : TensorShapes(settings, kVocabulary)) {
    Vector& values = tensors[shape.name];
    values.resize(static_cast<size_t>(shape.rows) * static_cast<size_t>(shape.columns));
    for (double& value : values) {
      value = Draw(bits, shape.name == "embeddings" ? 1.5 : shape.columns == 1 ? 1 : 0.8);
      if (shape.columns == 1) value += value < 0 ? -0.5 : 0.5;
    }
  }
  return tensors;
}

// The tensor that has the role of `name` where every tree, of nodes with so many children, is
// mirrored: that of another place, or itself if it is of a place that no child has.
inline std::string Mirrored(const Settings& settings, std::string name, int places) {
  const size_t start = name.starts_with("leaf.") ? 5 : 0;
  const std::string own = name.substr(start);
  if (own.starts_with("softmax") || own == "embeddings") return name;
  // The rlstm's "1" gate matrices are those of the gate's own child, on either side.
  const bool gate = own.starts_with("W_i") || own.starts_with("W_f") || own.starts_with("W_ci") ||
                    own.starts_with("W_cf");
  if (settings.model == "rlstm" && gate) return name;
  for (size_t at = start; at < name.size(); ++at) {
    char& letter = name[at];
    if (std::isdigit(letter)) {
      const int place = letter - '0';
      if (place <= places) letter = static_cast<char>('0' + places + 1 - place);
    } else if (at > 0 && (name[at - 1] == 'f' || name[at - 1] == 'z')) {
      if (letter == 'l' || letter == 'r') letter = letter == 'l' ? 'r' : 'l';
    }
  }
  return name;
}

inline double Distance(const Vector& a, const Vector& b) {
  Vector difference = a;
  for (size_t k = 0; k < a.size(); ++k) difference[k] -= b[k];
  return Norm(difference.data(), difference.size());
}

}  // namespace grove::reference
