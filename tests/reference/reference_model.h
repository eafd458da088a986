// Every model in double precision, one node at a time: the oracle of the engine. The cells are in
// cell_NAME.cc, the gradients come from the tape.
//
// Every tensor is (out, in) row-major under its name in its cell's file ("W1", "leaf.W_i1", "b_o"),
// beside "softmax.W", "softmax.b", "embeddings" and, where a leaf is its word vector of another
// width than n, "W_x". Nodes are counted from 0 as they stand in the tree; every pass is a loop
// over them, so a tree may be a chain of any length.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/reference/reference_kernels.h"
#include "tests/reference/tape.h"
#include "tests/reference/tree.h"

namespace grove::reference {

struct Settings {
  std::string model = "rlstm";      // a name of CellNames() (cell.h)
  int dim = 0;                      // n
  int classes = 0;                  // C
  bool own_leaf = true;             // leaf_weights: true "own", false "shared"
  std::string activation = "tanh";  // g: tanh, relu, softsign
  int word_dim = 0;                 // width w of a word vector; 0: n
  bool residual = false;            // h += mean of the children's h
  bool layer_norm = false;          // h = gain * LayerNorm(h) + b_norm
  bool cell_to_gate = true;         // whether gates see the memory, where the cell has such weights
  // Of pairs of trees (pair_head.h): tai or bowman; none: labelled nodes.
  std::string comparison = "none";
  int comparison_dim = 0;  // D
  bool scores = false;     // whether pairs have scores, not classes

  int word_width() const { return word_dim == 0 ? dim : word_dim; }
};

struct TensorShape {
  std::string name;
  int rows = 0;     // out
  int columns = 0;  // in; 1 for biases and gains
};

// All tensors of a model: those of the cell, then of the head, "embeddings" last.
std::vector<TensorShape> TensorShapes(const Settings& settings, int vocabulary_size);

// All tensors of a model, filled with zeros.
Tensors ZeroTensors(const Settings& settings, int vocabulary_size);

// One node's values; every vector has n elements.
struct Node {
  Vector h;       // representation
  Vector c = {};  // memory; zero where the node has none
  // By the names of the cell's file: "i1", "o". None in a leaf that is its word vector. A gate of a
  // child that is not there has a value, of no effect.
  std::map<std::string, Vector> gates = {};
};

// The forward pass of one tree. The tensors it was made with must not move or change before its
// Backward.
struct TreePass {
  std::vector<Node> nodes;            // as in the tree, root last
  std::vector<Vector> probabilities;  // C each, at the root and at labelled nodes; else empty
  double loss = 0;                    // sum over labelled nodes of -log P(label)

  std::unique_ptr<Tape> tape;
  std::vector<Var> h;  // of every node
  Var loss_on_tape;    // nothing without a label
};

// Adds `amount` to one element of a node's h after it was computed: how tests differentiate by h.
struct Nudge {
  size_t node = 0;     // counted from the tree's first
  size_t element = 0;  // of h
  double amount = 0;
};

// Throws std::invalid_argument on a tree that the model cannot have: too many children, or a token
// missing or in excess where leaves are word vectors.
TreePass Forward(const Settings& settings, const Tensors& tensors, const Tree& tree,
                 const Nudge& nudge = {});

// The backward pass of one tree: adds dloss/dtensor to `gradients` (shaped as ZeroTensors), and
// returns dloss/dh of every node.
std::vector<Vector> Backward(const TreePass& pass, Tensors& gradients);

// J of a minibatch (spec section 2.4) with its gradients.
struct BatchPass {
  double objective = 0;                 // J: mean loss + l2 / 2 * sum of squares
  double loss = 0;                      // mean loss of a tree, without the L2 term
  Tensors gradients;                    // dJ/dtensor; embeddings rows of absent words are 0
  std::vector<std::vector<Vector>> dh;  // by tree of the batch, then node: dloss(tree)/dh
};

// The L2 term counts every tensor in full, but of the embeddings only the rows of words that occur
// in the minibatch, each once.
BatchPass Minibatch(const Settings& settings, const Tensors& tensors,
                    const std::vector<Tree>& trees, double l2);

}  // namespace grove::reference
