#include "tests/reference/cell.h"

namespace grove::reference {
namespace {

NodeOutput Grc(const Weights& w, const NodeInput& node) {
  const Child l = node.child(0), r = node.child(1);
  const Var a = Gelu(w("W_a1", l) + w("W_a2", r) + w("b_a"));
  const Var f_l = Sigmoid(w("W_fl", a) + w("b_fl"));
  const Var f_r = Sigmoid(w("W_fr", a) + w("b_fr"));
  const Var i = Sigmoid(w("W_i", a) + w("b_i"));
  const Var u = w("W_u", a) + w("b_u");
  return {.h = f_l * l.h + f_r * r.h + i * u, .gates = {{"f_l", f_l}, {"f_r", f_r}, {"i", i}}};
}

}  // namespace

// The gated recursive cell of Shen et al. 2019, with GELU as in Ray Chowdhury & Caragea 2023.
Cell GrcCell(const Settings& settings) {
  const int n = settings.dim, inner = 4 * n;
  return {.layer_norm = true,
          .tensors = {{inner, n, {"W_a1", "W_a2"}, Copies::kLeafCopy},
                      {n, inner, {"W_fl", "W_fr", "W_i", "W_u"}},
                      {inner, 1, {"b_a"}},
                      {n, 1, {"b_fl", "b_fr", "b_i", "b_u"}}},
          .equations = Grc};
}

}  // namespace grove::reference
