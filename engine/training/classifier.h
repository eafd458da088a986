// The head of labelled nodes (spec section 2.4):
//   P(class | node) = softmax(W_s h + b_s),  loss = -weight log P(label),
// where the weight is spec.root_weight at a root and spec.inner_weight at any other node, times
// that of the class.
#pragma once

#include <span>

#include "engine/training/head.h"
#include "engine/training/softmax_layer.h"

namespace grove {

class Classifier : public Head {
 public:
  // Adds "softmax.W" (C, n) and "softmax.b" (C) to `layout`, which must outlive the classifier.
  Classifier(const RunSpec& spec, int classes, ParameterLayout& layout);

  void Reserve(size_t labelled, size_t examples) override;
  size_t ReservedFloats(size_t labelled, size_t examples) const override;
  MinibatchLoss Forward(const HeadInput& in, const Targets& targets,
                        const Dropout& dropout) override;
  void Backward(const HeadInput& in, size_t mean_over, float* gradients) override;
  std::span<const float> Probabilities(const Schedule& schedule, size_t example) const override;
  std::span<const float> ProbabilitiesAt(size_t i) const override {
    return {softmax_.logits(i), softmax_.classes()};
  }
  std::span<const float> losses() const override { return {losses_.data(), count_}; }

 private:
  size_t n_;
  float root_weight_, inner_weight_;
  SoftmaxLayer softmax_;               // of the labelled rows: logits, then P, then their gradients
  simd::AlignedArray<float> weights_;  // (labelled)
  simd::AlignedArray<float> losses_;   // (labelled), weighted
  size_t count_ = 0;                   // labelled nodes of the last Forward
  Dropout dropout_;                    // of the last Forward
};

}  // namespace grove
