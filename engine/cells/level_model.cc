#include "engine/cells/level_model.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "engine/cells/product_parts.h"

namespace grove {

LevelModel::LevelModel(CellTable cell, ParameterLayout& layout)
    : cell_(std::move(cell)), layout_(layout) {
  needs_.places = cell_.places;
  for (const CellBlock& block : AddBlocks(cell_, layout)) AddParts(block);
  OrderWeightGradients();
  bias_ = static_cast<int>(layout.blocks().size()) - 1;
  for (const Bias& bias : cell_.biases) bias_count_ += bias.width;
  const auto width = [&](RowArray array) {
    return ColumnOf(cell_, array, SegmentsOf(cell_, array).size());
  };
  h_width_ = static_cast<size_t>(cell_.state[0].width);
  state_width_ = width(RowArray::kState);
  projection_stride_ = simd::PadRow(width(RowArray::kProjections));
  sum_stride_ = simd::PadRow(width(RowArray::kSums));
  activation_stride_ = width(RowArray::kActivations);
  const size_t out = FindSegment(cell_, RowArray::kActivations, "out");
  if (out != kNoSegment) {
    has_output_ = true;
    out_ = ColumnOf(cell_, RowArray::kActivations, out);
    dout_ = ColumnOf(cell_, RowArray::kActivations, out + 1);
  }
  one_part_a_row_ = cell_.places == 2 && HasOnePartARow(children_[kInner], state_width_);
}

void LevelModel::AddParts(const CellBlock& block) {
  if (block.who != kNode) {
    if (!block.of_leaves) AppendParts(cell_, block, false, children_[kInner]);
    const bool copies = cell_.own_leaf_weights && !cell_.leaf_is_cell;
    if (block.of_leaves == copies) AppendParts(cell_, block, true, children_[kLeaves]);
    for (const Kind kind : {kLeaves, kInner}) {
      for (ProductPart& part : children_[kind]) part.rows_index = IndexOf(part.rows, needs_);
    }
  } else if (block.from == RowArray::kWords) {
    AppendParts(cell_, block, true, words_[kLeaves]);
    if (cell_.words_inside) AppendParts(cell_, block, false, words_[kInner]);
  } else {
    std::vector<ProductPart> parts;
    AppendParts(cell_, block, false, parts);
    for (const ProductPart& part : parts) {
      NodePart node{part};
      node.after_words = std::any_of(words_[kInner].begin(), words_[kInner].end(),
                                     [&](const ProductPart& p) { return Overlap(p, part); });
      node.after_others = part.to == RowArray::kActivations ||
                          std::any_of(node_.begin(), node_.end(),
                                      [&](const NodePart& p) { return Overlap(p.part, part); });
      node_.push_back(node);
    }
  }
}

void LevelModel::OrderWeightGradients() {
  for (auto [parts, weights] :
       {std::pair(children_, child_weights_), std::pair(words_, word_weights_)}) {
    for (const ProductPart& part : parts[kLeaves]) {
      weights[kLeaves].push_back({part, Write::kReplace});
    }
    for (const ProductPart& part : parts[kInner]) {
      for (const auto& [piece, written] : CutByWritten(part, parts[kLeaves])) {
        weights[kInner].push_back({piece, written ? Write::kAdd : Write::kReplace});
      }
    }
  }
}

size_t LevelModel::ReservedFloats(size_t rows, size_t leaves) const {
  const size_t computed = cell_.leaf_is_cell ? rows : rows - leaves;
  return (rows + 1) * projection_stride_ + computed * (sum_stride_ + activation_stride_);
}

void LevelModel::Reserve(size_t rows, size_t leaves) {
  const size_t computed = cell_.leaf_is_cell ? rows : rows - leaves;
  most_rows_ = rows;
  most_computed_ = computed;
  projections_storage_.Resize((rows + 1) * projection_stride_);
  sums_storage_.Resize(computed * sum_stride_);
  activations_storage_.Resize(computed * activation_stride_);
  projections_ = {projections_storage_.data(), projection_stride_};
  sums_ = {sums_storage_.data(), sum_stride_};
  activations_ = {activations_storage_.data(), activation_stride_};
  leaf_rows_.reserve(1);
  inner_rows_.reserve(1);
}

bool LevelModel::HasRoomFor(const Schedule& schedule) const {
  const auto rows = static_cast<size_t>(schedule.rows);
  return rows <= most_rows_ &&
         rows - static_cast<size_t>(FirstComputed(schedule)) <= most_computed_;
}

simd::Level LevelModel::View(const Schedule& schedule, size_t level,
                             const NodeStates& states) const {
  const LevelRows& rows = schedule.levels[level];
  const int32_t inner = rows.first() - schedule.leaves;
  const int32_t computed = rows.first() - FirstComputed(schedule);
  simd::Level view;
  view.rows = static_cast<size_t>(rows.end() - rows.first());
  view.first = rows.first();
  view.leaves = cell_.leaf_is_cell ? 0 : schedule.leaves;
  view.of_leaves = level == 0;
  view.above_leaves = level == 1;
  view.has_words = level == 0 || schedule.words_inside;
  view.missing = schedule.rows;
  if (level > 0) {
    for (size_t k = 0; k < static_cast<size_t>(cell_.places); ++k) {
      view.child[k] = schedule.child[k].data() + inner;
    }
    if (cell_.places == 0) {
      view.child_begin = schedule.child_begin.data() + inner;
      view.children = schedule.children.data();
    }
  }
  view.state = states.h;
  view.dstate = states.dh;
  view.projections = projections_;
  view.sums = sums_.From(computed);
  SetActivations(activations_.From(computed), view);
  return view;
}

// With what follows the cell, its own h is one of the activations.
void LevelModel::SetActivations(Rows activations, simd::Level& view) const {
  view.activations = activations;
  view.out = has_output_ ? activations.Columns(out_) : view.state.From(view.first);
  view.dout = has_output_ ? activations.Columns(dout_) : view.dstate.From(view.first);
}

void LevelModel::Forward(const Parameters& parameters, const Schedule& schedule,
                         const NodeStates& states, Keep keep) {
  assert(HasRoomFor(schedule));
  if (!cell_.leaf_is_cell) {
    // What a leaf does not have is zero in the row of the last leaf, which stands for all of them.
    std::fill_n(states.h.From(schedule.leaves - 1).Columns(h_width_).data, state_width_ - h_width_,
                0.0f);
  }
  if (schedule.has_gaps) {  // nor has a missing child
    std::fill_n(states.h.From(schedule.rows).data, state_width_, 0.0f);
    std::fill_n(projections_.From(schedule.rows).data, projection_stride_, 0.0f);
  }
  ForwardWords(parameters, schedule, states);
  for (size_t l = 0; l < schedule.levels.size(); ++l) {
    if (l > 0 || cell_.leaf_is_cell) {
      simd::Level view = View(schedule, l, states);
      view.biases = parameters.weights.data() + Block(bias_).offset;
      // Without a backward pass every level uses the same rows: they stay in the nearest cache.
      if (keep == Keep::kNothing) SetActivations(activations_, view);
      ForwardStages(parameters, view, states);
    }
    Project(parameters, schedule, l, states);
  }
}

void LevelModel::Backward(const Parameters& parameters, const Schedule& schedule,
                          const NodeStates& states, float* gradients) {
  float* dbiases = gradients + Block(bias_).offset;
  std::fill_n(dbiases, bias_count_, 0.0f);
  if (schedule.has_gaps) std::fill_n(states.dh.From(schedule.rows).data, state_width_, 0.0f);
  for (size_t l = schedule.levels.size(); l-- > 0;) {
    BackProject(parameters, schedule, l, states);
    if (l == 0 && !cell_.leaf_is_cell) break;
    simd::Level view = View(schedule, l, states);
    view.biases = parameters.weights.data() + Block(bias_).offset;
    view.dbiases = dbiases;
    BackwardStages(parameters, view, states);
  }
  BackwardWords(parameters, schedule, states);
  WeightGradients(schedule, states, gradients);
}

// What their words give to the sums of all nodes, or to h of leaves.
void LevelModel::ForwardWords(const Parameters& parameters, const Schedule& schedule,
                              const NodeStates& states) {
  for (const Kind kind : {kLeaves, kInner}) {
    if (kind == kInner && !schedule.words_inside) break;
    const int32_t first = kind == kLeaves ? 0 : schedule.leaves;
    const int32_t count = kind == kLeaves ? schedule.leaves : schedule.rows - schedule.leaves;
    for (const ProductPart& part : words_[kind]) {
      grove::Forward(cell_.gemm, parameters, PartOf(part), states.x.From(first), count,
                     RowsOf(part.to, false, states, first, schedule).Columns(part.z),
                     Write::kReplace);
    }
  }
}

void LevelModel::BackwardWords(const Parameters& parameters, const Schedule& schedule,
                               const NodeStates& states) {
  for (const Kind kind : {kLeaves, kInner}) {
    if (kind == kInner && !schedule.words_inside) break;
    const int32_t first = kind == kLeaves ? 0 : schedule.leaves;
    const int32_t count = kind == kLeaves ? schedule.leaves : schedule.rows - schedule.leaves;
    Write write = Write::kReplace;
    for (const ProductPart& part : words_[kind]) {
      BackwardInput(cell_.gemm, parameters, PartOf(part),
                    RowsOf(part.to, true, states, first, schedule).Columns(part.z), count,
                    states.dx.From(first), write);
      write = Write::kAdd;
    }
  }
}

void LevelModel::ForwardStages(const Parameters& parameters, const simd::Level& view,
                               const NodeStates& states) {
  const auto rows = static_cast<int32_t>(view.rows);
  for (size_t stage = 0; stage < cell_.stages.size(); ++stage) {
    for (const NodePart& node : node_) {
      if (node.part.stage != stage || view.of_leaves) continue;
      const bool add = node.after_others || (node.after_words && view.has_words);
      const Rows x =
          node.part.from == RowArray::kState ? states.h.From(view.first) : view.activations;
      const Rows z = node.part.to == RowArray::kSums ? view.sums : view.activations;
      grove::Forward(cell_.gemm, parameters, PartOf(node.part), x.Columns(node.part.x), rows,
                     z.Columns(node.part.z), add ? Write::kAdd : Write::kReplace);
    }
    if (!view.of_leaves || cell_.stages[stage].of_leaves) cell_.stages[stage].forward(view);
  }
}

// The mirror image of ForwardStages.
void LevelModel::BackwardStages(const Parameters& parameters, const simd::Level& view,
                                const NodeStates& states) {
  const auto rows = static_cast<int32_t>(view.rows);
  for (size_t stage = cell_.stages.size(); stage-- > 0;) {
    if (!view.of_leaves || cell_.stages[stage].of_leaves) cell_.stages[stage].backward(view);
    for (const NodePart& node : node_) {
      if (node.part.stage != stage || view.of_leaves) continue;
      const bool of_state = node.part.from == RowArray::kState;
      const Rows dx = of_state ? states.dh.From(view.first) : view.activations;
      const Rows dz = node.part.to == RowArray::kSums ? view.sums : view.activations;
      BackwardInput(cell_.gemm, parameters, PartOf(node.part), dz.Columns(node.part.z), rows,
                    dx.Columns(node.part.dx), of_state ? Write::kAdd : Write::kReplace);
    }
  }
}

// What the parents of a level's nodes need of them.
void LevelModel::Project(const Parameters& parameters, const Schedule& schedule, size_t level,
                         const NodeStates& states) {
  for (const ProductPart& part : Children(level)) {
    const auto [begin, end] = schedule.levels[level].Of(part.rows);
    grove::Forward(cell_.gemm, parameters, PartOf(part), states.h.From(begin).Columns(part.x),
                   end - begin, projections_.From(begin).Columns(part.z), Write::kReplace);
  }
}

// The mirror image of Project: the gradients of a level's states from those of their projections.
// What is not h holds what came from the parent's cell; a root has no parent, so it is zero.
void LevelModel::BackProject(const Parameters& parameters, const Schedule& schedule, size_t level,
                             const NodeStates& states) {
  const LevelRows& rows = schedule.levels[level];
  const bool is_set = schedule.labels_inside || cell_.adds_to_dh;
  const bool replace = one_part_a_row_ && !is_set;
  if (!is_set && !replace) {
    for (int32_t row = rows.first(); row < rows.roots(); ++row) {
      std::fill_n(states.dh.From(row).data, h_width_, 0.0f);
    }
  }
  for (int32_t row = rows.roots(); row < rows.end(); ++row) {
    std::fill_n(states.dh.From(row).Columns(h_width_).data, state_width_ - h_width_, 0.0f);
  }
  for (const ProductPart& part : Children(level)) {
    const auto [begin, end] = rows.Of(part.rows);
    BackwardInput(cell_.gemm, parameters, PartOf(part), projections_.From(begin).Columns(part.z),
                  end - begin, states.dh.From(begin).Columns(part.x),
                  replace ? Write::kReplace : Write::kAdd);
  }
}

// dW = sum over the nodes of dz x': one product a part over all nodes of the minibatch that went
// through it. What none went through keeps the zero that its gradient was made with.
void LevelModel::WeightGradients(const Schedule& schedule, const NodeStates& states,
                                 float* gradients) {
  leaf_rows_.assign(1, {0, schedule.leaves});
  inner_rows_.assign(schedule.rows > schedule.leaves ? 1 : 0, {0, schedule.rows - schedule.leaves});
  for (const Kind kind : {kLeaves, kInner}) {
    const int32_t first = kind == kLeaves ? 0 : schedule.leaves;
    const auto& ranges = kind == kLeaves ? schedule.leaf_ranges : schedule.inner_ranges;
    for (const auto& [part, write] : child_weights_[kind]) {
      BackwardWeights(cell_.gemm, PartOf(part), states.h.From(first).Columns(part.x),
                      projections_.From(first).Columns(part.z), ranges[part.rows_index], gradients,
                      write);
    }
    const RowRanges& with_words = kind == kLeaves         ? leaf_rows_
                                  : schedule.words_inside ? inner_rows_
                                                          : no_rows_;
    for (const auto& [part, write] : word_weights_[kind]) {
      BackwardWeights(cell_.gemm, PartOf(part), states.x.From(first),
                      RowsOf(part.to, true, states, first, schedule).Columns(part.z), with_words,
                      gradients, write);
    }
  }
  for (const auto& [part, after_words, after_others] : node_) {
    const Rows x = RowsOf(part.from, false, states, schedule.leaves, schedule);
    const Rows dz = RowsOf(part.to, true, states, schedule.leaves, schedule);
    BackwardWeights(cell_.gemm, PartOf(part), x.Columns(part.x), dz.Columns(part.z), inner_rows_,
                    gradients);
  }
}

// The rows of an array from that of `row` on.
Rows LevelModel::RowsOf(RowArray array, bool gradients, const NodeStates& states, int32_t row,
                        const Schedule& schedule) const {
  const int32_t computed = row - FirstComputed(schedule);
  switch (array) {
    case RowArray::kState:
      return (gradients ? states.dh : states.h).From(row);
    case RowArray::kWords:
      return (gradients ? states.dx : states.x).From(row);
    case RowArray::kProjections:
      return projections_.From(row);
    case RowArray::kSums:
      return sums_.From(computed);
    case RowArray::kActivations:
      break;
  }
  return activations_.From(computed);
}

std::vector<GateRows> LevelModel::Gates(const Schedule& schedule) const {
  std::vector<GateRows> gates;
  for (const GateOf& gate : cell_.gates) {
    const bool by_child = gate.of == kEachChild;
    const RowArray array = by_child ? RowArray::kProjections : RowArray::kActivations;
    const size_t column = ColumnOf(cell_, array, FindSegment(cell_, array, gate.segment));
    const int32_t first = schedule.leaves - FirstComputed(schedule);
    gates.push_back({gate, (by_child ? projections_ : activations_.From(first)).Columns(column)});
  }
  return gates;
}

}  // namespace grove
