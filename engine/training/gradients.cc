#include "engine/training/gradients.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include "simd/reduce.h"

namespace grove {
namespace {

constexpr int32_t kNoRow = -1;

float* RowOf(const Gradients& gradients, size_t i) {
  return gradients.rows +
         static_cast<size_t>(gradients.words.rows[i]) * gradients.words.gradient_stride;
}

}  // namespace

void Clip(double limit, const Gradients& gradients) {
  const size_t n = gradients.words.n;
  double squares = simd::SumSquares(gradients.weights, gradients.weight_count);
  for (size_t i = 0; i < gradients.words.count; ++i) {
    squares += simd::SumSquares(RowOf(gradients, i), n);
  }
  const double norm = std::sqrt(squares);
  if (!(norm > limit)) return;
  const float scale = static_cast<float>(limit / norm);
  const auto shorten = [scale](float* x, size_t count) {
    for (size_t j = 0; j < count; ++j) x[j] *= scale;
  };
  shorten(gradients.weights, gradients.weight_count);
  for (size_t i = 0; i < gradients.words.count; ++i) shorten(RowOf(gradients, i), n);
}

void GradientSum::Reserve(size_t weights, size_t rows, size_t row_stride, int vocabulary_size) {
  weights_.Resize(weights);
  rows_.Resize(rows * row_stride);
  row_stride_ = row_stride;
  row_of_word_.assign(static_cast<size_t>(vocabulary_size), kNoRow);
  numbers_.resize(rows);
  std::iota(numbers_.begin(), numbers_.end(), 0);
  word_of_row_.clear();
  word_of_row_.reserve(rows);
}

void GradientSum::Add(const Gradients& gradients) {
  assert(gradients.weight_count == weights_.size());
  if (empty_) {
    std::copy_n(gradients.weights, gradients.weight_count, weights_.data());
  } else {
    for (size_t i = 0; i < gradients.weight_count; ++i) weights_[i] += gradients.weights[i];
  }
  empty_ = false;
  const simd::RowUpdates& words = gradients.words;
  for (size_t i = 0; i < words.count; ++i) {
    const float* row = RowOf(gradients, i);
    const int32_t word = words.words[words.rows[i]];
    int32_t& own = row_of_word_[static_cast<size_t>(word)];
    if (own != kNoRow) {
      float* sum = rows_.data() + static_cast<size_t>(own) * row_stride_;
      for (size_t j = 0; j < words.n; ++j) sum[j] += row[j];
      continue;
    }
    assert(word_of_row_.size() < numbers_.size());
    own = static_cast<int32_t>(word_of_row_.size());
    word_of_row_.push_back(word);
    std::copy_n(row, words.n, rows_.data() + static_cast<size_t>(own) * row_stride_);
  }
}

Gradients GradientSum::Sum(const simd::RowUpdates& like) {
  Gradients sum = {weights_.data(), weights_.size(), rows_.data(), like};
  sum.words.gradient_stride = row_stride_;
  sum.words.rows = numbers_.data();
  sum.words.words = word_of_row_.data();
  sum.words.count = word_of_row_.size();
  return sum;
}

void GradientSum::Clear() {
  for (const int32_t word : word_of_row_) row_of_word_[static_cast<size_t>(word)] = kNoRow;
  word_of_row_.clear();
  empty_ = true;
}

}  // namespace grove
