// What a tree costs by the equations alone: multiply-adds of the matrix products, no padding
// counted.
#pragma once

#include <string>

namespace grove {

// Floating-point operations (two a multiply-add) of one forward pass over a tree of `leaves`
// leaves. rnn: each node but the root is multiplied by one n x n matrix. rlstm: a leaf as a child
// by 6, an inner node but the root by 10, and every inner node by W_co. Training costs three times
// that: the gradients with respect to inputs and weights have the same products.
inline double ForwardFlops(const std::string& model, double leaves, double n) {
  if (leaves < 2) return 0;
  if (model == "rnn") return 2 * n * n * 2 * (leaves - 1);
  return 2 * n * n * (6 * leaves + 10 * (leaves - 2) + (leaves - 1));
}

}  // namespace grove
