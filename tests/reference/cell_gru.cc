#include "tests/reference/cell.h"

namespace grove::reference {
namespace {

// The gate `k`: "r", "zl" or "zr".
Var Gate(const Weights& w, const std::string& k, const Child& l, const Child& r) {
  return Sigmoid(w("W_" + k + "1", l) + w("W_" + k + "2", r) + w("b_" + k));
}

// A missing right child has h_r = 0, but its z_r still takes its share of h~.
NodeOutput Gru(const Weights& w, const NodeInput& node) {
  const Child l = node.child(0), r = node.child(1);
  const Var reset = Gate(w, "r", l, r), z_l = Gate(w, "zl", l, r), z_r = Gate(w, "zr", l, r);
  const Var candidate = w.g(w("U_1", reset * l.h) + w("U_2", reset * r.h) + w("b_h"));
  return {.h = z_l * l.h + z_r * r.h + (1 - z_l - z_r) * candidate,
          .gates = {{"r", reset}, {"z_l", z_l}, {"z_r", z_r}}};
}

}  // namespace

// The tree GRU of Kokkinos & Potamianos 2017, for two children.
Cell GruCell(const Settings& settings) {
  const int n = settings.dim;
  return {
      .tensors = {{n, n, {"W_r1", "W_r2", "W_zl1", "W_zl2", "W_zr1", "W_zr2"}, Copies::kLeafCopy},
                  {n, n, {"U_1", "U_2"}},
                  {n, 1, {"b_r", "b_zl", "b_zr", "b_h"}}},
      .equations = Gru};
}

}  // namespace grove::reference
