// The logarithm of the mean ratio against the math library's, and as literal bits.
#include "engine/training/ratio_statistics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <random>
#include <vector>

namespace grove {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Numbers of every magnitude, numbers around 1, and the ends.
std::vector<double> Numbers() {
  std::vector<double> numbers = {std::numeric_limits<double>::denorm_min(),
                                 std::numeric_limits<double>::min(),
                                 std::numeric_limits<double>::max(),
                                 std::nextafter(1.0, 0.0),
                                 std::nextafter(1.0, 2.0),
                                 std::sqrt(0.5),
                                 std::sqrt(2.0)};
  for (int e = -1074; e < 1024; ++e) {
    for (const double m : {1.0, 1.2, 1.4142135623730951, 1.5, 1.9999}) {
      numbers.push_back(std::ldexp(m, e));
    }
  }
  std::mt19937_64 random(5);
  std::uniform_real_distribution<double> near(0.4, 2.5);
  for (int i = 0; i < 200000; ++i) numbers.push_back(near(random));
  for (int i = 1; i < 2000; ++i) numbers.push_back(1 + i * 1e-12);
  return numbers;
}

TEST(Log10Test, IsThatOfTheMathLibraryButForRounding) {
  double largest = 0;
  for (const double x : Numbers()) {
    if (x == 1 || std::isinf(x)) continue;
    const auto exact = static_cast<double>(std::log10(static_cast<long double>(x)));
    EXPECT_NEAR(Log10(x), std::log10(x), 1e-14 * std::abs(std::log10(x))) << x;
    largest = std::max(largest, std::abs(Log10(x) - exact) / std::abs(exact));
  }
  std::printf("relative error at most %.3g\n", largest);
  EXPECT_LE(largest, 6e-16);
}

// As any arithmetic of doubles gives them.
TEST(Log10Test, Bits) {
  EXPECT_EQ(Log10(1), 0);
  EXPECT_EQ(Log10(kInfinity), kInfinity);
  EXPECT_EQ(Log10(2), 0.30102999566398119521);
  EXPECT_EQ(Log10(0.3), -0x1.0bb6c34d81502p-1);
  EXPECT_EQ(Log10(1e-300), -0x1.2c00000000001p+8);
  EXPECT_EQ(Log10(12345.678), 0x1.05db618083a9dp+2);
}

TEST(RatioStatisticsTest, TheMeanLogarithmIsOverPositiveRatios) {
  const std::vector<double> ratios = {0, 0.01, 1, 1000};
  EXPECT_EQ(StatisticsOfSorted(ratios).mean_log10, (Log10(0.01) + Log10(1000)) / 3);
  EXPECT_TRUE(std::isnan(StatisticsOfSorted(std::vector<double>{0, 0}).mean_log10));
}

}  // namespace
}  // namespace grove
