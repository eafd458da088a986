#include "tests/reference/cell.h"

namespace grove::reference {
namespace {

NodeOutput Rnn(const Weights& w, const NodeInput& node) {
  const Child x = node.child(0), y = node.child(1);
  return {.h = w.g(w("W1", x) + w("W2", y) + w("b"))};
}

}  // namespace

// Spec section 2.1.
Cell RnnCell(const Settings& settings) {
  const int n = settings.dim;
  return {.tensors = {{n, n, {"W1", "W2"}, Copies::kLeafCopy}, {n, 1, {"b"}}}, .equations = Rnn};
}

}  // namespace grove::reference
