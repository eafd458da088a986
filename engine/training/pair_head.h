// The head of pairs of trees: a comparison layer on the h of the two roots, l and r, then a
// softmax.
//   tai (Tai, Socher & Manning 2015, section 4.2):
//     h_x = h_l * h_r,  h_+ = |h_l - h_r|,  h_s = sigma(W_x h_x + W_+ h_+ + b_h)
//   bowman (after Bowman, Potts & Manning 2015), a plain layer with tanh; the paper's tensor layer
//   (NTN) is left out:
//     h_s = tanh(W_l h_l + W_r h_r + b_h)
//   P = softmax(W_p h_s + b_p)
// The target is a class, with loss = -weight log P(class), or a score y from 1 to 5, with
//   loss = KL(p || P),  p_floor(y) = floor(y) - y + 1,  p_floor(y)+1 = y - floor(y)
// (Tai et al., equations 15 and 16), where the prediction is the expectation of the score under P.
#pragma once

#include <span>
#include <vector>

#include "engine/training/head.h"
#include "engine/training/softmax_layer.h"
#include "simd/compare.h"

namespace grove {

class PairHead : public Head {
 public:
  // Adds the two (D, n) matrices "compare.W_product" and "compare.W_distance" (tai) or
  // "compare.W_left" and "compare.W_right" (bowman), "compare.b" (D), and the softmax's "softmax.W"
  // (C, D) and "softmax.b" (C) to `layout`, which must outlive the head. D is spec.comparison_dim.
  PairHead(const RunSpec& spec, int classes, ParameterLayout& layout);

  void Reserve(size_t labelled, size_t examples) override;
  size_t ReservedFloats(size_t labelled, size_t examples) const override;
  MinibatchLoss Forward(const HeadInput& in, const Targets& targets,
                        const Dropout& dropout) override;
  void Backward(const HeadInput& in, size_t mean_over, float* gradients) override;
  std::span<const float> Probabilities(const Schedule& schedule, size_t example) const override;
  std::span<const float> ProbabilitiesAt(size_t i) const override {
    return {softmax_.logits(i), softmax_.classes()};
  }
  std::span<const float> losses() const override { return {losses_.data(), targets_.size()}; }

 private:
  // The distribution that P is to be: 1 - upper_share at class `lower`, the rest at the next one.
  struct Target {
    size_t lower = 0;
    float upper_share = 0;
    float weight = 1;
    float lower_logit = 0, upper_logit = 0;  // as the softmax found them
  };

  const BlockInfo& Block(int index) const { return layout_.blocks()[static_cast<size_t>(index)]; }
  Target TargetOf(const Targets& targets, size_t i) const;
  void Compare(const Parameters& parameters, size_t pairs);
  float Loss(size_t i) const;
  // Of the comparison layer: by columns n at 0, n at PadRow(n).
  Rows features();
  Rows dfeatures();
  Rows inputs() { return {inputs_.data(), padded_}; }
  Rows dinputs() { return {dinputs_.data(), padded_}; }

  const ParameterLayout& layout_;
  GemmBackend gemm_;
  bool tai_, scores_;
  int n_, hidden_;
  size_t padded_;  // PadRow(n)
  int weights_, bias_;
  SoftmaxLayer softmax_;  // its inputs are h_s
  // (2 pairs, n): h of the roots, the two of a pair one behind the other; and their gradients.
  simd::AlignedArray<float> inputs_, dinputs_;
  simd::AlignedArray<float> features_, dfeatures_;  // of tai; bowman compares the inputs themselves
  simd::AlignedArray<float> losses_;                // (pairs), weighted
  std::vector<Target> targets_;                     // of the last Forward
  Dropout dropout_;                                 // likewise
  RowRanges all_rows_;
};

}  // namespace grove
