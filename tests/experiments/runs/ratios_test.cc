#include "experiments/runs/ratios.h"

#include <cmath>
#include <filesystem>
#include <fstream>

#include "engine/error.h"
#include "gtest/gtest.h"

namespace grove {
namespace {

std::string WriteTemporary(const std::string& contents) {
  const std::string path = ::testing::TempDir() + "grove_ratios_test.csv";
  std::ofstream(path) << contents;
  return path;
}

std::string ReadingFails(const std::string& contents) {
  const std::string path = WriteTemporary(contents);
  try {
    ReadRatios(path);
  } catch (const Error& error) {
    return std::string(error.what()).substr(path.size());
  }
  return "no error";
}

TEST(ReadRatios, ReadsEveryLine) {
  const auto ratios = ReadRatios(WriteTemporary("epoch,depth,ratio\n1,6,0.25\n2,13,1e-07\n"));
  ASSERT_EQ(ratios.size(), 2u);
  EXPECT_EQ(ratios[0].epoch, 1);
  EXPECT_EQ(ratios[0].depth, 6);
  EXPECT_EQ(ratios[0].ratio, 0.25f);
  EXPECT_EQ(ratios[1].depth, 13);
  EXPECT_EQ(ratios[1].ratio, 1e-7f);
}

TEST(ReadRatios, NamesTheBadLine) {
  EXPECT_EQ(ReadingFails("depth,epoch,ratio\n"), ":1: the first line must be epoch,depth,ratio");
  EXPECT_EQ(ReadingFails("epoch,depth,ratio\n1,6,0.25\n1,6\n"),
            ":3: not a line of epoch,depth,ratio");
  EXPECT_EQ(ReadingFails("epoch,depth,ratio\n1,6,0.25"), ":2: not a line of epoch,depth,ratio");
  EXPECT_EQ(ReadingFails("epoch,depth,ratio\n0,6,0.25\n"),
            ":2: epoch must be at least 1, depth and ratio at least 0");
  EXPECT_THROW(ReadRatios(::testing::TempDir() + "grove_no_such_file.csv"), Error);
}

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
  EXPECT_EQ(found->sample.size(), 3u);
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

TEST(SummariseRatios, SamplesEvenlyInRank) {
  std::vector<GradientRatio> ratios;
  for (int i = 1000; i >= 0; --i) ratios.push_back({1, 3, static_cast<float>(i)});
  const auto summaries = SummariseRatios(ratios);
  const std::vector<double>& sample = summaries[0].sample;
  ASSERT_EQ(sample.size(), RatioSummary::kSampleSize);
  EXPECT_EQ(sample.front(), 0);
  EXPECT_EQ(sample.back(), 1000);
  for (size_t i = 1; i < sample.size(); ++i) EXPECT_NEAR(sample[i] - sample[i - 1], 25.6, 1);
}

}  // namespace
}  // namespace grove
