#include "tests/reference/cell.h"

namespace grove::reference {
namespace {

// The gate `k`: "i", "fl" or "fr".
Var Gate(const Weights& w, const std::string& k, const Child& l, const Child& r) {
  return Sigmoid(w("W_" + k + "1", l) + w("W_" + k + "2", r) + w.CellToGate("W_c" + k + "1", l.c) +
                 w.CellToGate("W_c" + k + "2", r.c) + w("b_" + k));
}

NodeOutput Zhu(const Weights& w, const NodeInput& node) {
  const Child l = node.child(0), r = node.child(1);
  const Var i = Gate(w, "i", l, r), f_l = Gate(w, "fl", l, r), f_r = Gate(w, "fr", l, r);
  const Var x = w("W_c1", l) + w("W_c2", r) + w("b_c");
  const Var c = f_l * l.c + f_r * r.c + i * w.g(x);
  const Var o = Sigmoid(w("W_o1", l) + w("W_o2", r) + w.CellToGate("W_co", c) + w("b_o"));
  return {.h = o * w.g(c), .c = c, .gates = {{"i", i}, {"f_l", f_l}, {"f_r", f_r}, {"o", o}}};
}

}  // namespace

// The S-LSTM of Zhu, Sobhani & Guo 2015, section 3.
Cell ZhuCell(const Settings& settings) {
  const int n = settings.dim;
  return {.tensors = {{n,
                       n,
                       {"W_i1", "W_i2", "W_fl1", "W_fl2", "W_fr1", "W_fr2", "W_c1", "W_c2", "W_o1",
                        "W_o2"},
                       Copies::kLeafCopy},
                      {n,
                       n,
                       {"W_ci1", "W_ci2", "W_cfl1", "W_cfl2", "W_cfr1", "W_cfr2", "W_co"},
                       Copies::kOfGates},
                      {n, 1, {"b_i", "b_fl", "b_fr", "b_c", "b_o"}}},
          .equations = Zhu};
}

}  // namespace grove::reference
