// What a tree costs: multiply-adds of the matrix products, no padding counted.
#pragma once

#include <cstddef>
#include <string>

#include "engine/trees/forest.h"

namespace grove {

// Floating-point operations (two a multiply-add) of one forward pass over a tree of `leaves`
// leaves, by the equations alone. rnn: each node but the root is multiplied by one n x n matrix.
// rlstm: a leaf as a child by 6, an inner node but the root by 10, and every inner node by W_co.
// Training costs three times that: the gradients with respect to inputs and weights have the same
// products.
inline double ForwardFlops(const std::string& model, double leaves, double n) {
  if (leaves < 2) return 0;
  if (model == "rnn") return 2 * n * n * 2 * (leaves - 1);
  return 2 * n * n * (6 * leaves + 10 * (leaves - 2) + (leaves - 1));
}

// Those of them that Grove executes for tree `t`: a leaf has no cell, so its own forget gate, and
// what its sibling adds to that gate, multiply zero and are left out (engine/cells/rlstm.cc).
inline double ExecutedForwardFlops(const std::string& model, const Forest& forest, size_t t,
                                   double n) {
  double flops = ForwardFlops(model, static_cast<double>(forest.leaves(t)), n);
  if (model == "rnn") return flops;
  for (int32_t v = forest.tree_begin[t]; v < forest.root(t); ++v) {
    const auto node = static_cast<size_t>(v);
    const bool is_leaf = forest.IsLeaf(v);
    const int32_t place = forest.slot[node] % kPlaces;
    const bool beside_leaf = place == kFirstBesideLeaf || place == kSecondBesideLeaf;
    const int left_out = (is_leaf ? 1 : 0) + (beside_leaf ? (is_leaf ? 1 : 2) : 0);
    flops -= 2 * n * n * left_out;
  }
  return flops;
}

}  // namespace grove
