#include "tests/reference/cell.h"

namespace grove::reference {
namespace {

// The gate `k`, "i" or "f", of one child beside its sibling: both share the matrices.
Var Gate(const Weights& w, const std::string& k, const Child& own, const Child& other) {
  return Sigmoid(w("W_" + k + "1", own) + w("W_" + k + "2", other) +
                 w.CellToGate("W_c" + k + "1", own.c) + w.CellToGate("W_c" + k + "2", other.c) +
                 w("b_" + k));
}

NodeOutput Rlstm(const Weights& w, const NodeInput& node) {
  const Child x = node.child(0), y = node.child(1);
  const Var i1 = Gate(w, "i", x, y), i2 = Gate(w, "i", y, x);
  const Var f1 = Gate(w, "f", x, y), f2 = Gate(w, "f", y, x);
  const Var c = f1 * x.c + f2 * y.c + w.g(w("W_c1", x) * i1 + w("W_c2", y) * i2 + w("b_c"));
  const Var o = Sigmoid(w("W_o1", x) + w("W_o2", y) + w.CellToGate("W_co", c) + w("b_o"));
  return {
      .h = o * w.g(c), .c = c, .gates = {{"i1", i1}, {"i2", i2}, {"f1", f1}, {"f2", f2}, {"o", o}}};
}

}  // namespace

// Spec section 2.2.
Cell RlstmCell(const Settings& settings) {
  const int n = settings.dim;
  return {.tensors = {{n,
                       n,
                       {"W_i1", "W_i2", "W_f1", "W_f2", "W_c1", "W_c2", "W_o1", "W_o2"},
                       Copies::kLeafCopy},
                      {n, n, {"W_ci1", "W_ci2", "W_cf1", "W_cf2", "W_co"}, Copies::kOfGates},
                      {n, 1, {"b_i", "b_f", "b_c", "b_o"}}},
          .equations = Rlstm};
}

}  // namespace grove::reference
