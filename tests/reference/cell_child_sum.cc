#include <limits>

#include "tests/reference/cell.h"

namespace grove::reference {
namespace {

// W x + U h + b.
Var Affine(const Weights& w, const NodeInput& node, const std::string& gate, Var h) {
  return w("W_" + gate, node.token) + w("U_" + gate, h) + w("b_" + gate);
}

// Equations 2 to 8.
NodeOutput ChildSum(const Weights& w, const NodeInput& node) {
  Var sum;
  for (const Child& child : node.children) sum = sum + child.h;
  const Var i = Sigmoid(Affine(w, node, "i", sum));
  const Var o = Sigmoid(Affine(w, node, "o", sum));
  const Var u = w.g(Affine(w, node, "u", sum));
  NodeOutput out = {.c = i * u, .gates = {{"i", i}, {"o", o}}};
  for (size_t k = 0; k < node.children.size(); ++k) {
    const Var f = Sigmoid(Affine(w, node, "f", node.children[k].h));
    out.c = out.c + f * node.children[k].c;
    out.gates.emplace_back("f" + std::to_string(k + 1), f);
  }
  out.h = o * w.g(out.c);
  return out;
}

}  // namespace

// The Child-Sum Tree-LSTM of Tai, Socher & Manning 2015, section 3.1.
Cell ChildSumCell(const Settings& settings) {
  const int n = settings.dim;
  return {.arity = std::numeric_limits<size_t>::max(),
          .leaf_is_word = false,
          .tensors = {{n, settings.word_width(), {"W_i", "W_o", "W_u", "W_f"}},
                      {n, n, {"U_i", "U_o", "U_u", "U_f"}},
                      {n, 1, {"b_i", "b_o", "b_u", "b_f"}}},
          .equations = ChildSum};
}

}  // namespace grove::reference
