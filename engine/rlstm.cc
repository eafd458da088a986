#include "engine/rlstm.h"

#include <algorithm>
#include <string>
#include <utility>

#include "simd/aligned.h"
#include "simd/rlstm_cell.h"

namespace grove {
namespace {

using simd::Gate;
using simd::Projection;

// The matrices W_ and W_c of the gates, in the order of their numbers among the tensors.
constexpr std::pair<const char*, Projection> kGateColumns[] = {{"i1", Projection::kIOwn},
                                                               {"i2", Projection::kISibling},
                                                               {"f1", Projection::kFOwn},
                                                               {"f2", Projection::kFSibling}};

// The blocks that act on a child, by the kind of node it is.
struct ChildBlocks {
  int gates;  // W_f1 | W_i1 | W_i2 | W_f2 on its h, for both sides; see inner_
  int left;   // W_c1 | W_o1
  int right;  // W_c2 | W_o2
};

class Rlstm : public TreeModel {
 public:
  Rlstm(const RunSpec& spec, ParameterLayout& layout);

  int state_width() const override { return 2 * static_cast<int>(n_); }
  void Reserve(size_t rows, size_t leaves) override;
  void Forward(const Parameters& parameters, const Schedule& schedule, const NodeStates& states,
               Keep keep) override;
  void Backward(const Parameters& parameters, const Schedule& schedule, const NodeStates& states,
                float* gradients) override;
  std::vector<GateRows> Gates() const override;

 private:
  const BlockInfo& Block(int index) const { return layout_.blocks()[static_cast<size_t>(index)]; }
  const ChildBlocks& Blocks(size_t level) const { return level == 0 ? leaf_ : inner_; }
  ChildBlocks AddChildBlocks(const RunSpec& spec, ParameterLayout& layout,
                             const std::string& prefix, int gate_inputs);
  // The matrices of the gates by what must be known of every child of a level, and besides of those
  // whose sibling is an inner node: a leaf has no cell, which makes its own forget gate (and so
  // what its sibling adds to that) of no account. Above the leaves they multiply h and c.
  BlockPart AnyGates(size_t level) const {
    const int n = static_cast<int>(n_);
    const BlockInfo& block = Block(Blocks(level).gates);
    return level == 0 ? BlockPart(block, 0, n).Outputs(n, 2 * n)
                      : BlockPart(block).Outputs(0, 3 * n);
  }
  BlockPart BesideInnerGates(size_t level) const {
    const int n = static_cast<int>(n_);
    const BlockInfo& block = Block(Blocks(level).gates);
    return (level == 0 ? BlockPart(block, 0, n) : BlockPart(block)).Outputs(3 * n, n);
  }
  // `gates`: those of the level's first row.
  simd::RlstmLevel Level(const Schedule& schedule, size_t level, const NodeStates& states,
                         Rows gates);
  Rows Gates(const Schedule& schedule, size_t level) const {
    return gates_.From(InnerRow(schedule, schedule.levels[level].begin));
  }
  void Project(const Parameters& parameters, const Schedule& schedule, size_t level,
               const NodeStates& states);
  void BackProject(const Parameters& parameters, const Schedule& schedule, size_t level,
                   const NodeStates& states);
  void WeightGradients(const Schedule& schedule, const NodeStates& states, float* gradients);

  // The cells of all rows, and as the kernels count them: row 0 is that of every leaf, inner row r
  // has r - leaves + 1. The last leaf's own place serves as that row.
  Rows Cells(Rows states) const { return states.Columns(n_); }
  Rows CellsFromLeaves(const Schedule& schedule, Rows states) const {
    return Cells(states).From(schedule.leaves - 1);
  }
  static int32_t InnerRow(const Schedule& schedule, int32_t row) { return row - schedule.leaves; }

  const ParameterLayout& layout_;
  const GemmBackend gemm_;
  const simd::Activation g_;
  const size_t n_;
  // A state row is h | c. In inner_.gates W_cf1 | W_ci1 | W_ci2 | W_cf2, which multiply c, stand
  // below the matrices that multiply h: one product for both.
  ChildBlocks inner_, leaf_;
  int output_;  // W_co
  int bias_;    // b_i | b_f | b_c | b_o

