#include "engine/training/pair_head.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "engine/cells/model.h"
#include "simd/elementwise.h"

namespace grove {
namespace {

// x log x, 0 at 0.
float TimesLog(float x) {
  if (x == 0) return 0;
  float log_x;
  simd::Log(&x, 1, &log_x);
  return x * log_x;
}

simd::Squash SquashOf(bool tai) { return tai ? simd::Squash::kSigmoid : simd::Squash::kTanh; }

}  // namespace

PairHead::PairHead(const RunSpec& spec, int classes, ParameterLayout& layout)
    : layout_(layout),
      gemm_(ParseGemmBackend(spec.gemm)),
      tai_(spec.comparison == "tai"),
      scores_(spec.target == "score"),
      n_(spec.dim),
      hidden_(spec.comparison_dim),
      padded_(simd::PadRow(static_cast<size_t>(spec.dim))),
      weights_(layout.AddBlock("compare.W", 2 * spec.dim)),
      bias_(layout.AddBlock("compare.b", 1)),
      softmax_(spec, spec.comparison_dim, classes, layout) {
  const char* const names[] = {tai_ ? "compare.W_product" : "compare.W_left",
                               tai_ ? "compare.W_distance" : "compare.W_right"};
  // Like the classifier's, by the width of what it multiplies.
  const double range = InitRange(spec.init_fan_softmax, spec.dim);
  for (int side = 0; side < 2; ++side) {
    layout.AddTensorAt(weights_, side * n_, 0, names[side], hidden_, n_, range);
  }
  layout.AddBias(bias_, "compare.b", hidden_);
}

void PairHead::Reserve(size_t /*labelled*/, size_t examples) {
  softmax_.Reserve(examples);
  inputs_.Resize(examples * 2 * padded_);
  dinputs_.Resize(examples * 2 * padded_);
  if (tai_) {
    features_.Resize(examples * 2 * padded_);
    dfeatures_.Resize(examples * 2 * padded_);
  }
  losses_.Resize(examples);
  targets_.reserve(examples);
  all_rows_.reserve(1);
}

size_t PairHead::ReservedFloats(size_t /*labelled*/, size_t examples) const {
  const size_t rows = examples * (tai_ ? 8 : 4);
  return SoftmaxLayer::ReservedFloats(examples, static_cast<size_t>(hidden_), softmax_.classes()) +
         rows * padded_ + examples + examples * sizeof(Target) / sizeof(float);
}

Rows PairHead::features() { return {tai_ ? features_.data() : inputs_.data(), 2 * padded_}; }
Rows PairHead::dfeatures() { return {tai_ ? dfeatures_.data() : dinputs_.data(), 2 * padded_}; }

PairHead::Target PairHead::TargetOf(const Targets& targets, size_t i) const {
  const auto pair = static_cast<size_t>(targets.examples[i]);
  if (scores_) {
    const float score = targets.forest.pair_score[pair], whole = std::floor(score);
    return {.lower = static_cast<size_t>(whole) - 1, .upper_share = score - whole};
  }
  const auto label = static_cast<size_t>(targets.forest.pair_label[pair]);
  return {.lower = label,
          .weight = targets.class_weights.empty() ? 1 : targets.class_weights[label]};
}

// From the inputs: h_s, in the place of the softmax's inputs.
void PairHead::Compare(const Parameters& parameters, size_t pairs) {
  const auto n = static_cast<size_t>(n_);
  if (tai_) simd::ProductAndDistance(n, pairs, inputs(), features());
  const Rows hidden = softmax_.inputs();
  const auto rows = static_cast<int32_t>(pairs);
  const BlockInfo& block = Block(weights_);
  grove::Forward(gemm_, parameters, {block, 0, n_}, features(), rows, hidden, Write::kReplace);
  grove::Forward(gemm_, parameters, {block, n_, n_}, features().Columns(padded_), rows, hidden,
                 Write::kAdd);
  simd::SquashForward(SquashOf(tai_), static_cast<size_t>(hidden_), pairs,
                      parameters.weights.data() + Block(bias_).offset, hidden);
}

// Behind the softmax.
float PairHead::Loss(size_t i) const {
  const Target& target = targets_[i];
  const float log_sum = softmax_.log_sum(i);
  const float upper = target.upper_share, lower = 1 - upper;
  if (upper == 0) return Weighted(target.weight, log_sum - target.lower_logit);
  const float cross =
      lower * (log_sum - target.lower_logit) + upper * (log_sum - target.upper_logit);
  return Weighted(target.weight, cross + (TimesLog(lower) + TimesLog(upper)));
}

MinibatchLoss PairHead::Forward(const HeadInput& in, const Targets& targets,
                                const Dropout& dropout) {
  const size_t pairs = targets.examples.size(), classes = softmax_.classes();
  for (size_t row = 0; row < 2 * pairs; ++row) {
    std::memcpy(inputs().Row(row), in.states.h.From(in.schedule.root_row[row]).data,
                padded_ * sizeof(float));
  }
  dropout_ = dropout;
  dropout_.Apply(inputs_.data(), padded_, 2 * pairs, static_cast<size_t>(n_));
  Compare(in.parameters, pairs);
  softmax_.Forward(in.parameters, pairs);

  MinibatchLoss result;
  targets_.clear();
  for (size_t i = 0; i < pairs; ++i) {
    Target target = TargetOf(targets, i);
    const float* row = softmax_.logits(i);
    target.lower_logit = row[target.lower];
    target.upper_logit = target.upper_share == 0 ? 0 : row[target.lower + 1];
    targets_.push_back(target);
  }
  softmax_.Softmax();
  for (size_t i = 0; i < pairs; ++i) {
    const float* row = softmax_.logits(i);
    const auto best = static_cast<size_t>(std::max_element(row, row + classes) - row);
    losses_[i] = Loss(i);
    result.loss += static_cast<double>(losses_[i]);
    if (scores_) {
      const auto pair = static_cast<size_t>(targets.examples[i]);
      result.scores.Add(ExpectedScore({row, classes}),
                        static_cast<double>(targets.forest.pair_score[pair]));
      continue;
    }
    const int correct = best == targets_[i].lower ? 1 : 0;
    ++result.labelled;
    ++result.roots;
    result.correct += correct;
    result.correct_roots += correct;
  }
  return result;
}

void PairHead::Backward(const HeadInput& in, size_t mean_over, float* gradients) {
  const size_t pairs = targets_.size(), classes = softmax_.classes();
  for (size_t i = 0; i < pairs; ++i) {
    // dJ/dlogits = weight (P - p) / pairs
    const Target& target = targets_[i];
    float* row = softmax_.logits(i);
    row[target.lower] -= 1 - target.upper_share;
    if (target.upper_share != 0) row[target.lower + 1] -= target.upper_share;
    const float scale = Weighted(target.weight, 1.0f / static_cast<float>(mean_over));
    for (size_t c = 0; c < classes; ++c) row[c] *= scale;
  }
  softmax_.Backward(in.parameters, gradients);

  const Rows dz = softmax_.dinputs();
  float* dbias = gradients + Block(bias_).offset;
  std::fill_n(dbias, hidden_, 0.0f);
  simd::SquashBackward(SquashOf(tai_), static_cast<size_t>(hidden_), pairs, softmax_.inputs(), dz,
                       dbias);
  all_rows_.clear();
  if (pairs > 0) all_rows_.push_back({0, static_cast<int32_t>(pairs)});
  for (int side = 0; side < 2; ++side) {
    const BlockPart part(Block(weights_), side * n_, n_);
    const size_t column = side == 0 ? 0 : padded_;
    BackwardWeights(gemm_, part, features().Columns(column), dz, all_rows_, gradients);
    BackwardInput(gemm_, in.parameters, part, dz, static_cast<int32_t>(pairs),
                  dfeatures().Columns(column), Write::kReplace);
  }
  const auto n = static_cast<size_t>(n_);
  if (tai_) simd::ProductAndDistanceBackward(n, pairs, inputs(), dfeatures(), dinputs());
  dropout_.Apply(dinputs_.data(), padded_, 2 * pairs, n);
  for (size_t row = 0; row < 2 * pairs; ++row) {
    float* dh = in.states.dh.From(in.schedule.root_row[row]).data;
    const float* add = dinputs().Row(row);
    for (size_t j = 0; j < n; ++j) dh[j] += add[j];
  }
}

std::span<const float> PairHead::Probabilities(const Schedule& /*schedule*/, size_t example) const {
  return {softmax_.logits(example), softmax_.classes()};
}

}  // namespace grove
