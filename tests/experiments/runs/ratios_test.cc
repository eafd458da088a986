#include "experiments/runs/ratios.h"

#include <cmath>

#include "gtest/gtest.h"

namespace grove {
namespace {

TEST(SummariseRatios, GroupsByEpochAndDepth) {
  const auto summaries = SummariseRatios({{2, 5, 0.5f},
                                          {1, 7, 4.0f},
                                          {1, 5, 100.0f},
                                          {1, 5, 1.0f},
                                          {1, 5, 0.01f},
                                          {1, 5, std::nanf("")}});
  ASSERT_EQ(summaries.size(), 3u);
  const RatioSummary* found = FindSummary(summaries, 1, 5);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->n, 3u);
  EXPECT_EQ(found->above_1, 1u);  // a ratio of exactly 1 does not explode
  EXPECT_EQ(found->median, 1);
  EXPECT_NEAR(found->q25, 0.505, 1e-8);
  EXPECT_NEAR(found->q75, 50.5, 1e-8);
  EXPECT_NEAR(found->mean_log10, 0, 1e-7);
  EXPECT_EQ(FindSummary(summaries, 2, 7), nullptr);
  EXPECT_EQ(LastEpoch(summaries), 2);
  EXPECT_DOUBLE_EQ(ShareAbove1(summaries, 1), 0.5);
  EXPECT_DOUBLE_EQ(ShareAbove1(summaries, 2), 0);
  EXPECT_TRUE(std::isnan(ShareAbove1(summaries, 3)));
}

TEST(SummariseRatios, ZeroHasNoLogarithm) {
  const auto summaries = SummariseRatios({{1, 3, 0.0f}, {1, 3, 10.0f}, {1, 4, 0.0f}});
  EXPECT_NEAR(summaries[0].mean_log10, 1, 1e-12);
  EXPECT_TRUE(std::isnan(summaries[1].mean_log10));
}

}  // namespace
}  // namespace grove
