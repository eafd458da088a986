#include "engine/training/network.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <functional>
#include <numeric>
#include <vector>

#include "engine/update_rule.h"
#include "simd/reduce.h"
#include "simd/rows.h"
#include "simd/update.h"

namespace grove {
namespace {

// From element `offset` on.
simd::UpdateArrays ArraysOf(const float* gradient, simd::AlignedArray<float> ParameterSet::*array,
                            ParameterState& state, size_t offset) {
  simd::UpdateArrays arrays = {gradient + offset, (state.*array).data() + offset, {}};
  for (size_t s = 0; s < state.slots.size(); ++s) {
    arrays.slots[s] = (state.slots[s].*array).data() + offset;
  }
  return arrays;
}

size_t SumOfLargest(std::vector<size_t> values, size_t count) {
  count = std::min(count, values.size());
  std::partial_sort(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(count),
                    values.end(), std::greater<>());
  size_t sum = 0;
  for (size_t i = 0; i < count; ++i) sum += values[i];
  return sum;
}

}  // namespace

void MinibatchLimits::Include(const Forest& forest, size_t batch) {
  std::vector<size_t> tree_nodes, tree_inner, tree_labels;
  for (size_t t = 0; t < forest.trees(); ++t) {
    MinibatchLimits tree;
    tree.Include(forest, t, t + 1);
    tree_nodes.push_back(tree.nodes);
    tree_inner.push_back(tree.inner);
    tree_labels.push_back(tree.labelled);
    levels = std::max(levels, tree.levels);
  }
  nodes = std::max(nodes, SumOfLargest(std::move(tree_nodes), batch));
  inner = std::max(inner, SumOfLargest(std::move(tree_inner), batch));
  labelled = std::max(labelled, SumOfLargest(std::move(tree_labels), batch));
  trees = std::max(trees, batch);
}

void MinibatchLimits::Include(const Forest& forest, size_t begin, size_t end) {
  const auto first = forest.tree_begin[begin], last = forest.tree_begin[end];
  nodes = std::max(nodes, static_cast<size_t>(last - first));
  labelled = std::max(labelled, static_cast<size_t>(std::count_if(
                                    forest.label.begin() + first, forest.label.begin() + last,
                                    [](int32_t label) { return label >= 0; })));
  trees = std::max(trees, end - begin);
  size_t leaves = 0;
  for (size_t t = begin; t < end; ++t) {
    levels = std::max(levels, static_cast<size_t>(forest.Height(forest.root(t))) + 1);
    leaves += forest.leaves(t);
  }
  inner = std::max(inner, static_cast<size_t>(last - first) - leaves);
}

Network::Network(const RunSpec& spec, int vocabulary_size, int classes)
    : spec_(Resolve(spec)),
      model_(MakeModel(spec_, layout_)),
      head_(MakeHead(spec_, classes, layout_)),
      scheduler_(vocabulary_size, model_->needs()) {
  layout_.Finish();
  parameters_ = std::make_unique<Parameters>(layout_, vocabulary_size, model_->cell().word_width,
                                             RuleOf(spec_));
  gradients_.Resize(layout_.size());
}

Network::~Network() = default;

void Network::Reserve(const MinibatchLimits& limits) {
  limits_ = limits;
  const size_t stride = simd::PadRow(static_cast<size_t>(model_->state_width()));
  scheduler_.Reserve(limits.nodes, limits.levels, limits.trees, schedule_);
  model_->Reserve(limits.nodes, limits.nodes - limits.inner);
  head_->Reserve(limits.labelled);
  consecutive_trees_.reserve(limits.trees);
  h_.Resize((limits.nodes + 1) * stride);
  dh_.Resize((limits.nodes + 1) * stride);
  states_.h = states_.x = {h_.data(), stride};
  states_.dh = states_.dx = {dh_.data(), stride};
  if (model_->has_words()) {
    x_.Resize(limits.nodes * parameters_->word_stride);
    dx_.Resize(limits.nodes * parameters_->word_stride);
    states_.x = {x_.data(), parameters_->word_stride};
    states_.dx = {dx_.data(), parameters_->word_stride};
  }
  if (spec_.accumulate > 1) {
    const size_t rows = AccumulatedRows(spec_, limits.nodes, parameters_->word_updates.size());
    sum_.Reserve(layout_.size(), rows, parameters_->word_stride, parameters_->vocabulary_size);
  }
}

MinibatchLoss Network::Forward(const Forest& forest, size_t begin, size_t end, Keep keep) {
  consecutive_trees_.resize(end - begin);
  std::iota(consecutive_trees_.begin(), consecutive_trees_.end(), static_cast<int32_t>(begin));
  return Forward(forest, consecutive_trees_, keep);
}

MinibatchLoss Network::Forward(const Forest& forest, std::span<const int32_t> trees, Keep keep) {
  ForwardModel(forest, trees, keep, Dropout());
  return head_->Forward({*parameters_, schedule_, states_}, {}, Dropout());
}

MinibatchLoss Network::ForwardToTrain(const Forest& forest, std::span<const int32_t> trees,
                                      uint32_t minibatch) {
  ForwardModel(forest, trees, Keep::kForBackward,
               Dropout(spec_.seed, Purpose::kWordDropout, spec_.dropout_words, minibatch));
  return head_->Forward({*parameters_, schedule_, states_}, class_weights_,
                        Dropout(spec_.seed, Purpose::kHeadDropout, spec_.dropout_head, minibatch));
}

void Network::ForwardModel(const Forest& forest, std::span<const int32_t> trees, Keep keep,
                           const Dropout& words) {
  assert(trees.size() <= limits_.trees);
  scheduler_.Build(forest, trees, schedule_);
  assert(static_cast<size_t>(schedule_.rows) <= limits_.nodes);
  assert(static_cast<size_t>(schedule_.rows - schedule_.leaves) <= limits_.inner);
  assert(schedule_.labelled.size() <= limits_.labelled);
  simd::GatherRows(parameters_->words.data(), parameters_->word_stride, schedule_.word.data(),
                   schedule_.word.size(), states_.x.data, states_.x.stride);
  word_dropout_ = words;
  word_dropout_.Apply(states_.x.data, states_.x.stride, schedule_.word.size(),
                      static_cast<size_t>(parameters_->dim));
  model_->Forward(*parameters_, schedule_, states_, keep);
}

void Network::Backward(size_t mean_over) {
  if (mean_over == 0) mean_over = static_cast<size_t>(schedule_.trees);
  const size_t stride = states_.dh.stride;
  if (schedule_.labels_inside || model_->cell().adds_to_dh) {
    std::fill_n(dh_.data(), static_cast<size_t>(schedule_.rows) * stride, 0.0f);
  } else {
    for (const int32_t root : schedule_.root_row) {
      std::fill_n(states_.dh.From(root).data, stride, 0.0f);
    }
  }
  head_->Backward({*parameters_, schedule_, states_}, mean_over, gradients_.data());
  model_->Backward(*parameters_, schedule_, states_, gradients_.data());
  word_dropout_.Apply(states_.dx.data, states_.dx.stride, schedule_.word.size(),
                      static_cast<size_t>(parameters_->dim));
}

double Network::GradientNorm(int32_t row) const {
  const float* dh = states_.dh.From(row).data;
  const auto n = static_cast<size_t>(spec_.dim);
  const float norm = simd::Norm(dh, n);
  constexpr float kSquaresVanish = 1e-17f;  // below this, squares are no longer normal numbers
  if (!(norm < kSquaresVanish)) return static_cast<double>(norm);
  return std::sqrt(std::inner_product(dh, dh + n, dh, 0.0, std::plus<>(), [](float a, float b) {
    return static_cast<double>(a) * static_cast<double>(b);
  }));
}

void Network::Accumulate() {
  MergeRepeatedWords();
  sum_.Add(OwnGradients());
}

void Network::Update(double rate_factor) {
  MergeRepeatedWords();
  Gradients gradients = OwnGradients();
  if (!sum_.empty()) {
    sum_.Add(gradients);
    gradients = sum_.Sum(gradients.words);
  }
  if (spec_.clip > 0) Clip(spec_.clip, gradients);
  UpdateWeights(gradients, rate_factor);
  UpdateWords(gradients, rate_factor);
  sum_.Clear();
}

// The gradient of a word is the sum over all leaves that have it, in the row of the first.
void Network::MergeRepeatedWords() {
  const auto n = static_cast<size_t>(parameters_->dim);
  for (const auto& [row, first] : schedule_.repeats) {
    float* sum = states_.dx.From(first).data;
    const float* add = states_.dx.From(row).data;
    for (size_t j = 0; j < n; ++j) sum[j] += add[j];
  }
}

// Of this minibatch; without words if they are not trained.
Gradients Network::OwnGradients() {
  const size_t count = spec_.freeze_words ? 0 : schedule_.first_occurrences.size();
  return {.weights = gradients_.data(),
          .weight_count = gradients_.size(),
          .rows = states_.dx.data,
          .words = {.n = static_cast<size_t>(parameters_->dim),
                    .gradient_stride = states_.dx.stride,
                    .table_stride = parameters_->word_stride,
                    .rows = schedule_.first_occurrences.data(),
                    .words = schedule_.word.data(),
                    .count = count,
                    .updates = parameters_->word_updates.data()}};
}

void Network::UpdateWeights(const Gradients& gradients, double rate_factor) {
  Parameters& p = *parameters_;
  const simd::UpdateRule rule = MakeUpdateRule(spec_, spec_.l2, rate_factor);
  p.updates = std::min(p.updates + 1, simd::kMaxUpdates);
  for (const BlockInfo& block : layout_.blocks()) {
    const simd::UpdateArrays arrays =
        ArraysOf(gradients.weights, &ParameterSet::weights, p, block.offset);
    const auto in = static_cast<size_t>(block.in);
    if (block.transposed_offset == BlockInfo::kNoTranspose) {
      simd::UpdateElements(rule, p.updates, in * block.stride, arrays);
      continue;
    }
    simd::UpdateTransposed(rule, p.updates,
                           {.rows = in,
                            .cols = static_cast<size_t>(block.out),
                            .stride = block.stride,
                            .arrays = arrays,
                            .transposed = p.transposed.data() + block.transposed_offset,
                            .transposed_stride = simd::PadRow(in)});
  }
}

void Network::UpdateWords(const Gradients& gradients, double rate_factor) {
  simd::UpdateRows(MakeUpdateRule(spec_, L2OfWords(spec_), rate_factor), gradients.words,
                   ArraysOf(gradients.rows, &ParameterSet::words, *parameters_, 0));
}

}  // namespace grove
