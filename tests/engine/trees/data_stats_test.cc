#include "engine/trees/data_stats.h"

#include <gtest/gtest.h>

#include <map>

#include "engine/files/treebank.h"
#include "engine/tasks/task.h"

namespace grove {
namespace {

using Counts = std::map<int32_t, int64_t>;

TEST(DataStatsTest, OfThreeTreesCountedByHand) {
  const Treebank trees = ParseTreebank(
      "(6 (. 4711) (. 607))\n"
      "(6 (1 (1 4711) (. 5000)) (. (. 12) (. (. 9999) (2 8888))))\n"
      "(. 5000)\n",
      "t");
  const ForestStats stats = ComputeStats(trees.forest);
  EXPECT_EQ(stats.trees, 3);
  EXPECT_EQ(stats.nodes, 13);
  EXPECT_EQ(stats.distinct_words, 6);
  EXPECT_EQ(stats.lengths.counts, (Counts{{1, 1}, {2, 1}, {5, 1}}));
  EXPECT_EQ(stats.lengths.total, 3);
  EXPECT_EQ(stats.lengths.min, 1);
  EXPECT_EQ(stats.lengths.max, 5);
  EXPECT_DOUBLE_EQ(stats.lengths.mean, 8 / 3.0);
  EXPECT_EQ(stats.lengths.median, 2);
  EXPECT_EQ(stats.heights.counts, (Counts{{0, 1}, {1, 1}, {3, 1}}));
  EXPECT_EQ(stats.leaf_depths.counts, (Counts{{0, 1}, {1, 2}, {2, 3}, {3, 2}}));
  EXPECT_EQ(stats.keyword_depths.counts, (Counts{{1, 1}, {2, 1}}));
  EXPECT_EQ(stats.keyword_depths.median, 1.5);
  EXPECT_EQ(stats.root_labels, (Counts{{kNone, 1}, {6, 2}}));
  EXPECT_EQ(stats.inner_labels, (Counts{{kNone, 2}, {1, 1}}));
  EXPECT_EQ(stats.leaf_labels, (Counts{{kNone, 5}, {1, 1}, {2, 1}}));
}

TEST(DataStatsTest, OfNothingAreZero) {
  const ForestStats stats = ComputeStats(Forest());
  EXPECT_EQ(stats.trees, 0);
  EXPECT_EQ(stats.lengths.total, 0);
  EXPECT_EQ(stats.lengths.mean, 0);
  EXPECT_TRUE(stats.root_labels.empty());
}

// The published remarks on the trees: split trees of 21 to 30 leaves have keywords at depth 5.7 in
// the mean. Of l leaves the expected depth of a leaf is 2 (H_l - 1), H the harmonic numbers.
TEST(DataStatsTest, SplitTreesHaveTheExpectedKeywordDepth) {
  DatasetSpec spec;
  spec.dev = spec.test = 1;
  const ForestStats stats = ComputeStats(GenerateDataset(spec).train);
  double harmonic = 0, expected = 0;
  for (int length = 1; length <= 30; ++length) {
    harmonic += 1.0 / length;
    if (length >= 21) expected += 2 * (harmonic - 1) / 10;
  }
  // Five standard errors; a depth's standard deviation is below 2.2.
  EXPECT_NEAR(stats.keyword_depths.mean, expected, 5 * 2.2 / 100);
  EXPECT_EQ(stats.lengths.min, 21);
  EXPECT_EQ(stats.lengths.max, 30);
  EXPECT_EQ(stats.root_labels.size(), 10u);
  EXPECT_EQ(stats.inner_labels.size(), 1u);
}

}  // namespace
}  // namespace grove
