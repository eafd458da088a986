#include "engine/rlstm.h"

#include <algorithm>
#include <string>

#include "simd/aligned.h"
#include "simd/rlstm_cell.h"

namespace grove {
namespace {

using simd::Gate;
using simd::Projection;

// The blocks that act on the h of a child, by the kind of node it is.
struct ChildBlocks {
  int gates;  // W_i1 | W_i2 | W_f1 | W_f2: both sides
  int left;   // W_c1 | W_o1
  int right;  // W_c2 | W_o2
};

class Rlstm : public TreeModel {
 public:
  Rlstm(const RunSpec& spec, ParameterLayout& layout);

  void Reserve(size_t rows, size_t leaves) override;
  void Forward(const Parameters& parameters, const Schedule& schedule,
               const NodeStates& states) override;
  void Backward(const Parameters& parameters, const Schedule& schedule, const NodeStates& states,
                float* gradients) override;

 private:
  const BlockInfo& Block(int index) const { return layout_.blocks()[static_cast<size_t>(index)]; }
  const ChildBlocks& Blocks(size_t level) const { return level == 0 ? leaf_ : inner_; }
  ChildBlocks AddChildBlocks(const RunSpec& spec, ParameterLayout& layout,
                             const std::string& prefix);
  simd::RlstmLevel Level(const Schedule& schedule, size_t level, const NodeStates& states);
  void Project(const Parameters& parameters, const Schedule& schedule, size_t level,
               const NodeStates& states);
  void BackProject(const Parameters& parameters, const Schedule& schedule, size_t level,
                   const NodeStates& states);
  void WeightGradients(const Schedule& schedule, const NodeStates& states, float* gradients);

  // Rows of inner nodes only: row of the minibatch -> row here. Cells begin with the leaves' zeros.
  static int32_t InnerRow(const Schedule& schedule, int32_t row) { return row - schedule.leaves; }
  static int32_t CellRow(const Schedule& schedule, int32_t row) {
    return row - schedule.leaves + 1;
  }

  const ParameterLayout& layout_;
  const GemmBackend gemm_;
  const simd::Activation g_;
  const size_t n_;
  ChildBlocks inner_, leaf_;
  int cell_;    // W_ci1 | W_ci2 | W_cf1 | W_cf2
  int output_;  // W_co
  int bias_;    // b_i | b_f | b_c | b_o

