// The last layer of every head, z = W x + b, whose softmax are the probabilities of C classes.
#pragma once

#include <cstddef>

#include "engine/cells/linear.h"
#include "engine/cells/parameters.h"
#include "engine/run_spec.h"
#include "simd/aligned.h"

namespace grove {

class SoftmaxLayer {
 public:
  // Adds "softmax.W" (C, width) and "softmax.b" (C) to `layout`, which must outlive the layer.
  SoftmaxLayer(const RunSpec& spec, int width, int classes, ParameterLayout& layout);

  // Room for so many rows; allocates, the other calls do not.
  void Reserve(size_t rows);
  static size_t ReservedFloats(size_t rows, size_t width, size_t classes);

  // The caller writes x into the rows of inputs() and finds z in those of logits().
  void Forward(const Parameters& parameters, size_t rows);

  // Turns the logits of every row into probabilities.
  void Softmax();

  // The caller has replaced z by dJ/dz, in as many rows: writes the gradients of W and b, and dJ/dx
  // into dinputs().
  void Backward(const Parameters& parameters, float* gradients);

  Rows inputs() { return {inputs_.data(), input_stride_}; }    // (rows, width)
  Rows dinputs() { return {dinputs_.data(), input_stride_}; }  // (rows, width)
  // (C) of one row; probabilities behind Softmax().
  float* logits(size_t row) { return logits_.data() + row * logit_stride_; }
  const float* logits(size_t row) const { return logits_.data() + row * logit_stride_; }
  // log sum_j e^z[j] of a row: what Softmax() found, so that -log P(i) is that minus z[i].
  float log_sum(size_t row) const { return log_sums_[row]; }
  size_t classes() const { return classes_; }

 private:
  const BlockInfo& Block(int index) const { return layout_.blocks()[static_cast<size_t>(index)]; }

  const ParameterLayout& layout_;
  GemmBackend gemm_;
  size_t classes_, input_stride_, logit_stride_;
  int weights_, bias_;
  size_t rows_ = 0;  // of the last Forward
  simd::AlignedArray<float> inputs_, dinputs_, logits_, log_sums_;
  RowRanges all_rows_;  // [0, rows), kept so that Backward allocates nothing
};

}  // namespace grove
