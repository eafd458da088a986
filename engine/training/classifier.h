// The softmax classifier over the labelled nodes of a minibatch (spec section 2.4):
//   P(class | node) = softmax(W_s h + b_s),  loss = -log P(label).
#pragma once

#include <cstdint>

#include "engine/cells/level_model.h"
#include "engine/cells/linear.h"
#include "engine/run_spec.h"
#include "engine/training/dropout.h"
#include "engine/trees/schedule.h"
#include "simd/aligned.h"

namespace grove {

// Of one minibatch, before any update.
struct MinibatchLoss {
  double loss = 0;       // sum of -log P over the labelled nodes
  int32_t labelled = 0;  // labelled nodes
  int32_t correct = 0;   // of these, predicted right (lowest index wins a tie)
  int32_t roots = 0;     // labelled roots
  int32_t correct_roots = 0;
};

class Classifier {
 public:
  // Adds "softmax.W" (C, n) and "softmax.b" (C) to `layout`, which must outlive the classifier.
  Classifier(const RunSpec& spec, int classes, ParameterLayout& layout);

  // Room for so many labelled nodes; allocates, the other calls do not. Forward asserts that there
  // are no more.
  void Reserve(size_t labelled);

  // Probabilities and losses of all labelled nodes, whose h is seen through `dropout`.
  MinibatchLoss Forward(const Parameters& parameters, const Schedule& schedule,
                        const NodeStates& states, const Dropout& dropout);

  // Of the objective (1 / mean_over) sum of the losses: adds to dh of the labelled rows, and writes
  // the gradients of the classifier's own weights. After Forward on the same minibatch.
  void Backward(const Parameters& parameters, const Schedule& schedule, const NodeStates& states,
                size_t mean_over, float* gradients);

  // The C probabilities, and the loss, of schedule.labelled[i], after Forward (Backward overwrites
  // the probabilities).
  const float* probabilities(size_t i) const { return logits_.data() + i * stride_; }
  float loss(size_t i) const { return losses_[i]; }
  int classes() const { return classes_; }

 private:
  const BlockInfo& Block(int index) const { return layout_.blocks()[static_cast<size_t>(index)]; }

  const ParameterLayout& layout_;
  GemmBackend gemm_;
  int classes_;
  size_t n_;
  size_t stride_;  // of logits, PadRow(C)
  int weights_, bias_;
  simd::AlignedArray<float> inputs_;   // (labelled, n), h of the labelled rows
  simd::AlignedArray<float> dinputs_;  // their gradients
  simd::AlignedArray<float> logits_;   // (labelled, C): logits, then P, then their gradients
  simd::AlignedArray<float> losses_;   // (labelled)
  Dropout dropout_;                    // of the last Forward
  RowRanges all_rows_;                 // [0, labelled), kept so that Backward allocates nothing
};

}  // namespace grove