  simd::AlignedArray<float> storage_[6];
  Rows projections_;  // (rows, 6n), as simd::Projection; then their gradients
  Rows cells_;        // (1 + inner rows, n): c, row 0 zero
  Rows dcells_;       // the same: dJ/dc; row 0 collects what means nothing
  Rows squashed_;     // (inner rows, n): g(c)
  Rows gates_;        // (inner rows, 6 PadRow(n)), as simd::Gate
};

ChildBlocks Rlstm::AddChildBlocks(const RunSpec& spec, ParameterLayout& layout,
                                  const std::string& prefix) {
  const int n = spec.dim;
  const double gate = InitRange(spec.init_fan_gate, n);
  const double cell = InitRange(spec.init_fan_cell, n);
  ChildBlocks blocks;
  blocks.gates = layout.AddBlock(prefix + "gates", n);
  for (const char* name : {"W_i1", "W_i2", "W_f1", "W_f2"}) {
    layout.AddTensor(blocks.gates, prefix + name, n, gate);
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
  inner_ = AddChildBlocks(spec, layout, "");
  leaf_ = spec.leaf_weights == "own" ? AddChildBlocks(spec, layout, "leaf.") : inner_;
  cell_ = layout.AddBlock("cell", n);
  for (const char* name : {"W_ci1", "W_ci2", "W_cf1", "W_cf2"}) {
    layout.AddTensor(cell_, name, n, gate);
  }
  output_ = layout.AddBlock("output", n);
  layout.AddTensor(output_, "W_co", n, gate);
  bias_ = layout.AddBlock("bias", 1);
  for (const char* name : {"b_i", "b_f", "b_c", "b_o"}) layout.AddBias(bias_, name, n);
}

void Rlstm::Reserve(size_t rows, size_t leaves) {
  const size_t padded = simd::PadRow(n_);
  const size_t inner = rows - leaves;
  const auto make = [&](int i, size_t count, size_t stride) {
    storage_[i].Resize(count * stride);
    return Rows{storage_[i].data(), stride};
  };
  projections_ = make(0, rows, simd::PadRow(static_cast<size_t>(Projection::kCount) * n_));
  cells_ = make(1, inner + 1, padded);
  dcells_ = make(2, inner + 1, padded);
  squashed_ = make(3, inner, padded);
  gates_ = make(4, inner, static_cast<size_t>(Gate::kCount) * padded);
}

simd::RlstmLevel Rlstm::Level(const Schedule& schedule, size_t level, const NodeStates& states) {
  const LevelRows& rows = schedule.levels[level];
  const int32_t inner = InnerRow(schedule, rows.begin);
  return {.n = n_,
          .rows = static_cast<size_t>(rows.end - rows.begin),
          .left = schedule.left.data() + inner,
          .right = schedule.right.data() + inner,
          .left_cell = schedule.left_cell.data() + inner,
          .right_cell = schedule.right_cell.data() + inner,
          .projections = projections_.data,
          .projection_stride = projections_.stride,
          .all_cells = cells_.data,
          .cells = cells_.From(CellRow(schedule, rows.begin)).data,
          .squashed = squashed_.From(inner).data,
          .h = states.h.From(rows.begin).data,
          .stride = cells_.stride,
          .gates = gates_.From(inner).data};
}

void Rlstm::Forward(const Parameters& parameters, const Schedule& schedule,
                    const NodeStates& states) {
  const float* bias = parameters.weights.data() + Block(bias_).offset;
  const size_t o_segment = static_cast<size_t>(Gate::kO) * simd::PadRow(n_);
  Project(parameters, schedule, 0, states);
  for (size_t l = 1; l < schedule.levels.size(); ++l) {
    const LevelRows& rows = schedule.levels[l];
    const simd::RlstmLevel level = Level(schedule, l, states);
    simd::RlstmForwardCell(g_, level, bias);
    // zo += W_co cp
    grove::Forward(gemm_, parameters, Block(output_), cells_.From(CellRow(schedule, rows.begin)),
                   rows.end - rows.begin,
                   gates_.From(InnerRow(schedule, rows.begin)).Columns(o_segment), Write::kAdd);
    simd::RlstmForwardOutput(g_, level);
    Project(parameters, schedule, l, states);
  }
}

void Rlstm::Backward(const Parameters& parameters, const Schedule& schedule,
                     const NodeStates& states, float* gradients) {
  float* dbias = gradients + Block(bias_).offset;
  std::fill_n(dbias, static_cast<size_t>(simd::Bias::kCount) * n_, 0.0f);
  const size_t o_segment = static_cast<size_t>(Gate::kO) * simd::PadRow(n_);
  for (size_t l = schedule.levels.size(); l-- > 1;) {
    const LevelRows& rows = schedule.levels[l];
    const simd::RlstmLevel level = Level(schedule, l, states);
    const Rows dcells = dcells_.From(CellRow(schedule, rows.begin));
    BackProject(parameters, schedule, l, states);
    simd::RlstmBackwardOutput(g_, level, states.dh.From(rows.begin).data, dcells.data);
    // dcp += W_co' dzo
    BackwardInput(gemm_, parameters, Block(output_),
                  gates_.From(InnerRow(schedule, rows.begin)).Columns(o_segment),
                  rows.end - rows.begin, dcells, Write::kAdd);
    simd::RlstmBackwardCell(g_, level, dcells.data, dcells_.data, dbias);
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
  const int32_t children = rows.root_begin - rows.begin;
  const size_t side = static_cast<size_t>(Projection::kC) * n_;  // columns of left and right
  grove::Forward(gemm_, parameters, Block(blocks.gates), states.h.From(rows.begin), children,
                 projections_.From(rows.begin), Write::kReplace);
  if (level > 0) {
    grove::Forward(gemm_, parameters, Block(cell_), cells_.From(CellRow(schedule, rows.begin)),
                   children, projections_.From(rows.begin), Write::kAdd);
  }
  grove::Forward(gemm_, parameters, Block(blocks.left), states.h.From(rows.begin),
                 rows.right_begin - rows.begin, projections_.From(rows.begin).Columns(side),
                 Write::kReplace);
  grove::Forward(gemm_, parameters, Block(blocks.right), states.h.From(rows.right_begin),
                 rows.root_begin - rows.right_begin,
                 projections_.From(rows.right_begin).Columns(side), Write::kReplace);
}

// The mirror image of Project: dh and, above the leaves, dc of a level's nodes from the gradients
// of their projections. A root has no parent: the dc that reaches it from above is zero.
void Rlstm::BackProject(const Parameters& parameters, const Schedule& schedule, size_t level,
                        const NodeStates& states) {
  const LevelRows& rows = schedule.levels[level];
  const ChildBlocks& blocks = Blocks(level);
  const int32_t children = rows.root_begin - rows.begin;
  const size_t side = static_cast<size_t>(Projection::kC) * n_;
  const Rows dprojections = projections_.From(rows.begin);
  BackwardInput(gemm_, parameters, Block(blocks.gates), dprojections, children,
                states.dh.From(rows.begin), schedule.labels_inside ? Write::kAdd : Write::kReplace);
  BackwardInput(gemm_, parameters, Block(blocks.left), dprojections.Columns(side),
                rows.right_begin - rows.begin, states.dh.From(rows.begin), Write::kAdd);
  BackwardInput(gemm_, parameters, Block(blocks.right),
                projections_.From(rows.right_begin).Columns(side),
                rows.root_begin - rows.right_begin, states.dh.From(rows.right_begin), Write::kAdd);
  if (level == 0) return;
  BackwardInput(gemm_, parameters, Block(cell_), dprojections, children,
                dcells_.From(CellRow(schedule, rows.begin)), Write::kAdd);
  if (rows.end > rows.root_begin) {
    std::fill_n(dcells_.From(CellRow(schedule, rows.root_begin)).data,
                static_cast<size_t>(rows.end - rows.root_begin) * dcells_.stride, 0.0f);
  }
}

// dW = sum over the nodes of dz x': one product a block over all nodes of the minibatch.
void Rlstm::WeightGradients(const Schedule& schedule, const NodeStates& states, float* gradients) {
  const auto child_blocks = [&](const ChildBlocks& blocks, Rows h, Rows dprojections,
                                const RowRanges& children, const RowRanges& left,
                                const RowRanges& right) {
    const Rows dsides = dprojections.Columns(static_cast<size_t>(Projection::kC) * n_);
    BackwardWeights(gemm_, Block(blocks.gates), h, dprojections, children, gradients);
    BackwardWeights(gemm_, Block(blocks.left), h, dsides, left, gradients);
    BackwardWeights(gemm_, Block(blocks.right), h, dsides, right, gradients);
  };
  const Rows inner_dprojections = projections_.From(schedule.leaves);
  if (leaf_.gates == inner_.gates) {
    child_blocks(inner_, states.h, projections_, schedule.children, schedule.left_children,
                 schedule.right_children);
  } else {
    child_blocks(leaf_, states.h, projections_, schedule.leaf_children, schedule.left_leaves,
                 schedule.right_leaves);
    child_blocks(inner_, states.h.From(schedule.leaves), inner_dprojections,
                 schedule.inner_children, schedule.left_inner, schedule.right_inner);
  }
  const Rows cells = cells_.From(1);  // of inner nodes, without the leaves' zeros
  BackwardWeights(gemm_, Block(cell_), cells, inner_dprojections, schedule.inner_children,
                  gradients);
  BackwardWeights(gemm_, Block(output_), cells,
                  gates_.Columns(static_cast<size_t>(Gate::kO) * simd::PadRow(n_)),
                  schedule.inner_rows, gradients);
}

}  // namespace

std::unique_ptr<TreeModel> MakeRlstm(const RunSpec& spec, ParameterLayout& layout) {
  return std::make_unique<Rlstm>(spec, layout);
}

}  // namespace grove
