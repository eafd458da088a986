// The AdaGrad step against double precision, and that it leaves alone what is not its own.
#include "simd/adagrad.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "simd/aligned.h"
#include "tests/reference/reference_kernels.h"
#include "tests/simd/float_rows.h"
#include "tests/simd/target_fixture.h"

namespace grove::simd {
namespace {

const AdagradStep kSteps[] = {{0.05f, 0, 1e-4f, false},
                              {0.05f, 0, 1e-4f, true},
                              {0.1f, 0.01f, 1e-8f, false},
                              {0.1f, 0.5f, 1e-4f, true}};

// Arrays that start `offset` floats after an aligned place.
struct Arrays {
  Arrays(size_t count, size_t offset, float range)
      : gradient(1, count, count + offset + 1),
        weight(1, count, count + offset + 1),
        sum(1, count, count + offset + 1) {
    std::mt19937 generator(static_cast<uint32_t>(count));
    gradient.FillRandom(generator, range);
    weight.FillRandom(generator, 1);
    sum.FillRandom(generator, range);
    for (size_t i = 0; i < count; ++i) sum.At(0, i) *= sum.At(0, i);
  }
  void Update(const AdagradStep& step) {
    AdagradUpdate(step, weight.n(), gradient.data(), weight.data(), sum.data());
  }
  FloatRows gradient, weight, sum;
};

class AdagradTest : public TargetTest {};

TEST_P(AdagradTest, AgainstDoublePrecision) {
  for (const AdagradStep& step : kSteps) {
    const reference::AdaGrad exact{step.learning_rate, step.epsilon, step.l2, step.plain};
    for (size_t offset : {0, 1, 4, 11}) {
      for (size_t count = 0; count < 70; ++count) {
        Arrays arrays(count, offset, 2);
        const auto gradient = arrays.gradient.Values(), weight = arrays.weight.Values(),
                   sum = arrays.sum.Values();
        const reference::Vector g(gradient.begin(), gradient.end());
        reference::Vector theta(weight.begin(), weight.end()), a(sum.begin(), sum.end());
        reference::AdaGradUpdate(exact, true, count, g.data(), theta.data(), a.data());
        arrays.Update(step);
        // Half a dozen roundings of a step of at most learning_rate * 2.5 (plain) or about
        // learning_rate, and one of the weight.
        ASSERT_TRUE(AllNear(theta, arrays.weight.Values(), 6 * 0x1p-24, 2 * 0x1p-24)) << count;
        ASSERT_TRUE(AllNear(a, arrays.sum.Values(), 1e-6 * step.l2, 6 * 0x1p-24)) << count;
        ASSERT_TRUE(SameBits(gradient, arrays.gradient.Values()));
        ASSERT_TRUE(arrays.weight.GuardsIntact()) << count;
        ASSERT_TRUE(arrays.sum.GuardsIntact()) << count;
      }
    }
  }
}

TEST_P(AdagradTest, ManyStepsFromZero) {
  const AdagradStep step{0.05f, 1e-3f, 1e-4f, false};
  Arrays arrays(50, 0, 0.3f);
  reference::Vector theta(50), a(50);
  for (size_t i = 0; i < 50; ++i) theta[i] = arrays.weight.At(0, i), arrays.sum.At(0, i) = 0;
  std::mt19937 generator(5);
  for (int t = 0; t < 100; ++t) {
    arrays.gradient.FillRandom(generator, 0.3f);
    const auto gradient = arrays.gradient.Values();
    const reference::Vector g(gradient.begin(), gradient.end());
    reference::AdaGradUpdate({0.05f, 1e-4f, 1e-3f, false}, false, 50, g.data(), theta.data(),
                             a.data());
    arrays.Update(step);
  }
  EXPECT_TRUE(AllNear(theta, arrays.weight.Values(), 100 * 0x1p-23, 0));
  EXPECT_TRUE(AllNear(a, arrays.sum.Values(), 0, 200 * 0x1p-24));
}

// Padding takes part in updates of whole blocks: zeros of gradient, weight and sum stay zeros.
TEST_P(AdagradTest, ZerosStayZeros) {
  for (const AdagradStep& step : kSteps) {
    FloatRows gradient(1, 56, 56), weight(1, 56, 56), sum(1, 56, 56);
    AdagradUpdate(step, 56, gradient.data(), weight.data(), sum.data());
    EXPECT_TRUE(SameBits(std::vector<float>(56), weight.Values()));
    EXPECT_TRUE(SameBits(std::vector<float>(56), sum.Values()));
  }
}

TEST_P(AdagradTest, SameBitsOnEveryTargetWithFma) {
  for (const AdagradStep& step : kSteps) {
    ExpectBitsOfBestTarget([&] {
      Arrays arrays(1003, 1, 2);
      for (int t = 0; t < 3; ++t) arrays.Update(step);
      std::vector<float> values = arrays.weight.Values();
      const std::vector<float> sums = arrays.sum.Values();
      values.insert(values.end(), sums.begin(), sums.end());
      return values;
    });
  }
}

// The update of a block is that of its rows, and the copy is what they became.
TEST_P(AdagradTest, BlocksAreUpdatedRowByRowAndTransposed) {
  for (const size_t rows : {1, 2, 3, 4, 5, 7, 50}) {
    for (const size_t cols : {1, 3, 4, 5, 8, 10, 16, 17, 50, 100, 200}) {
      for (const AdagradStep& step : kSteps) {
        Arrays block(rows * PadRow(cols), 0, 2), expected(rows * PadRow(cols), 0, 2);
        FloatRows transposed(cols, rows, PadRow(rows) + 8);
        AdagradUpdateTransposed(
            step, {rows, cols, PadRow(cols), block.gradient.data(), block.weight.data(),
                   block.sum.data(), transposed.data(), transposed.stride()});
        expected.Update(step);
        ASSERT_TRUE(SameBits(expected.weight.Values(), block.weight.Values()))
            << rows << " " << cols;
        ASSERT_TRUE(SameBits(expected.sum.Values(), block.sum.Values())) << rows << " " << cols;
        ASSERT_TRUE(transposed.GuardsIntact(PadRow(rows))) << rows << " " << cols;
        for (size_t r = 0; r < rows; ++r) {
          for (size_t c = 0; c < cols; ++c) {
            ASSERT_EQ(transposed.At(c, r), block.weight.At(0, r * PadRow(cols) + c))
                << rows << " x " << cols << ": row " << r << ", column " << c;
          }
        }
      }
    }
  }
}

// The sparse update is the dense one, row by row; the first of a row is plain if asked for.
TEST_P(AdagradTest, RowsAreUpdatedOneByOne) {
  constexpr size_t kWords = 9, kCount = 7;
  for (const size_t n : {1, 7, 8, 13, 50}) {
    const size_t stride = PadRow(n);
    AlignedArray<float> gradients(kCount * stride), weights(kWords * stride), sums(kWords * stride);
    for (size_t i = 0; i < gradients.size(); ++i) gradients[i] = 0.01f * static_cast<float>(i % 17);
    for (size_t i = 0; i < weights.size(); ++i) weights[i] = 0.1f * static_cast<float>(i % 11);
    for (size_t i = 0; i < n; ++i) sums[2 * stride + i] = 0.5f;  // word 2 was updated before
    const std::vector<int32_t> words = {4, 2, 8, 4, 0, 1, 7};    // of the gradients' rows
    const std::vector<int32_t> rows = {0, 1, 2, 4, 5, 6};        // row 3 repeats word 4
    for (const bool plain_first : {false, true}) {
      AlignedArray<float> w = weights, a = sums, expected_w = weights, expected_a = sums;
      AdagradStep step{0.05f, 0.01f, 1e-4f, false};
      AdagradUpdateRows(step, plain_first,
                        {n, stride, stride, rows.data(), words.data(), rows.size()},
                        gradients.data(), w.data(), a.data());
      for (const int32_t row : rows) {
        const size_t word = static_cast<size_t>(words[static_cast<size_t>(row)]);
        step.plain = plain_first && word != 2;
        AdagradUpdate(step, n, gradients.data() + static_cast<size_t>(row) * stride,
                      expected_w.data() + word * stride, expected_a.data() + word * stride);
      }
      for (size_t i = 0; i < w.size(); ++i) {
        ASSERT_EQ(w[i], expected_w[i]) << "n " << n << " at " << i;
        ASSERT_EQ(a[i], expected_a[i]) << "n " << n << " at " << i;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(EveryTarget, AdagradTest, EveryTarget(), TargetName);

}  // namespace
}  // namespace grove::simd
