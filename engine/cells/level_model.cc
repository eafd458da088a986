#include "engine/cells/level_model.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "engine/cells/cell_blocks.h"

namespace grove {
namespace {

// Rows of the level that a part multiplies.
std::pair<int32_t, int32_t> RowsOf(const LevelRows& level, const ProductPart& part) {
  if (part.who == Who::kNode) return {level.begin, level.end};
  const bool left = part.who != Who::kRight, right = part.who != Who::kLeft;
  const int32_t first = part.beside_inner ? level.beside_begin : level.begin;
  const int32_t last = part.beside_inner ? level.beside_end : level.root_begin;
  return {left ? first : level.right_begin, right ? last : level.right_begin};
}

// All of them in the minibatch; those of inner nodes are counted from row `leaves`.
const RowRanges& RangesOf(const Schedule& schedule, bool of_leaves, const ProductPart& part) {
  if (part.who == Who::kNode) return schedule.inner_rows;
  if (part.who == Who::kLeft) return of_leaves ? schedule.left_leaves : schedule.left_inner;
  if (part.who == Who::kRight) return of_leaves ? schedule.right_leaves : schedule.right_inner;
  if (of_leaves) return part.beside_inner ? schedule.leaves_beside_inner : schedule.leaf_children;
  return part.beside_inner ? schedule.inner_beside_inner : schedule.inner_children;
}

int PaddedBegin(const std::vector<Segment>& segments, size_t index) {
  size_t begin = 0;
  for (size_t i = 0; i < index; ++i) begin += simd::PadRow(static_cast<size_t>(segments[i].width));
  return static_cast<int>(begin);
}

// Adds the parts of a block that leaves, or inner nodes, go through: runs of outputs that the same
// nodes need.
void AddParts(const CellTable& cell, const CellBlock& block, bool for_leaves,
              std::vector<ProductPart>& parts) {
  const bool of_node = block.who == Who::kNode;
  const std::vector<Segment>& outputs = of_node ? cell.activations : cell.projections;
  ProductPart part;
  part.who = block.who;
  part.stage = block.stage;
  part.block = block.index;
  part.x = static_cast<size_t>(SegmentBegin(cell.state, block.in[0]));
  part.z = static_cast<size_t>(of_node ? PaddedBegin(outputs, block.out[0])
                                       : SegmentBegin(outputs, block.out[0]));
  for (const size_t in : block.in) {
    if (for_leaves && in > 0) break;  // a leaf has h alone
    part.inputs += cell.state[in].width;
  }
  int output = 0;
  bool open = false;  // whether the last part goes on
  for (size_t i = 0; i < block.out.size(); ++i) {
    const int width = outputs[block.out[i]].width;
    const bool beside = block.needed[i] == Needed::kBesideInner;
    if (for_leaves && block.needed[i] == Needed::kOfInner) {
      open = false;
    } else if (open && parts.back().beside_inner == beside) {
      parts.back().outputs += width;
    } else {
      part.output = output;
      part.outputs = width;
      part.beside_inner = beside;
      parts.push_back(part);
      open = true;
    }
    output += width;
  }
}

// Cuts `part` into pieces of which `before`, the parts that wrote a gradient already, covers all or
// nothing.
template <class WeightPart>
void CutByWritten(const ProductPart& part, const std::vector<ProductPart>& before,
                  std::vector<WeightPart>& pieces) {
  const auto is_written = [&](int input, int output) {
    return std::any_of(before.begin(), before.end(), [&](const ProductPart& b) {
      return b.block == part.block && input >= b.input && input < b.input + b.inputs &&
             output >= b.output && output < b.output + b.outputs;
    });
  };
  // Where pieces may begin and end: the ends of what was written.
  std::vector<int> rows = {part.input, part.input + part.inputs};
  std::vector<int> columns = {part.output, part.output + part.outputs};
  for (const ProductPart& b : before) {
    if (b.block != part.block) continue;
    for (const int row : {b.input, b.input + b.inputs}) {
      if (row > part.input && row < part.input + part.inputs) rows.push_back(row);
    }
    for (const int column : {b.output, b.output + b.outputs}) {
      if (column > part.output && column < part.output + part.outputs) columns.push_back(column);
    }
  }
  for (std::vector<int>* ends : {&rows, &columns}) {
    std::sort(ends->begin(), ends->end());
    ends->erase(std::unique(ends->begin(), ends->end()), ends->end());
  }
  for (size_t r = 0; r + 1 < rows.size(); ++r) {
    for (size_t c = 0; c + 1 < columns.size(); ++c) {
      ProductPart piece = part;
      piece.x += static_cast<size_t>(rows[r] - part.input);
      piece.input = rows[r];
      piece.inputs = rows[r + 1] - rows[r];
      piece.output = columns[c];
      piece.outputs = columns[c + 1] - columns[c];
      const Write write = is_written(rows[r], columns[c]) ? Write::kAdd : Write::kReplace;
      pieces.push_back({piece, write});
    }
  }
}

// Whether every child goes through exactly one part, which gives all of its gradient.
bool HasOnePartARow(const std::vector<ProductPart>& parts, int state_width) {
  int left = 0, right = 0;
  for (const ProductPart& part : parts) {
    if (part.beside_inner || part.inputs != state_width) return false;
    left += part.who != Who::kRight ? 1 : 0;
    right += part.who != Who::kLeft ? 1 : 0;
  }
  return left == 1 && right == 1;
}

}  // namespace

LevelModel::LevelModel(CellTable cell, ParameterLayout& layout)
    : cell_(std::move(cell)), layout_(layout) {
  const std::vector<CellBlock> blocks = AddBlocks(cell_, layout);
  for (const CellBlock& block : blocks) {
    if (block.who == Who::kNode) {
      assert(block.out.size() == 1);  // activations are padded, blocks are not
      AddParts(cell_, block, false, node_);
      continue;
    }
    if (!block.of_leaves) AddParts(cell_, block, false, children_[kInner]);
    if (block.of_leaves == cell_.own_leaf_weights) AddParts(cell_, block, true, children_[kLeaves]);
  }
  for (const ProductPart& part : children_[kLeaves]) {
    weights_[kLeaves].push_back({part, Write::kReplace});
  }
  for (const ProductPart& part : children_[kInner]) {
    CutByWritten(part, children_[kLeaves], weights_[kInner]);
  }
  bias_ = static_cast<int>(layout.blocks().size()) - 1;
  for (const Bias& bias : cell_.biases) bias_count_ += bias.width;
  state_width_ = SegmentBegin(cell_.state, cell_.state.size());
  projection_stride_ =
      simd::PadRow(static_cast<size_t>(SegmentBegin(cell_.projections, cell_.projections.size())));
  activation_stride_ =
      static_cast<size_t>(PaddedBegin(cell_.activations, cell_.activations.size()));
  one_part_a_row_ = HasOnePartARow(children_[kInner], state_width_);
}

size_t LevelModel::ReservedFloats(size_t rows, size_t leaves) const {
  return rows * projection_stride_ + (rows - leaves) * activation_stride_;
}

void LevelModel::Reserve(size_t rows, size_t leaves) {
  projections_storage_.Resize(rows * projection_stride_);
  activations_storage_.Resize((rows - leaves) * activation_stride_);
  projections_ = {projections_storage_.data(), projection_stride_};
  activations_ = {activations_storage_.data(), activation_stride_};
}

LevelView LevelModel::View(const Schedule& schedule, size_t level, const NodeStates& states) const {
  const LevelRows& rows = schedule.levels[level];
  const int32_t inner = rows.begin - schedule.leaves;
  return {.rows = static_cast<size_t>(rows.end - rows.begin),
          .above_leaves = level == 1,
          .first = rows.begin,
          .leaves = schedule.leaves,
          .left = schedule.left.data() + inner,
          .right = schedule.right.data() + inner,
          .left_cell = schedule.left_cell.data() + inner,
          .right_cell = schedule.right_cell.data() + inner,
          .state = states.h,
          .dstate = states.dh,
          .projections = projections_,
          .activations = activations_.From(inner),
          .biases = nullptr,
          .dbiases = nullptr};
}

void LevelModel::Forward(const Parameters& parameters, const Schedule& schedule,
                         const NodeStates& states, Keep keep) {
  const size_t h = static_cast<size_t>(cell_.state[0].width);
  const size_t beyond_h = static_cast<size_t>(state_width_) - h;
  // What a leaf does not have is zero in the row of the last leaf, which stands for all of them.
  std::fill_n(states.h.From(schedule.leaves - 1).Columns(h).data, beyond_h, 0.0f);
  Project(parameters, schedule, 0, states);
  for (size_t l = 1; l < schedule.levels.size(); ++l) {
    LevelView view = View(schedule, l, states);
    view.biases = parameters.weights.data() + Block(bias_).offset;
    // Without a backward pass every level uses the same rows: they stay in the nearest cache.
    if (keep == Keep::kNothing) view.activations = activations_;
    for (size_t stage = 0; stage < cell_.stages.size(); ++stage) {
      for (const ProductPart& part : node_) {
        if (part.stage != stage) continue;
        grove::Forward(cell_.gemm, parameters, PartOf(part),
                       states.h.From(view.first).Columns(part.x), static_cast<int32_t>(view.rows),
                       view.activations.Columns(part.z), Write::kAdd);
      }
      cell_.stages[stage].forward(view);
    }
    Project(parameters, schedule, l, states);
  }
}

void LevelModel::Backward(const Parameters& parameters, const Schedule& schedule,
                          const NodeStates& states, float* gradients) {
  float* dbiases = gradients + Block(bias_).offset;
  std::fill_n(dbiases, bias_count_, 0.0f);
  for (size_t l = schedule.levels.size(); l-- > 1;) {
    LevelView view = View(schedule, l, states);
    view.dbiases = dbiases;
    BackProject(parameters, schedule, l, states);
    for (size_t stage = cell_.stages.size(); stage-- > 0;) {
      cell_.stages[stage].backward(view);
      for (const ProductPart& part : node_) {
        if (part.stage != stage) continue;
        BackwardInput(cell_.gemm, parameters, PartOf(part), view.activations.Columns(part.z),
                      static_cast<int32_t>(view.rows), states.dh.From(view.first).Columns(part.x),
                      Write::kAdd);
      }
    }
  }
  BackProject(parameters, schedule, 0, states);
  WeightGradients(schedule, states, gradients);
}

// What the parents of a level's nodes need of them.
void LevelModel::Project(const Parameters& parameters, const Schedule& schedule, size_t level,
                         const NodeStates& states) {
  for (const ProductPart& part : Children(level)) {
    const auto [begin, end] = RowsOf(schedule.levels[level], part);
    grove::Forward(cell_.gemm, parameters, PartOf(part), states.h.From(begin).Columns(part.x),
                   end - begin, projections_.From(begin).Columns(part.z), Write::kReplace);
  }
}

// The mirror image of Project: the gradients of a level's states from those of their projections.
// What is not h holds what came from the parent's cell; a root has no parent, so it is zero.
void LevelModel::BackProject(const Parameters& parameters, const Schedule& schedule, size_t level,
                             const NodeStates& states) {
  const LevelRows& rows = schedule.levels[level];
  const size_t h = static_cast<size_t>(cell_.state[0].width);
  const bool replace = one_part_a_row_ && !schedule.labels_inside;
  if (!schedule.labels_inside && !replace) {
    for (int32_t row = rows.begin; row < rows.root_begin; ++row) {
      std::fill_n(states.dh.From(row).data, h, 0.0f);
    }
  }
  for (int32_t row = rows.root_begin; row < rows.end; ++row) {
    std::fill_n(states.dh.From(row).Columns(h).data, static_cast<size_t>(state_width_) - h, 0.0f);
  }
  for (const ProductPart& part : Children(level)) {
    const auto [begin, end] = RowsOf(rows, part);
    BackwardInput(cell_.gemm, parameters, PartOf(part), projections_.From(begin).Columns(part.z),
                  end - begin, states.dh.From(begin).Columns(part.x),
                  replace ? Write::kReplace : Write::kAdd);
  }
}

// dW = sum over the nodes of dz x': one product a part over all nodes of the minibatch that went
// through it. What none went through keeps the zero that its gradient was made with.
void LevelModel::WeightGradients(const Schedule& schedule, const NodeStates& states,
                                 float* gradients) {
  for (const Kind kind : {kLeaves, kInner}) {
    const bool of_leaves = kind == kLeaves;
    const int32_t first = of_leaves ? 0 : schedule.leaves;
    for (const auto& [part, write] : weights_[kind]) {
      BackwardWeights(cell_.gemm, PartOf(part), states.h.From(first).Columns(part.x),
                      projections_.From(first).Columns(part.z), RangesOf(schedule, of_leaves, part),
                      gradients, write);
    }
  }
  for (const ProductPart& part : node_) {
    BackwardWeights(cell_.gemm, PartOf(part), states.h.From(schedule.leaves).Columns(part.x),
                    activations_.Columns(part.z), RangesOf(schedule, false, part), gradients);
  }
}

std::vector<GateRows> LevelModel::Gates() const {
  std::vector<GateRows> gates;
  for (const GateOf& gate : cell_.gates) {
    const auto column = static_cast<size_t>(
        PaddedBegin(cell_.activations, SegmentIndex(cell_.activations, gate.segment)));
    gates.push_back({gate, activations_.Columns(column)});
  }
  return gates;
}

}  // namespace grove
