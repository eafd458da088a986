#include "engine/cells/zhu.h"

#include <iterator>

#include "engine/cells/model.h"
#include "simd/zhu_cell.h"

namespace grove {

CellTable MakeZhu(const RunSpec& spec) {
  constexpr Needed kOfInner = Needed::kOfInner, kBeside = Needed::kBesideInner;
  const int n = spec.dim;
  const auto width = static_cast<size_t>(n);
  const simd::Activation g = ParseActivation(spec.activation);
  const double gate = InitRange(spec.init_fan_gate, n);
  const double input = InitRange(spec.init_fan_cell, n);
  CellTable cell = TableOf(spec);
  cell.state = {{"h", n}, {"c", n}};
  // What can be left out stands first, so that the rest of it is one run of columns. Own: what a
  // child adds to its own forget gate; sibling: what it adds to that of the other.
  cell.projections = {{"f_sibling", n}, {"f_own", n}, {"i", n}, {"u", n}, {"o", n}};
  cell.activations = {{"i", n}, {"f_l", n}, {"f_r", n}, {"u", n}, {"o", n}, {"t", n}};
  // A leaf has no cell, so that its forget gate multiplies zero and need not be known.
  cell.products = {{"W_i1", kLeft, "h", "i", gate},
                   {"W_i2", kRight, "h", "i", gate},
                   {"W_fl1", kLeft, "h", "f_own", gate, kOfInner},
                   {"W_fl2", kRight, "h", "f_sibling", gate, kBeside},
                   {"W_fr1", kLeft, "h", "f_sibling", gate, kBeside},
                   {"W_fr2", kRight, "h", "f_own", gate, kOfInner},
                   {"W_c1", kLeft, "h", "u", input},
                   {"W_c2", kRight, "h", "u", input},
                   {"W_o1", kLeft, "h", "o", gate},
                   {"W_o2", kRight, "h", "o", gate}};
  if (spec.cell_to_gate) {
    const Product connections[] = {{"W_ci1", kLeft, "c", "i", gate},
                                   {"W_ci2", kRight, "c", "i", gate},
                                   {"W_cfl1", kLeft, "c", "f_own", gate, kOfInner},
                                   {"W_cfl2", kRight, "c", "f_sibling", gate, kBeside},
                                   {"W_cfr1", kLeft, "c", "f_sibling", gate, kBeside},
                                   {"W_cfr2", kRight, "c", "f_own", gate, kOfInner},
                                   {"W_co", kNode, "c", "o", gate, Needed::kAlways, 1}};
    cell.products.insert(cell.products.end(), std::begin(connections), std::end(connections));
  }
  cell.biases = {{"b_i", n},
                 {"b_fl", n, spec.init_forget_bias},
                 {"b_fr", n, spec.init_forget_bias},
                 {"b_c", n},
                 {"b_o", n}};
  // Up to c, and from the argument of o, to which W_co c is added in between.
  cell.stages = {{[=](const simd::Level& level) { simd::ZhuForwardCell(g, width, level); },
                  [=](const simd::Level& level) { simd::ZhuBackwardCell(g, width, level); }},
                 {[=](const simd::Level& level) { simd::ZhuForwardOutput(g, width, level); },
                  [=](const simd::Level& level) { simd::ZhuBackwardOutput(g, width, level); }}};
  cell.gates = {{"i", kNode, "i"},
                {"f", kLeft, "f_l", false},
                {"f", kRight, "f_r", false},
                {"o", kNode, "o"}};
  return cell;
}

}  // namespace grove
