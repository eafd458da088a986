#include "tests/reference/cell.h"

namespace grove::reference {
namespace {

// W x + sum_l U_l h_l + b, of the matrices W_gate, U_`u`l and the bias b_gate.
Var Affine(const Weights& w, const NodeInput& node, const std::string& gate, const std::string& u) {
  Var sum = w("W_" + gate, node.token) + w("b_" + gate);
  for (size_t l = 0; l < node.children.size(); ++l) {
    sum = sum + w("U_" + u + std::to_string(l + 1), node.children[l].h);
  }
  return sum;
}

// Equations 9 to 14.
NodeOutput Tai(const Weights& w, const NodeInput& node) {
  const Var i = Sigmoid(Affine(w, node, "i", "i"));
  const Var o = Sigmoid(Affine(w, node, "o", "o"));
  const Var u = w.g(Affine(w, node, "u", "u"));
  NodeOutput out = {.c = i * u, .gates = {{"i", i}, {"o", o}}};
  for (size_t k = 0; k < node.children.size(); ++k) {
    const std::string name = "f" + std::to_string(k + 1);
    const Var f = Sigmoid(Affine(w, node, "f", name));
    out.c = out.c + f * node.children[k].c;
    out.gates.emplace_back(name, f);
  }
  out.h = o * w.g(out.c);
  return out;
}

}  // namespace

// The N-ary Tree-LSTM of Tai, Socher & Manning 2015, section 3.2.
Cell TaiCell(const Settings& settings, size_t arity) {
  const int n = settings.dim;
  std::vector<std::string> u;
  for (size_t l = 1; l <= arity; ++l) {
    for (const char* gate : {"i", "o", "u"}) u.push_back("U_" + (gate + std::to_string(l)));
    for (size_t k = 1; k <= arity; ++k) u.push_back("U_f" + std::to_string(k) + std::to_string(l));
  }
  return {.arity = arity,
          .leaf_is_word = false,
          .tensors = {{n, settings.word_width(), {"W_i", "W_o", "W_u", "W_f"}},
                      {n, n, u},
                      {n, 1, {"b_i", "b_o", "b_u", "b_f"}}},
          .equations = Tai};
}

}  // namespace grove::reference
