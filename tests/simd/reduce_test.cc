// Sums in their documented order, to the bit, and close to the exact ones.
#include "simd/reduce.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "tests/reference/reference_kernels.h"
#include "tests/simd/float_rows.h"
#include "tests/simd/target_fixture.h"

namespace grove::simd {
namespace {

// Element i goes to partial sum i mod 16; then 8, 4, 2, 1 are folded.
template <class Term>
float InOrder(const float* x, size_t count, const Term& term) {
  float partial[16] = {};
  for (size_t i = 0; i < count; ++i) partial[i % 16] = term(x[i], partial[i % 16]);
  for (size_t half : {8, 4, 2, 1}) {
    for (size_t i = 0; i < half; ++i) partial[i] += partial[i + half];
  }
  return partial[0];
}

class ReduceTest : public TargetTest {};

TEST_P(ReduceTest, EveryLengthAndPlaceInOrder) {
  std::mt19937 generator(1);
  FloatRows x(1, 1100, 1100);
  x.FillRandom(generator, 1);
  const bool fused = HasFma();
  std::vector<size_t> counts = {127, 128, 500, 513, 1000, 1024};
  for (size_t count = 0; count < 70; ++count) counts.push_back(count);
  for (size_t offset : {0, 1, 4, 9}) {
    const float* from = x.data() + offset;
    for (size_t count : counts) {
      ASSERT_EQ(Sum(from, count), InOrder(from, count, [](float v, float sum) { return sum + v; }));
      const float squares = InOrder(from, count, [&](float v, float sum) {
        return fused ? std::fma(v, v, sum) : sum + v * v;
      });
      ASSERT_EQ(SumSquares(from, count), squares) << count;
      ASSERT_EQ(Norm(from, count), std::sqrt(squares)) << count;
    }
  }
}

TEST_P(ReduceTest, AgainstDoublePrecision) {
  std::mt19937 generator(2);
  for (size_t count : {1, 16, 17, 100, 1000, 20000}) {
    FloatRows x(1, count, count);
    x.FillRandom(generator, 3);
    const reference::Vector exact(x.data(), x.data() + count);
    double magnitude = 0;
    for (double value : exact) magnitude += std::abs(value);
    // An element goes through at most count / 16 + 1 additions of its partial sum and 4 folds; a
    // square is rounded once more where there is no fused multiply-add.
    const double relative = (static_cast<double>(count) / 16 + 6) * 0x1p-24;
    const double squares = reference::SumOfSquares(exact.data(), count);
    const double norm = reference::Norm(exact.data(), count);
    EXPECT_NEAR(Sum(x.data(), count), reference::Sum(exact.data(), count), relative * magnitude);
    EXPECT_NEAR(SumSquares(x.data(), count), squares, relative * squares);
    EXPECT_NEAR(Norm(x.data(), count), norm, relative * norm);
  }
}

TEST_P(ReduceTest, NothingAndNotANumber) {
  EXPECT_EQ(Sum(nullptr, 0), 0);
  EXPECT_EQ(SumSquares(nullptr, 0), 0);
  EXPECT_EQ(Norm(nullptr, 0), 0);
  for (size_t place : {0, 15, 16, 36}) {
    std::vector<float> x(37, 1.0f);
    x[place] = std::nanf("");
    EXPECT_TRUE(std::isnan(Sum(x.data(), x.size()))) << place;
    EXPECT_TRUE(std::isnan(Norm(x.data(), x.size()))) << place;
  }
}

TEST_P(ReduceTest, SameBitsOnEveryTargetWithFma) {
  ExpectBitsOfBestTarget([] {
    std::mt19937 generator(3);
    FloatRows x(1, 5003, 5003);
    x.FillRandom(generator, 1);
    return std::vector<float>{Sum(x.data(), x.n()), SumSquares(x.data(), x.n()),
                              Norm(x.data(), x.n())};
  });
}

INSTANTIATE_TEST_SUITE_P(EveryTarget, ReduceTest, EveryTarget(), TargetName);

}  // namespace
}  // namespace grove::simd
