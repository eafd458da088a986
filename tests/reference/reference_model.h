// Both models in double precision, one node at a time: the oracle of the engine.
//
// Every tensor is (out, in) row-major under its name of spec section 7 ("W1", "leaf.W_i1", "b_o",
// "softmax.W", "embeddings"). Nodes of one tree are counted from 0 in the forest's post-order;
// every pass is a loop over them, so a tree may be a chain of any length.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/trees/forest.h"
#include "tests/reference/reference_kernels.h"

namespace grove::reference {

using Tensors = std::map<std::string, std::vector<double>>;

struct Settings {
  std::string model = "rlstm";      // rnn, rlstm
  int dim = 0;                      // n
  int classes = 0;                  // C
  bool own_leaf = true;             // leaf_weights: true "own", false "shared"
  std::string activation = "tanh";  // g: tanh, relu, softsign
};

struct TensorShape {
  std::string name;
  int rows = 0;     // out
  int columns = 0;  // in; 1 for biases
};

// All tensors of a model, "softmax.W", "softmax.b" and "embeddings" last.
std::vector<TensorShape> TensorShapes(const Settings& settings, int vocabulary_size);

// All tensors of a model, filled with zeros.
Tensors ZeroTensors(const Settings& settings, int vocabulary_size);

// One node's values; every vector has n elements. The rnn leaves c and the gates empty.
struct Node {
  Vector h;               // representation
  Vector c;               // cell; zero at a leaf
  Vector i1, i2, f1, f2;  // gates of the left and right child
  Vector o;               // output gate
  Vector before_g;        // the argument of g: of p in the rnn, of the cell's input in the rlstm
};

// The forward pass of one tree.
struct TreePass {
  std::vector<Node> nodes;            // in post-order, root last
  std::vector<Vector> probabilities;  // C each, at the root and at labelled nodes; else empty
  double loss = 0;                    // sum over labelled nodes of -log P(label)
};

// Adds `amount` to one element of a node's h after it was computed: how tests differentiate by h.
struct Nudge {
  size_t node = 0;     // counted from the tree's first
  size_t element = 0;  // of h
  double amount = 0;
};

TreePass Forward(const Settings& settings, const Tensors& tensors, const Forest& forest,
                 size_t tree, const Nudge& nudge = {});

// The backward pass of one tree: adds dloss/dtensor to `gradients` (shaped as ZeroTensors), and
// returns dloss/dh of every node.
std::vector<Vector> Backward(const Settings& settings, const Tensors& tensors, const Forest& forest,
                             size_t tree, const TreePass& pass, Tensors& gradients);

// J of a minibatch (spec section 2.4) with its gradients.
struct BatchPass {
  double objective = 0;                 // J: mean loss + l2 / 2 * sum of squares
  double loss = 0;                      // mean loss of a tree, without the L2 term
  Tensors gradients;                    // dJ/dtensor; embeddings rows of absent words are 0
  std::vector<std::vector<Vector>> dh;  // by tree of the batch, then node: dloss(tree)/dh
};

// The L2 term counts every tensor in full, but of the embeddings only the rows of words that occur
// in the minibatch, each once. `trees` are tree numbers of the forest.
BatchPass Minibatch(const Settings& settings, const Tensors& tensors, const Forest& forest,
                    const std::vector<size_t>& trees, double l2);

}  // namespace grove::reference
