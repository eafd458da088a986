#include "engine/cells/rnn.h"

#include "engine/cells/model.h"
#include "simd/rnn_cell.h"

namespace grove {

CellTable MakeRnn(const RunSpec& spec) {
  const int n = spec.dim;
  const double range = InitRange(spec.init_fan_cell, n);
  const simd::Activation g = ParseActivation(spec.activation);
  const auto level = [n](const simd::Level& view) {
    return simd::RnnLevel{.n = static_cast<size_t>(n),
                          .rows = view.rows,
                          .left = view.child[kLeft],
                          .right = view.child[kRight],
                          .projections = view.projections.data,
                          .projection_stride = view.projections.stride,
                          .h = view.out.data,
                          .h_stride = view.out.stride};
  };
  CellTable cell = TableOf(spec);
  cell.state = {{"h", n}};
  cell.projections = {{"z", n}};  // of a left child W1 x, of a right one W2 y
  cell.products = {{"W1", kLeft, "h", "z", range}, {"W2", kRight, "h", "z", range}};
  for (Product& product : cell.products) product.start = ParseStart(spec.init_matrix);
  cell.biases = {{"b", n}};
  // p = g(W1 x + W2 y + b)
  cell.stages = {{[=](const simd::Level& view) { simd::RnnForward(g, level(view), view.biases); },
                  [=](const simd::Level& view) {
                    simd::RnnBackward(g, level(view), view.dout.data, view.dbiases);
                  }}};
  return cell;
}

}  // namespace grove
