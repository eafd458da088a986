#include "engine/cells/gru.h"

#include "engine/cells/model.h"
#include "simd/gru_cell.h"

namespace grove {

CellTable MakeGru(const RunSpec& spec) {
  const int n = spec.dim;
  const auto width = static_cast<size_t>(n);
  const simd::Activation g = ParseActivation(spec.activation);
  const double gate = InitRange(spec.init_fan_gate, n);
  const double input = InitRange(spec.init_fan_cell, n);
  CellTable cell = TableOf(spec);
  cell.adds_to_dh = true;  // h of the children goes into h beside the products
  cell.state = {{"h", n}};
  cell.projections = {{"r", n}, {"z_l", n}, {"z_r", n}};
  cell.sums = {{"u", n}};
  cell.activations = {{"r", n},    {"z_l", n},  {"z_r", n},   {"t", n},
                      {"rh_l", n}, {"rh_r", n}, {"drh_l", n}, {"drh_r", n}};
  cell.products = {{"W_r1", kLeft, "h", "r", gate},
                   {"W_r2", kRight, "h", "r", gate},
                   {"W_zl1", kLeft, "h", "z_l", gate},
                   {"W_zl2", kRight, "h", "z_l", gate},
                   {"W_zr1", kLeft, "h", "z_r", gate},
                   {"W_zr2", kRight, "h", "z_r", gate},
                   {"U_1", kNode, "rh_l", "u", input, Needed::kAlways, 1},
                   {"U_2", kNode, "rh_r", "u", input, Needed::kAlways, 1}};
  cell.biases = {{"b_r", n}, {"b_zl", n}, {"b_zr", n}, {"b_h", n}};
  cell.stages = {{[=](const simd::Level& level) { simd::GruForwardGates(width, level); },
                  [=](const simd::Level& level) { simd::GruBackwardGates(width, level); }},
                 {[=](const simd::Level& level) { simd::GruForward(g, width, level); },
                  [=](const simd::Level& level) { simd::GruBackward(g, width, level); }}};
  cell.gates = {{"r", kNode, "r"}, {"z", kLeft, "z_l"}, {"z", kRight, "z_r"}};
  return cell;
}

}  // namespace grove
