#include "engine/cells/rlstm.h"

#include "engine/cells/model.h"
#include "simd/rlstm_cell.h"

namespace grove {
namespace {

simd::RlstmLevel Level(size_t n, const LevelView& view) {
  return {.n = n,
          .rows = view.rows,
          .above_leaves = view.above_leaves,
          .left = view.left,
          .right = view.right,
          .left_cell = view.left_cell,
          .right_cell = view.right_cell,
          .projections = view.projections.data,
          .projection_stride = view.projections.stride,
          .all_cells = view.state.Columns(n).From(view.leaves - 1).data,
          .cells = view.state.Columns(n).From(view.first).data,
          .h = view.state.From(view.first).data,
          .stride = view.state.stride,
          .gates = view.activations.data};
}

// The two halves of the cell: up to cp, and from zo, to which W_co cp was added in between.
std::vector<Stage> Stages(size_t n, simd::Activation g) {
  return {{[=](const LevelView& view) { simd::RlstmForwardCell(g, Level(n, view), view.biases); },
           [=](const LevelView& view) {
             simd::RlstmBackwardCell(
                 g, Level(n, view), view.dstate.Columns(n).From(view.first).data,
                 view.dstate.Columns(n).From(view.leaves - 1).data, view.dbiases);
           }},
          {[=](const LevelView& view) { simd::RlstmForwardOutput(g, Level(n, view)); },
           [=](const LevelView& view) {
             const Rows dh = view.dstate.From(view.first);
             simd::RlstmBackwardOutput(g, Level(n, view), dh.data, dh.Columns(n).data);
           }}};
}

}  // namespace

CellTable MakeRlstm(const RunSpec& spec) {
  using Of = GateOf::Of;
  constexpr Who kEach = Who::kEachChild, kLeft = Who::kLeft, kRight = Who::kRight;
  const int n = spec.dim;
  const double gate = InitRange(spec.init_fan_gate, n);
  const double input = InitRange(spec.init_fan_cell, n);
  CellTable cell;
  cell.state = {{"h", n}, {"c", n}};
  // Own: what a child adds to its own gate; sibling: what it adds to that of the other child.
  cell.projections = {{"f_own", n},     {"i_own", n}, {"i_sibling", n},
                      {"f_sibling", n}, {"c", n},     {"o", n}};
  cell.activations = {{"i1", n}, {"i2", n}, {"f1", n}, {"f2", n}, {"u", n}, {"o", n}, {"t", n}};
  // A leaf has no cell, so that its forget gate multiplies zero and need not be known.
  cell.products = {{"W_i1", kEach, "h", "i_own", gate},
                   {"W_i2", kEach, "h", "i_sibling", gate},
                   {"W_f1", kEach, "h", "f_own", gate, Needed::kOfInner},
                   {"W_f2", kEach, "h", "f_sibling", gate, Needed::kBesideInner},
                   {"W_c1", kLeft, "h", "c", input},
                   {"W_o1", kLeft, "h", "o", gate},
                   {"W_c2", kRight, "h", "c", input},
                   {"W_o2", kRight, "h", "o", gate},
                   {"W_ci1", kEach, "c", "i_own", gate},
                   {"W_ci2", kEach, "c", "i_sibling", gate},
                   {"W_cf1", kEach, "c", "f_own", gate, Needed::kOfInner},
                   {"W_cf2", kEach, "c", "f_sibling", gate, Needed::kBesideInner},
                   {"W_co", Who::kNode, "c", "o", gate, Needed::kAlways, 1}};
  cell.biases = {{"b_i", n}, {"b_f", n, spec.init_forget_bias}, {"b_c", n}, {"b_o", n}};
  cell.stages = Stages(static_cast<size_t>(n), ParseActivation(spec.activation));
  cell.gates = {{"i", Of::kLeftChild, true, "i1"},
                {"i", Of::kRightChild, true, "i2"},
                {"f", Of::kLeftChild, false, "f1"},
                {"f", Of::kRightChild, false, "f2"},
                {"o", Of::kNode, true, "o"}};
  return cell;
}

}  // namespace grove
