#include "engine/training/classifier.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "engine/cells/model.h"
#include "simd/elementwise.h"

namespace grove {

Classifier::Classifier(const RunSpec& spec, int classes, ParameterLayout& layout)
    : layout_(layout),
      gemm_(ParseGemmBackend(spec.gemm)),
      classes_(classes),
      n_(static_cast<size_t>(spec.dim)),
      stride_(simd::PadRow(static_cast<size_t>(classes))) {
  weights_ = layout.AddBlock("softmax.W", spec.dim);
  layout.AddTensor(weights_, "softmax.W", classes, InitRange(spec.init_fan_softmax, spec.dim));
  bias_ = layout.AddBlock("softmax.b", 1);
  layout.AddBias(bias_, "softmax.b", classes);
}

void Classifier::Reserve(size_t labelled) {
  inputs_.Resize(labelled * simd::PadRow(n_));
  dinputs_.Resize(labelled * simd::PadRow(n_));
  logits_.Resize(labelled * stride_);
  losses_.Resize(labelled);
  all_rows_.reserve(1);
}

MinibatchLoss Classifier::Forward(const Parameters& parameters, const Schedule& schedule,
                                  const NodeStates& states, const Dropout& dropout) {
  const size_t padded = simd::PadRow(n_);
  const size_t classes = static_cast<size_t>(classes_);
  const float* bias = parameters.weights.data() + Block(bias_).offset;
  const size_t count = schedule.labelled.size();
  assert(count <= losses_.size());
  for (size_t i = 0; i < count; ++i) {
    std::memcpy(inputs_.data() + i * padded, states.h.From(schedule.labelled[i].row).data,
                padded * sizeof(float));
    std::memcpy(logits_.data() + i * stride_, bias, classes * sizeof(float));
  }
  dropout_ = dropout;
  dropout_.Apply(inputs_.data(), padded, count, n_);
  grove::Forward(gemm_, parameters, Block(weights_), {inputs_.data(), padded},
                 static_cast<int32_t>(count), {logits_.data(), stride_}, Write::kAdd);

  MinibatchLoss result;
  result.labelled = static_cast<int32_t>(count);
  for (size_t i = 0; i < count; ++i) {
    const LabelledRow& node = schedule.labelled[i];
    float* row = logits_.data() + i * stride_;
    const bool correct = std::max_element(row, row + classes) - row == node.label;
    const float label_logit = row[node.label];
    losses_[i] = simd::Softmax(row, classes, row) - label_logit;
    result.loss += static_cast<double>(losses_[i]);
    result.correct += correct ? 1 : 0;
    result.roots += node.is_root ? 1 : 0;
    result.correct_roots += node.is_root && correct ? 1 : 0;
  }
  return result;
}

void Classifier::Backward(const Parameters& parameters, const Schedule& schedule,
                          const NodeStates& states, size_t mean_over, float* gradients) {
  const size_t padded = simd::PadRow(n_);
  const size_t classes = static_cast<size_t>(classes_);
  const size_t count = schedule.labelled.size();
  float* dbias = gradients + Block(bias_).offset;
  std::fill_n(dbias, classes, 0.0f);
  const float scale = 1.0f / static_cast<float>(mean_over);
  for (size_t i = 0; i < count; ++i) {
    // dJ/dlogit = (P - [class = label]) / trees
    float* row = logits_.data() + i * stride_;
    row[schedule.labelled[i].label] -= 1.0f;
    for (size_t c = 0; c < classes; ++c) {
      row[c] *= scale;
      dbias[c] += row[c];
    }
  }
  all_rows_.clear();
  if (count > 0) all_rows_.push_back({0, static_cast<int32_t>(count)});
  BackwardWeights(gemm_, Block(weights_), {inputs_.data(), padded}, {logits_.data(), stride_},
                  all_rows_, gradients);
  BackwardInput(gemm_, parameters, Block(weights_), {logits_.data(), stride_},
                static_cast<int32_t>(count), {dinputs_.data(), padded}, Write::kReplace);
  dropout_.Apply(dinputs_.data(), padded, count, n_);
  for (size_t i = 0; i < count; ++i) {
    float* dh = states.dh.From(schedule.labelled[i].row).data;
    const float* add = dinputs_.data() + i * padded;
    for (size_t j = 0; j < n_; ++j) dh[j] += add[j];
  }
}

}  // namespace grove
