#include "engine/cells/grc.h"

#include "engine/cells/model.h"
#include "simd/grc_cell.h"

namespace grove {

CellTable MakeGrc(const RunSpec& spec) {
  const int n = spec.dim, inner = 4 * n;
  const auto width = static_cast<size_t>(n);
  const double into = InitRange(spec.init_fan_cell, n);
  const double gate = InitRange(spec.init_fan_gate, inner);
  const double input = InitRange(spec.init_fan_cell, inner);
  CellTable cell = TableOf(spec);
  cell.layer_norm = true;
  cell.adds_to_dh = true;  // h of the children goes into h beside the products
  cell.state = {{"h", n}};
  cell.projections = {{"a", inner}};
  cell.sums = {{"f_l", n}, {"f_r", n}, {"i", n}, {"u", n}};
  cell.activations = {{"a", inner},  {"slope", inner}, {"da", inner}, {"gate_l", n},
                      {"gate_r", n}, {"gate_i", n},    {"u", n}};
  cell.products = {{"W_a1", kLeft, "h", "a", into},
                   {"W_a2", kRight, "h", "a", into},
                   {"W_fl", kNode, "a", "f_l", gate, Needed::kAlways, 1},
                   {"W_fr", kNode, "a", "f_r", gate, Needed::kAlways, 1},
                   {"W_i", kNode, "a", "i", gate, Needed::kAlways, 1},
                   {"W_u", kNode, "a", "u", input, Needed::kAlways, 1}};
  cell.biases = {{"b_a", inner}, {"b_fl", n}, {"b_fr", n}, {"b_i", n}, {"b_u", n}};
  cell.stages = {{[=](const simd::Level& level) { simd::GrcForwardInner(width, level); },
                  [=](const simd::Level& level) { simd::GrcBackwardInner(width, level); }},
                 {[=](const simd::Level& level) { simd::GrcForward(width, level); },
                  [=](const simd::Level& level) { simd::GrcBackward(width, level); }}};
  cell.gates = {{"f", kLeft, "gate_l"}, {"f", kRight, "gate_r"}, {"i", kNode, "gate_i"}};
  return cell;
}

}  // namespace grove
