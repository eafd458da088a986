#include "tests/reference/cell.h"

namespace grove::reference {

// h = g(W_1 h_l + b) * g(W_2 h_r + b)
Cell ToyCell(const Settings& settings) {
  const int n = settings.dim;
  return {
      .tensors = {{n, n, {"W_1", "W_2"}, Copies::kLeafCopy}, {n, 1, {"b"}}},
      .equations = [](const Weights& w, const NodeInput& node) -> NodeOutput {
        return {.h = w.g(w("W_1", node.child(0)) + w("b")) * w.g(w("W_2", node.child(1)) + w("b"))};
      }};
}

}  // namespace grove::reference
