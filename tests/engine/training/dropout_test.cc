// Masks drop their share, keep the mean, and depend on seed, purpose, minibatch and element alone.
#include "engine/training/dropout.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace grove {
namespace {

constexpr size_t kRows = 200, kStride = 56, kWidth = 50;

std::vector<float> Masked(const Dropout& dropout, size_t rows = kRows) {
  std::vector<float> values(kRows * kStride, 1.0f);
  dropout.Apply(values.data(), kStride, rows, kWidth);
  return values;
}

TEST(DropoutTest, DropsItsShareAndScalesTheRest) {
  for (const double share : {0.1, 0.5, 0.9}) {
    const std::vector<float> values = Masked(Dropout(1, Purpose::kWordDropout, share, 3));
    size_t dropped = 0;
    for (size_t r = 0; r < kRows; ++r) {
      for (size_t j = 0; j < kStride; ++j) {
        const float value = values[r * kStride + j];
        if (j >= kWidth) {
          EXPECT_EQ(value, 1) << "padding";
        } else if (value == 0) {
          ++dropped;
        } else {
          EXPECT_EQ(value, static_cast<float>(1 / (1 - share)));
        }
      }
    }
    const double count = kRows * kWidth;
    EXPECT_NEAR(static_cast<double>(dropped) / count, share,
                4 * std::sqrt(share * (1 - share) / count));
  }
}

TEST(DropoutTest, EveryKeyHasItsOwnMask) {
  const std::vector<float> values = Masked(Dropout(1, Purpose::kWordDropout, 0.5, 3));
  EXPECT_EQ(values, Masked(Dropout(1, Purpose::kWordDropout, 0.5, 3)));
  EXPECT_NE(values, Masked(Dropout(2, Purpose::kWordDropout, 0.5, 3)));
  EXPECT_NE(values, Masked(Dropout(1, Purpose::kHeadDropout, 0.5, 3)));
  EXPECT_NE(values, Masked(Dropout(1, Purpose::kWordDropout, 0.5, 4)));
  // More rows do not change the first ones.
  const std::vector<float> fewer = Masked(Dropout(1, Purpose::kWordDropout, 0.5, 3), 10);
  EXPECT_TRUE(std::equal(fewer.begin(), fewer.begin() + 10 * kStride, values.begin()));
}

TEST(DropoutTest, NoneChangesNothing) {
  std::vector<float> values = {1, -0.0f, 3e-40f, std::numeric_limits<float>::infinity()};
  const std::vector<float> before = values;
  Dropout().Apply(values.data(), 4, 1, 4);
  Dropout(1, Purpose::kHeadDropout, 0, 0).Apply(values.data(), 4, 1, 4);
  EXPECT_EQ(values, before);
}

}  // namespace
}  // namespace grove
