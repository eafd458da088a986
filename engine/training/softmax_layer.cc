#include "engine/training/softmax_layer.h"

#include <algorithm>
#include <cstring>

#include "engine/cells/model.h"
#include "simd/elementwise.h"

namespace grove {

SoftmaxLayer::SoftmaxLayer(const RunSpec& spec, int width, int classes, ParameterLayout& layout)
    : layout_(layout),
      gemm_(ParseGemmBackend(spec.gemm)),
      classes_(static_cast<size_t>(classes)),
      input_stride_(simd::PadRow(static_cast<size_t>(width))),
      logit_stride_(simd::PadRow(static_cast<size_t>(classes))) {
  weights_ = layout.AddBlock("softmax.W", width);
  layout.AddTensor(weights_, "softmax.W", classes, InitRange(spec.init_fan_softmax, width));
  bias_ = layout.AddBlock("softmax.b", 1);
  layout.AddBias(bias_, "softmax.b", classes);
}

void SoftmaxLayer::Reserve(size_t rows) {
  inputs_.Resize(rows * input_stride_);
  dinputs_.Resize(rows * input_stride_);
  logits_.Resize(rows * logit_stride_);
  log_sums_.Resize(rows);
  all_rows_.reserve(1);
}

size_t SoftmaxLayer::ReservedFloats(size_t rows, size_t width, size_t classes) {
  return rows * (2 * simd::PadRow(width) + simd::PadRow(classes) + 1);
}

void SoftmaxLayer::Forward(const Parameters& parameters, size_t rows) {
  rows_ = rows;
  const float* bias = parameters.weights.data() + Block(bias_).offset;
  for (size_t i = 0; i < rows; ++i) std::memcpy(logits(i), bias, classes_ * sizeof(float));
  grove::Forward(gemm_, parameters, Block(weights_), inputs(), static_cast<int32_t>(rows),
                 {logits_.data(), logit_stride_}, Write::kAdd);
}

void SoftmaxLayer::Softmax() {
  simd::Softmax(logits_.data(), logit_stride_, rows_, classes_, log_sums_.data());
}

void SoftmaxLayer::Backward(const Parameters& parameters, float* gradients) {
  float* dbias = gradients + Block(bias_).offset;
  std::fill_n(dbias, classes_, 0.0f);
  for (size_t i = 0; i < rows_; ++i) {
    const float* row = logits(i);
    for (size_t c = 0; c < classes_; ++c) dbias[c] += row[c];
  }
  const Rows dz = {logits_.data(), logit_stride_};
  all_rows_.clear();
  if (rows_ > 0) all_rows_.push_back({0, static_cast<int32_t>(rows_)});
  BackwardWeights(gemm_, Block(weights_), inputs(), dz, all_rows_, gradients);
  BackwardInput(gemm_, parameters, Block(weights_), dz, static_cast<int32_t>(rows_), dinputs(),
                Write::kReplace);
}

}  // namespace grove
