#include "experiments/stats/numbers.h"

#include <gtest/gtest.h>

#include <cmath>

namespace grove {
namespace {

TEST(FormatNumber, HasTheDigitsAskedForAndNoMore) {
  EXPECT_EQ(FormatNumber(96.6), "96.6");
  EXPECT_EQ(FormatNumber(2.0 / 3), "0.667");
  EXPECT_EQ(FormatNumber(1e-5), "1e-05");
  EXPECT_EQ(FormatNumber(20), "20");
  EXPECT_EQ(FormatNumber(-0.951), "-0.951");
  EXPECT_EQ(FormatNumber(1234567, 4), "1.235e+06");
  EXPECT_EQ(FormatNumber(std::nan("")), "-");
}

TEST(Percent, UndoesTheLastBitsOfDecimals) {
  EXPECT_NE(0.29 * 100, 29);
  EXPECT_EQ(Percent(0.29), 29);
  EXPECT_EQ(RoundDecimals(0.18 / 0.2), 0.9);
}

}  // namespace
}  // namespace grove
