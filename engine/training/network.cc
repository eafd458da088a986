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
  std::vector<size_t> each_nodes, each_inner, each_labels;
  for (size_t e = 0; e < forest.examples(); ++e) {
    MinibatchLimits example;
    example.Include(forest, e, e + 1);
    each_nodes.push_back(example.nodes);
    each_inner.push_back(example.inner);
    each_labels.push_back(example.labelled);
    levels = std::max(levels, example.levels);
  }
  nodes = std::max(nodes, SumOfLargest(std::move(each_nodes), batch));
  inner = std::max(inner, SumOfLargest(std::move(each_inner), batch));
  labelled = std::max(labelled, SumOfLargest(std::move(each_labels), batch));
  trees = std::max(trees, forest.first_tree(batch));
  examples = std::max(examples, batch);
}

void MinibatchLimits::Include(const Forest& forest, size_t begin, size_t end) {
  const size_t first_tree = forest.first_tree(begin), last_tree = forest.first_tree(end);
  const auto first = forest.tree_begin[first_tree], last = forest.tree_begin[last_tree];
  nodes = std::max(nodes, static_cast<size_t>(last - first));
  labelled = std::max(labelled, static_cast<size_t>(std::count_if(
                                    forest.label.begin() + first, forest.label.begin() + last,
                                    [](int32_t label) { return label >= 0; })));
  trees = std::max(trees, last_tree - first_tree);
  examples = std::max(examples, end - begin);
  size_t leaves = 0;
  for (size_t t = first_tree; t < last_tree; ++t) {
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
  head_->Reserve(limits.labelled, limits.examples);
  consecutive_examples_.reserve(limits.examples);
  trees_of_pairs_.reserve(limits.trees);
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
  consecutive_examples_.resize(end - begin);
  std::iota(consecutive_examples_.begin(), consecutive_examples_.end(),
            static_cast<int32_t>(begin));
  return Forward(forest, consecutive_examples_, keep);
}

MinibatchLoss Network::Forward(const Forest& forest, std::span<const int32_t> examples, Keep keep) {
  ForwardModel(forest, examples, keep, Dropout());
  return head_->Forward({*parameters_, schedule_, states_}, {forest, examples, {}}, Dropout());
}

MinibatchLoss Network::ForwardToTrain(const Forest& forest, std::span<const int32_t> examples,
                                      uint32_t minibatch) {
  ForwardModel(forest, examples, Keep::kForBackward,
               Dropout(spec_.seed, Purpose::kWordDropout, spec_.dropout_words, minibatch));
  return head_->Forward({*parameters_, schedule_, states_}, {forest, examples, class_weights_},
                        Dropout(spec_.seed, Purpose::kHeadDropout, spec_.dropout_head, minibatch));
}

void Network::ForwardModel(const Forest& forest, std::span<const int32_t> examples, Keep keep,
                           const Dropout& words) {
  examples_ = examples.size();
  std::span<const int32_t> trees = examples;
  if (forest.trees_per_example == 2) {
    trees_of_pairs_.clear();
    for (const int32_t pair : examples) {
      trees_of_pairs_.push_back(2 * pair);
      trees_of_pairs_.push_back(2 * pair + 1);
    }
    trees = trees_of_pairs_;
  }
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
  if (mean_over == 0) mean_over = examples_;
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
