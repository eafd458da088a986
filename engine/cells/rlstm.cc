#include "engine/cells/rlstm.h"

#include <iterator>

#include "engine/cells/model.h"
#include "simd/rlstm_cell.h"

namespace grove {
namespace {

simd::RlstmLevel Level(size_t n, const simd::Level& view) {
  return {.n = n,
          .rows = view.rows,
          .above_leaves = view.above_leaves,
          .left = view.child[kLeft],
          .right = view.child[kRight],
          .leaves = view.leaves,
          .missing = view.missing,
          .projections = view.projections.data,
          .projection_stride = view.projections.stride,
          .all_cells = view.state.Columns(n).From(view.leaves - 1).data,
          .cells = view.state.Columns(n).From(view.first).data,
          .h = view.out.data,
          .h_stride = view.out.stride,
          .stride = view.state.stride,
          .gates = view.activations.data,
          .gate_stride = view.activations.stride};
}

// The two halves of the cell: up to cp, and from zo, to which W_co cp was added in between.
std::vector<Stage> Stages(size_t n, simd::Activation g) {
  return {{[=](const simd::Level& view) { simd::RlstmForwardCell(g, Level(n, view), view.biases); },
           [=](const simd::Level& view) {
             simd::RlstmBackwardCell(
                 g, Level(n, view), view.dstate.Columns(n).From(view.first).data,
                 view.dstate.Columns(n).From(view.leaves - 1).data, view.dbiases);
           }},
          {[=](const simd::Level& view) { simd::RlstmForwardOutput(g, Level(n, view)); },
           [=](const simd::Level& view) {
             simd::RlstmBackwardOutput(g, Level(n, view), view.dout.data,
                                       view.dstate.Columns(n).From(view.first).data);
           }}};
}

}  // namespace

CellTable MakeRlstm(const RunSpec& spec) {
  const int n = spec.dim;
  const double gate = InitRange(spec.init_fan_gate, n);
  const double input = InitRange(spec.init_fan_cell, n);
  CellTable cell = TableOf(spec);
  cell.state = {{"h", n}, {"c", n}};
  // Own: what a child adds to its own gate; sibling: what it adds to that of the other child.
  cell.projections = {{"f_own", n},     {"i_own", n}, {"i_sibling", n},
                      {"f_sibling", n}, {"c", n},     {"o", n}};
  cell.activations = {{"i1", n}, {"i2", n}, {"f1", n}, {"f2", n}, {"u", n}, {"o", n}, {"t", n}};
  // A leaf has no cell, so that its forget gate multiplies zero and need not be known.
  cell.products = {{"W_i1", kEachChild, "h", "i_own", gate},
                   {"W_i2", kEachChild, "h", "i_sibling", gate},
                   {"W_f1", kEachChild, "h", "f_own", gate, Needed::kOfInner},
                   {"W_f2", kEachChild, "h", "f_sibling", gate, Needed::kBesideInner},
                   {"W_c1", kLeft, "h", "c", input},
                   {"W_o1", kLeft, "h", "o", gate},
                   {"W_c2", kRight, "h", "c", input},
                   {"W_o2", kRight, "h", "o", gate}};
  if (spec.cell_to_gate) {
    const Product connections[] = {
        {"W_ci1", kEachChild, "c", "i_own", gate},
        {"W_ci2", kEachChild, "c", "i_sibling", gate},
        {"W_cf1", kEachChild, "c", "f_own", gate, Needed::kOfInner},
        {"W_cf2", kEachChild, "c", "f_sibling", gate, Needed::kBesideInner},
        {"W_co", kNode, "c", "o", gate, Needed::kAlways, 1}};
    cell.products.insert(cell.products.end(), std::begin(connections), std::end(connections));
  }
  cell.biases = {{"b_i", n}, {"b_f", n, spec.init_forget_bias}, {"b_c", n}, {"b_o", n}};
  cell.stages = Stages(static_cast<size_t>(n), ParseActivation(spec.activation));
  cell.gates = {{"i", kLeft, "i1"},
                {"i", kRight, "i2"},
                {"f", kLeft, "f1", false},
                {"f", kRight, "f2", false},
                {"o", kNode, "o"}};
  return cell;
}

}  // namespace grove
