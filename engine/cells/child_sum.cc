#include "engine/cells/child_sum.h"

#include "engine/cells/model.h"
#include "simd/child_sum_cell.h"

namespace grove {

CellTable MakeChildSum(const RunSpec& spec) {
  const int n = spec.dim;
  const auto width = static_cast<size_t>(n);
  const simd::Activation g = ParseActivation(spec.activation);
  CellTable cell = TableOf(spec);
  const double word_gate = InitRange(spec.init_fan_gate, cell.word_width);
  const double word_input = InitRange(spec.init_fan_cell, cell.word_width);
  const double gate = InitRange(spec.init_fan_gate, n);
  const double input = InitRange(spec.init_fan_cell, n);
  cell.places = 0;
  cell.leaf_is_cell = true;
  cell.words_inside = true;
  cell.adds_to_dh = true;  // that of s goes to each of them
  cell.state = {{"h", n}, {"c", n}};
  cell.projections = {{"f", n}};
  cell.sums = {{"i", n}, {"o", n}, {"u", n}, {"f", n}};
  cell.activations = {{"s", n}, {"ds", n}, {"i", n}, {"o", n}, {"u", n}, {"t", n}};
  cell.products = {{"W_i", kNode, "x", "i", word_gate},
                   {"W_o", kNode, "x", "o", word_gate},
                   {"W_u", kNode, "x", "u", word_input},
                   {"W_f", kNode, "x", "f", word_gate, Needed::kOfInner},
                   {"U_i", kNode, "s", "i", gate, Needed::kAlways, 1},
                   {"U_o", kNode, "s", "o", gate, Needed::kAlways, 1},
                   {"U_u", kNode, "s", "u", input, Needed::kAlways, 1},
                   {"U_f", kEachChild, "h", "f", gate}};
  cell.biases = {{"b_i", n}, {"b_o", n}, {"b_u", n}, {"b_f", n, spec.init_forget_bias}};
  cell.stages = {
      {[=](const simd::Level& level) { simd::ChildSumForwardSum(width, level); },
       [=](const simd::Level& level) { simd::ChildSumBackwardSum(width, level); }},
      {[=](const simd::Level& level) { simd::ChildSumForward(g, width, level); },
       [=](const simd::Level& level) { simd::ChildSumBackward(g, width, level); }, true}};
  cell.gates = {{"i", kNode, "i"}, {"f", kEachChild, "f"}, {"o", kNode, "o"}};
  return cell;
}

}  // namespace grove
