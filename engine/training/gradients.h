// The gradients that one update is made from.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/run_spec.h"
#include "simd/aligned.h"
#include "simd/update.h"

namespace grove {

// Of all weights, and of the words that occurred, each once. `rows` is what words.rows index.
struct Gradients {
  float* weights = nullptr;
  size_t weight_count = 0;
  float* rows = nullptr;
  simd::RowUpdates words;
};

// Scales gradients longer than `limit` down to that norm, which is over all elements together. What
// is too long for a norm in float (about 1e19) becomes 0; NaN stays.
void Clip(double limit, const Gradients& gradients);

// Rows that a GradientSum needs for the words of one update: no more than there are words, and no
// more than nodes in its minibatches of up to `nodes` each.
inline size_t AccumulatedRows(const RunSpec& spec, size_t nodes, size_t vocabulary_size) {
  return std::min(vocabulary_size, static_cast<size_t>(spec.accumulate) * nodes);
}

// Sums gradients over minibatches. Words that occur in several of them get one row.
class GradientSum {
 public:
  // Of so many weights, and of up to `rows` different words of a vocabulary. Allocates; nothing
  // else does.
  void Reserve(size_t weights, size_t rows, size_t row_stride, int vocabulary_size);

  bool empty() const { return empty_; }
  void Add(const Gradients& gradients);
  // The sum so far, with the strides and counters of `like`.
  Gradients Sum(const simd::RowUpdates& like);
  // Makes it empty again.
  void Clear();

 private:
  bool empty_ = true;
  simd::AlignedArray<float> weights_, rows_;
  size_t row_stride_ = 0;
  std::vector<int32_t> row_of_word_;  // (V) kNoRow where the word has none
  std::vector<int32_t> numbers_;      // 0, 1, 2 ...
  std::vector<int32_t> word_of_row_;  // of the rows in use
};

}  // namespace grove
