#include "engine/cells/toy.h"

#include "engine/cells/model.h"
#include "simd/toy_cell.h"

namespace grove {

CellTable MakeToy(const RunSpec& spec) {
  const int n = spec.dim;
  const auto width = static_cast<size_t>(n);
  const simd::Activation g = ParseActivation(spec.activation);
  const double range = InitRange(spec.init_fan_cell, n);
  CellTable cell = TableOf(spec);
  cell.state = {{"h", n}};
  cell.projections = {{"z", n}};
  cell.activations = {{"left", n}, {"right", n}};
  cell.products = {{"W_1", kLeft, "h", "z", range}, {"W_2", kRight, "h", "z", range}};
  cell.biases = {{"b", n}};
  cell.stages = {{[=](const simd::Level& level) { simd::ToyForward(g, width, level); },
                  [=](const simd::Level& level) { simd::ToyBackward(g, width, level); }}};
  return cell;
}

}  // namespace grove