  simd::AlignedArray<float> projections_storage_, gates_storage_;
  Rows projections_;  // (rows, 6n), as simd::Projection; then their gradients
  Rows gates_;        // (inner rows, 7 PadRow(n)), as simd::Gate
};

ChildBlocks Rlstm::AddChildBlocks(const RunSpec& spec, ParameterLayout& layout,
                                  const std::string& prefix, int gate_inputs) {
  const int n = spec.dim;
  const double gate = InitRange(spec.init_fan_gate, n);
  const double cell = InitRange(spec.init_fan_cell, n);
  ChildBlocks blocks;
  blocks.gates = layout.AddBlock(prefix + "gates", gate_inputs);
  for (const auto& [name, column] : kGateColumns) {
    layout.AddTensorAt(blocks.gates, 0, static_cast<int>(column) * n, prefix + "W_" + name, n, n,
                       gate);
  }
  blocks.left = layout.AddBlock(prefix + "left", n);
  layout.AddTensor(blocks.left, prefix + "W_c1", n, cell);
  layout.AddTensor(blocks.left, prefix + "W_o1", n, gate);
  blocks.right = layout.AddBlock(prefix + "right", n);
  layout.AddTensor(blocks.right, prefix + "W_c2", n, cell);
  layout.AddTensor(blocks.right, prefix + "W_o2", n, gate);
  return blocks;
}

Rlstm::Rlstm(const RunSpec& spec, ParameterLayout& layout)
    : layout_(layout),
      gemm_(ParseGemmBackend(spec.gemm)),
      g_(ParseActivation(spec.activation)),
      n_(static_cast<size_t>(spec.dim)) {
  const int n = spec.dim;
  const double gate = InitRange(spec.init_fan_gate, n);
  inner_ = AddChildBlocks(spec, layout, "", 2 * n);
  leaf_ = spec.leaf_weights == "own" ? AddChildBlocks(spec, layout, "leaf.", n) : inner_;
  for (const auto& [name, column] : kGateColumns) {
    layout.AddTensorAt(inner_.gates, n, static_cast<int>(column) * n, std::string("W_c") + name, n,
                       n, gate);
  }
  output_ = layout.AddBlock("output", n);
  layout.AddTensor(output_, "W_co", n, gate);
  bias_ = layout.AddBlock("bias", 1);
  layout.AddBias(bias_, "b_i", n);
  layout.AddBias(bias_, "b_f", n, spec.init_forget_bias);
  layout.AddBias(bias_, "b_c", n);
  layout.AddBias(bias_, "b_o", n);
}

void Rlstm::Reserve(size_t rows, size_t leaves) {
  const size_t projection = simd::PadRow(static_cast<size_t>(Projection::kCount) * n_);
  const size_t gate = static_cast<size_t>(Gate::kCount) * simd::PadRow(n_);
  projections_storage_.Resize(rows * projection);
  gates_storage_.Resize((rows - leaves) * gate);
  projections_ = {projections_storage_.data(), projection};
  gates_ = {gates_storage_.data(), gate};
}

simd::RlstmLevel Rlstm::Level(const Schedule& schedule, size_t level, const NodeStates& states,
                              Rows gates) {
  const LevelRows& rows = schedule.levels[level];
  const int32_t inner = InnerRow(schedule, rows.begin);
  return {.n = n_,
          .rows = static_cast<size_t>(rows.end - rows.begin),
          .above_leaves = level == 1,
          .left = schedule.left.data() + inner,
          .right = schedule.right.data() + inner,
          .left_cell = schedule.left_cell.data() + inner,
          .right_cell = schedule.right_cell.data() + inner,
          .projections = projections_.data,
          .projection_stride = projections_.stride,
          .all_cells = CellsFromLeaves(schedule, states.h).data,
          .cells = Cells(states.h).From(rows.begin).data,
          .h = states.h.From(rows.begin).data,
          .stride = states.h.stride,
          .gates = gates.data};
}

void Rlstm::Forward(const Parameters& parameters, const Schedule& schedule,
                    const NodeStates& states, Keep keep) {
  const float* bias = parameters.weights.data() + Block(bias_).offset;
  const size_t o_segment = static_cast<size_t>(Gate::kO) * simd::PadRow(n_);
  std::fill_n(CellsFromLeaves(schedule, states.h).data, n_, 0.0f);
  Project(parameters, schedule, 0, states);
  for (size_t l = 1; l < schedule.levels.size(); ++l) {
    const LevelRows& rows = schedule.levels[l];
    // Without a backward pass every level uses the same rows: they stay in the nearest cache.
    const Rows gates = keep == Keep::kForBackward ? Gates(schedule, l) : gates_;
    const simd::RlstmLevel level = Level(schedule, l, states, gates);
    simd::RlstmForwardCell(g_, level, bias);
    // zo += W_co cp
    grove::Forward(gemm_, parameters, Block(output_), Cells(states.h).From(rows.begin),
                   rows.end - rows.begin, gates.Columns(o_segment), Write::kAdd);
    simd::RlstmForwardOutput(g_, level);
    Project(parameters, schedule, l, states);
  }
}

std::vector<GateRows> Rlstm::Gates() const {
  using Of = GateRows::Of;
  const auto gate = [this](Gate segment) {
    return gates_.Columns(static_cast<size_t>(segment) * simd::PadRow(n_));
  };
  return {{"i", Of::kLeftChild, true, gate(Gate::kI1)},
          {"i", Of::kRightChild, true, gate(Gate::kI2)},
          {"f", Of::kLeftChild, false, gate(Gate::kF1)},
          {"f", Of::kRightChild, false, gate(Gate::kF2)},
          {"o", Of::kNode, true, gate(Gate::kO)}};
}

void Rlstm::Backward(const Parameters& parameters, const Schedule& schedule,
                     const NodeStates& states, float* gradients) {
  float* dbias = gradients + Block(bias_).offset;
  std::fill_n(dbias, static_cast<size_t>(simd::Bias::kCount) * n_, 0.0f);
  const size_t o_segment = static_cast<size_t>(Gate::kO) * simd::PadRow(n_);
  for (size_t l = schedule.levels.size(); l-- > 1;) {
    const LevelRows& rows = schedule.levels[l];
    const Rows gates = Gates(schedule, l);
    const simd::RlstmLevel level = Level(schedule, l, states, gates);
    const Rows dcells = Cells(states.dh).From(rows.begin);
    BackProject(parameters, schedule, l, states);
    simd::RlstmBackwardOutput(g_, level, states.dh.From(rows.begin).data, dcells.data);
    // dcp += W_co' dzo
    BackwardInput(gemm_, parameters, Block(output_), gates.Columns(o_segment),
                  rows.end - rows.begin, dcells, Write::kAdd);
    simd::RlstmBackwardCell(g_, level, dcells.data, CellsFromLeaves(schedule, states.dh).data,
                            dbias);
  }
  BackProject(parameters, schedule, 0, states);
  WeightGradients(schedule, states, gradients);
}

// What the parents of a level's nodes need of them: the products with h, and above the leaves with
// c.
void Rlstm::Project(const Parameters& parameters, const Schedule& schedule, size_t level,
                    const NodeStates& states) {
  const LevelRows& rows = schedule.levels[level];
  const ChildBlocks& blocks = Blocks(level);
  const size_t side = static_cast<size_t>(Projection::kC) * n_;  // columns of left and right
  grove::Forward(gemm_, parameters, AnyGates(level), states.h.From(rows.begin),
                 rows.root_begin - rows.begin, projections_.From(rows.begin), Write::kReplace);
  grove::Forward(gemm_, parameters, BesideInnerGates(level), states.h.From(rows.beside_begin),
                 rows.beside_end - rows.beside_begin, projections_.From(rows.beside_begin),
                 Write::kReplace);
  grove::Forward(gemm_, parameters, Block(blocks.left), states.h.From(rows.begin),
                 rows.right_begin - rows.begin, projections_.From(rows.begin).Columns(side),
                 Write::kReplace);
  grove::Forward(gemm_, parameters, Block(blocks.right), states.h.From(rows.right_begin),
                 rows.root_begin - rows.right_begin,
                 projections_.From(rows.right_begin).Columns(side), Write::kReplace);
}

// The mirror image of Project: dh and, above the leaves, dc of a level's nodes from the gradients
// of their projections. dc holds what came from the parent's cell; a root has no parent, so it is
// zero.
void Rlstm::BackProject(const Parameters& parameters, const Schedule& schedule, size_t level,
                        const NodeStates& states) {
  const LevelRows& rows = schedule.levels[level];
  const ChildBlocks& blocks = Blocks(level);
  const size_t side = static_cast<size_t>(Projection::kC) * n_;
  if (!schedule.labels_inside) {
    for (int32_t row = rows.begin; row < rows.root_begin; ++row) {
      std::fill_n(states.dh.From(row).data, n_, 0.0f);
    }
  }
  for (int32_t row = rows.root_begin; row < rows.end; ++row) {
    std::fill_n(Cells(states.dh).From(row).data, n_, 0.0f);
  }
  BackwardInput(gemm_, parameters, AnyGates(level), projections_.From(rows.begin),
                rows.root_begin - rows.begin, states.dh.From(rows.begin), Write::kAdd);
  BackwardInput(gemm_, parameters, BesideInnerGates(level), projections_.From(rows.beside_begin),
                rows.beside_end - rows.beside_begin, states.dh.From(rows.beside_begin),
                Write::kAdd);
  BackwardInput(gemm_, parameters, Block(blocks.left), projections_.From(rows.begin).Columns(side),
                rows.right_begin - rows.begin, states.dh.From(rows.begin), Write::kAdd);
  BackwardInput(gemm_, parameters, Block(blocks.right),
                projections_.From(rows.right_begin).Columns(side),
                rows.root_begin - rows.right_begin, states.dh.From(rows.right_begin), Write::kAdd);
}

// dW = sum over the nodes of dz x': one product a matrix over all nodes of the minibatch that it
// was used for. W_f1 of leaves is used for none, and its gradient stays the zero that it was made
// with.
void Rlstm::WeightGradients(const Schedule& schedule, const NodeStates& states, float* gradients) {
  const int n = static_cast<int>(n_);
  const size_t side = static_cast<size_t>(Projection::kC) * n_;
  const Rows h = states.h.From(schedule.leaves);  // of inner nodes
  const Rows dz = projections_.From(schedule.leaves);
  BackwardWeights(gemm_, AnyGates(0), states.h, projections_, schedule.leaf_children, gradients);
  BackwardWeights(gemm_, BesideInnerGates(0), states.h, projections_, schedule.leaves_beside_inner,
                  gradients);
  BackwardWeights(gemm_, Block(leaf_.left), states.h, projections_.Columns(side),
                  schedule.left_leaves, gradients);
  BackwardWeights(gemm_, Block(leaf_.right), states.h, projections_.Columns(side),
                  schedule.right_leaves, gradients);
  if (leaf_.gates == inner_.gates) {
    // Shared: the inner nodes add to what the leaves wrote. W_f1 and what multiplies c had no
    // leaves.
    const BlockPart gates = BlockPart(Block(inner_.gates), 0, n);
    const BlockPart cell_gates = BlockPart(Block(inner_.gates), n, n);
    const auto inner = [&](const BlockPart& part, int first, int count, Rows inputs,
                           const RowRanges& ranges, Write write) {
      BackwardWeights(gemm_, part.Outputs(first * n, count * n), inputs, dz, ranges, gradients,
                      write);
    };
    inner(gates, 0, 1, h, schedule.inner_children, Write::kReplace);
    inner(gates, 1, 2, h, schedule.inner_children, Write::kAdd);
    inner(gates, 3, 1, h, schedule.inner_beside_inner, Write::kAdd);
    inner(cell_gates, 0, 3, Cells(h), schedule.inner_children, Write::kReplace);
    inner(cell_gates, 3, 1, Cells(h), schedule.inner_beside_inner, Write::kReplace);
  } else {
    BackwardWeights(gemm_, AnyGates(1), h, dz, schedule.inner_children, gradients);
    BackwardWeights(gemm_, BesideInnerGates(1), h, dz, schedule.inner_beside_inner, gradients);
  }
  const Write write = leaf_.left == inner_.left ? Write::kAdd : Write::kReplace;
  BackwardWeights(gemm_, Block(inner_.left), h, dz.Columns(side), schedule.left_inner, gradients,
                  write);
  BackwardWeights(gemm_, Block(inner_.right), h, dz.Columns(side), schedule.right_inner, gradients,
                  write);
  BackwardWeights(gemm_, Block(output_), Cells(h),
                  gates_.Columns(static_cast<size_t>(Gate::kO) * simd::PadRow(n_)),
                  schedule.inner_rows, gradients);
}

}  // namespace

std::unique_ptr<TreeModel> MakeRlstm(const RunSpec& spec, ParameterLayout& layout) {
  return std::make_unique<Rlstm>(spec, layout);
}

}  // namespace grove
