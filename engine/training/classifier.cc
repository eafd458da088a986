#include "engine/training/classifier.h"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace grove {

Classifier::Classifier(const RunSpec& spec, int classes, ParameterLayout& layout)
    : n_(static_cast<size_t>(spec.dim)),
      root_weight_(static_cast<float>(spec.root_weight)),
      inner_weight_(static_cast<float>(spec.inner_weight)),
      softmax_(spec, spec.dim, classes, layout) {}

void Classifier::Reserve(size_t labelled, size_t /*examples*/) {
  softmax_.Reserve(labelled);
  weights_.Resize(labelled);
  losses_.Resize(labelled);
}

size_t Classifier::ReservedFloats(size_t labelled, size_t /*examples*/) const {
  return SoftmaxLayer::ReservedFloats(labelled, n_, softmax_.classes()) + 2 * labelled;
}

MinibatchLoss Classifier::Forward(const HeadInput& in, const Targets& targets,
                                  const Dropout& dropout) {
  const Rows inputs = softmax_.inputs();
  count_ = in.schedule.labelled.size();
  assert(count_ <= losses_.size());
  for (size_t i = 0; i < count_; ++i) {
    std::memcpy(inputs.Row(i), in.states.h.From(in.schedule.labelled[i].row).data,
                inputs.stride * sizeof(float));
  }
  dropout_ = dropout;
  dropout_.Apply(inputs.data, inputs.stride, count_, n_);
  softmax_.Forward(in.parameters, count_);

  MinibatchLoss result;
  result.labelled = static_cast<int32_t>(count_);
  const size_t classes = softmax_.classes();
  for (size_t i = 0; i < count_; ++i) {
    const LabelledRow& node = in.schedule.labelled[i];
    const float* row = softmax_.logits(i);
    const bool correct = std::max_element(row, row + classes) - row == node.label;
    losses_[i] = row[node.label];  // the logit, which the softmax overwrites
    weights_[i] = node.is_root ? root_weight_ : inner_weight_;
    if (!targets.class_weights.empty()) {
      weights_[i] *= targets.class_weights[static_cast<size_t>(node.label)];
    }
    result.correct += correct ? 1 : 0;
    result.roots += node.is_root ? 1 : 0;
    result.correct_roots += node.is_root && correct ? 1 : 0;
  }
  softmax_.Softmax();
  for (size_t i = 0; i < count_; ++i) {
    losses_[i] = Weighted(weights_[i], softmax_.log_sum(i) - losses_[i]);
    result.loss += static_cast<double>(losses_[i]);
  }
  return result;
}

void Classifier::Backward(const HeadInput& in, size_t mean_over, float* gradients) {
  const size_t classes = softmax_.classes();
  for (size_t i = 0; i < count_; ++i) {
    // dJ/dlogit = weight (P - [class = label]) / trees
    float* row = softmax_.logits(i);
    row[in.schedule.labelled[i].label] -= 1.0f;
    const float scale = Weighted(weights_[i], 1.0f / static_cast<float>(mean_over));
    for (size_t c = 0; c < classes; ++c) row[c] *= scale;
  }
  softmax_.Backward(in.parameters, gradients);
  const Rows dinputs = softmax_.dinputs();
  dropout_.Apply(dinputs.data, dinputs.stride, count_, n_);
  for (size_t i = 0; i < count_; ++i) {
    float* dh = in.states.dh.From(in.schedule.labelled[i].row).data;
    const float* add = dinputs.Row(i);
    for (size_t j = 0; j < n_; ++j) dh[j] += add[j];
  }
}

std::span<const float> Classifier::Probabilities(const Schedule& schedule, size_t example) const {
  for (size_t i = 0; i < count_; ++i) {
    const LabelledRow& node = schedule.labelled[i];
    if (!node.is_root || static_cast<size_t>(node.tree) != example) continue;
    return {softmax_.logits(i), softmax_.classes()};
  }
  return {};
}

}  // namespace grove
