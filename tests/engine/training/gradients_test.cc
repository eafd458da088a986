// Clipping to a known norm, and sums of gradients over minibatches with words in common.
#include "engine/training/gradients.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>
#include <vector>

namespace grove {
namespace {

constexpr size_t kWidth = 3, kStride = 8;

// Gradients of two weights and of words, whose row r is all value(r); rows come in reverse order.
struct Made {
  Made(std::vector<float> weight_values, std::vector<int32_t> word_ids, float row_value)
      : weights(weight_values.size()), rows(word_ids.size() * kStride), words(std::move(word_ids)) {
    std::copy(weight_values.begin(), weight_values.end(), weights.begin());
    for (size_t r = words.size(); r-- > 0;) {
      numbers.push_back(static_cast<int32_t>(r));
      for (size_t j = 0; j < kWidth; ++j) rows[r * kStride + j] = row_value;
    }
  }
  Gradients gradients() {
    return {weights.data(),
            weights.size(),
            rows.data(),
            {kWidth, kStride, kStride, numbers.data(), words.data(), words.size(), nullptr}};
  }
  simd::AlignedArray<float> weights, rows;
  std::vector<int32_t> words, numbers;
};

TEST(ClipTest, ShortensToTheLimit) {
  // Norm: sqrt(3^2 + 4^2 + 2 * 3 * 10^2) = 25.
  Made made({3, 4}, {5, 1}, 10);
  Clip(25, made.gradients());
  EXPECT_EQ(made.weights[0], 3) << "not longer than the limit";
  Clip(5, made.gradients());
  EXPECT_FLOAT_EQ(made.weights[0], 0.6f);
  EXPECT_FLOAT_EQ(made.weights[1], 0.8f);
  for (size_t r = 0; r < 2; ++r) {
    for (size_t j = 0; j < kWidth; ++j) EXPECT_FLOAT_EQ(made.rows[r * kStride + j], 2);
    EXPECT_EQ(made.rows[r * kStride + kWidth], 0);
  }
}

TEST(ClipTest, WhatIsNoNumberStays) {
  Made made({std::numeric_limits<float>::quiet_NaN(), 1}, {0}, 1);
  Clip(1e-3, made.gradients());
  EXPECT_TRUE(std::isnan(made.weights[0]));
  EXPECT_EQ(made.weights[1], 1);
  Made huge({1e30f, 1}, {0}, 1);
  Clip(1, huge.gradients());
  EXPECT_EQ(huge.weights[0], 0);
}

TEST(GradientSumTest, AddsWeightsAndWords) {
  GradientSum sum;
  sum.Reserve(2, 4, kStride, 9);
  for (int round = 0; round < 2; ++round) {  // as good as new after Clear
    EXPECT_TRUE(sum.empty());
    Made first({1, 2}, {8, 3}, 1), second({10, 20}, {3, 0, 5}, 4);
    sum.Add(first.gradients());
    EXPECT_FALSE(sum.empty());
    sum.Add(second.gradients());
    uint32_t counters[9] = {};
    simd::RowUpdates like = first.gradients().words;
    like.updates = counters;
    const Gradients total = sum.Sum(like);
    EXPECT_EQ(total.weights[0], 11);
    EXPECT_EQ(total.weights[1], 22);
    EXPECT_EQ(total.words.updates, counters);
    std::map<int32_t, float> values;
    for (size_t i = 0; i < total.words.count; ++i) {
      const int32_t row = total.words.rows[i];
      const float* at = total.rows + static_cast<size_t>(row) * total.words.gradient_stride;
      EXPECT_EQ(at[0], at[kWidth - 1]);
      EXPECT_TRUE(values.emplace(total.words.words[row], at[0]).second) << "a word came twice";
    }
    EXPECT_EQ(values, (std::map<int32_t, float>{{0, 4}, {3, 5}, {5, 4}, {8, 1}}));
    sum.Clear();
  }
}

}  // namespace
}  // namespace grove
