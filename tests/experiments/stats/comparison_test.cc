// Folders of runs against the first, by hand-computed examples and by what must hold of any.
#include "experiments/stats/comparison.h"

#include <gtest/gtest.h>

#include <cmath>
#include <deque>

#include "tests/experiments/made_up_runs.h"

namespace grove {
namespace {

using Strings = std::vector<std::string>;
using Shares = std::vector<double>;

// Folders of made-up runs that live as long as this.
class Folders {
 public:
  RunRecord& Add(size_t folder, const std::string& model, uint64_t seed, double accuracy) {
    while (folders_.size() <= folder) {
      folders_.push_back({std::string(1, static_cast<char>('a' + folders_.size())), {}});
    }
    RunRecord& run = runs_.emplace_back(testing::MadeUpRun("mine", 1, model, seed, accuracy));
    folders_[folder].runs.emplace_back(run);
    return run;
  }
  // Runs of rnn with seeds from `seed` on.
  void AddAll(size_t folder, const Shares& accuracies, uint64_t seed = 1) {
    for (const double accuracy : accuracies) Add(folder, "rnn", seed++, accuracy);
  }
  RunRecord& AddAt(size_t folder, double rate, uint64_t seed, double accuracy) {
    RunRecord& run = Add(folder, "rnn", seed, accuracy);
    run.run.learning_rate = rate;
    run.axes["learning_rate"] = rate;
    return run;
  }
  Comparison Compare() const { return CompareFolders(folders_); }

 private:
  std::deque<RunRecord> runs_;
  std::vector<ComparedFolder> folders_;
};

// Two folders with one cell.
Comparison Compare(const Shares& a, const Shares& b, uint64_t first_seed_of_b = 1) {
  Folders folders;
  folders.AddAll(0, a);
  folders.AddAll(1, b, first_seed_of_b);
  return folders.Compare();
}

double Width(const CellSide& side) {
  return side.difference.interval.high - side.difference.interval.low;
}

TEST(Comparison, SubtractsRunsOfOneSeed) {
  const Comparison comparison = Compare({.80, .82, .84}, {.90, .80, .85});
  EXPECT_EQ(comparison.folders, (Strings{"a", "b"}));
  EXPECT_EQ(comparison.metric, "test accuracy");
  EXPECT_EQ(comparison.axes, Strings{"model"});
  ASSERT_EQ(comparison.cells.size(), 1u);
  EXPECT_EQ(comparison.cells[0].values, Strings{"rnn"});
  const CellSide& b = comparison.cells[0].sides[1];
  EXPECT_TRUE(b.paired);
  EXPECT_EQ(b.spread.n, 3);
  EXPECT_NEAR(b.spread.mean, 85, 1e-9);
  EXPECT_EQ(b.difference.mean, 3) << "of 10, -2 and 1";
  EXPECT_EQ(b.difference.interval.low, -2) << "three times the least, in 1 of 27 draws";
  EXPECT_EQ(b.difference.interval.high, 10);
  EXPECT_EQ(comparison.overall[1].cells, 1);
  EXPECT_EQ(comparison.overall[1].difference.mean, 3);
}

TEST(Comparison, OtherSeedsAreNotPaired) {
  const Comparison comparison = Compare({.80, .82, .84}, {.90, .80, .85}, 2);
  const CellSide& b = comparison.cells[0].sides[1];
  EXPECT_FALSE(b.paired);
  EXPECT_EQ(b.difference.mean, 3) << "of the means";
  EXPECT_LT(b.difference.interval.low, 3);
  EXPECT_GT(b.difference.interval.high, 3);
}

TEST(Comparison, SwappedFoldersHaveTheNegativeDifference) {
  for (const uint64_t seed : {1, 2}) {
    const Shares x = {.8, .82, .84, .9}, y = {.9, .8, .85, .86};
    const FolderDifference there = Compare(x, y, seed).cells[0].sides[1].difference;
    const FolderDifference back = Compare(y, x, seed).cells[0].sides[1].difference;
    EXPECT_EQ(there.mean, -back.mean);
    const double room = seed == 1 ? 1e-9 : 0.5;  // unpaired runs are drawn in another order
    EXPECT_NEAR(there.interval.low, -back.interval.high, room);
    EXPECT_NEAR(there.interval.high, -back.interval.low, room);
  }
}

TEST(Comparison, IdenticalFoldersDoNotDiffer) {
  const Comparison comparison = Compare({.8, .85, .7}, {.8, .85, .7});
  for (const FolderDifference& difference :
       {comparison.cells[0].sides[1].difference, comparison.overall[1].difference}) {
    EXPECT_EQ(difference.mean, 0);
    EXPECT_EQ(difference.interval.low, 0);
    EXPECT_EQ(difference.interval.high, 0);
  }
  EXPECT_TRUE(comparison.settings.differing.empty());
}

TEST(Comparison, PairingNarrowsWhatGoesTogether) {
  const Shares x = {.2, .5, .9, .4}, more = {.21, .51, .91, .41};
  const CellSide paired = Compare(x, more).cells[0].sides[1];
  const CellSide unpaired = Compare(x, more, 2).cells[0].sides[1];
  EXPECT_EQ(paired.difference.mean, 1);
  EXPECT_EQ(unpaired.difference.mean, 1);
  EXPECT_EQ(Width(paired), 0) << "every seed gains the same";
  EXPECT_GT(Width(unpaired), 10);
}

TEST(Comparison, ASingleRunHasNoInterval) {
  const Comparison comparison = Compare({.8}, {.9});
  EXPECT_EQ(comparison.cells[0].sides[1].difference.mean, 10);
  EXPECT_TRUE(std::isnan(comparison.cells[0].sides[1].difference.interval.low));
  EXPECT_TRUE(std::isnan(comparison.overall[1].difference.interval.high));
}

TEST(Comparison, FailedAndDivergedRunsCountAsNothingRight) {
  Folders folders;
  folders.AddAll(0, {.8, .6});
  folders.AddAll(1, {.8, .6});
  folders.Add(0, "rnn", 3, .7);
  folders.Add(1, "rnn", 3, std::nan("")).status = "diverged";
  const CellSide b = folders.Compare().cells[0].sides[1];
  EXPECT_EQ(b.spread.n, 3);
  EXPECT_EQ(b.spread.failed, 1);
  EXPECT_NEAR(b.difference.mean, -70.0 / 3, 1e-9);
}

TEST(Comparison, WithoutTestTreesTheDevAccuracyCounts) {
  Folders folders;
  folders.AddAll(0, {.8, .6});
  folders.AddAll(1, {.8});
  folders.Add(1, "rnn", 2, .7).test_accuracy = std::nan("");
  const Comparison comparison = folders.Compare();
  EXPECT_EQ(comparison.metric, "dev accuracy");
  EXPECT_EQ(comparison.cells[0].sides[1].difference.mean, 5);
}

TEST(Comparison, WhatDiffersFromFolderToFolderTellsNoCellsApart) {
  Folders folders;
  for (const uint64_t seed : {1, 2}) {
    folders.AddAt(0, 0.05, seed, .8).experiment = "this";
    folders.AddAt(1, 0.1, seed, .9).experiment = "that";
  }
  const Comparison comparison = folders.Compare();
  EXPECT_EQ(comparison.axes, Strings{"model"});
  ASSERT_EQ(comparison.cells.size(), 1u);
  EXPECT_EQ(comparison.cells[0].sides[1].difference.mean, 10);
  EXPECT_EQ(comparison.settings.differing,
            (std::vector<SideRow>{{"learning_rate", {"0.05", "0.1"}}}));
}

TEST(Comparison, FoldersOfOneModelEachAreCompared) {
  Folders folders;
  folders.Add(0, "rnn", 1, .8);
  folders.Add(1, "rlstm", 1, .9);
  const Comparison comparison = folders.Compare();
  EXPECT_EQ(comparison.axes, Strings());
  EXPECT_EQ(comparison.cells[0].sides[1].difference.mean, 10);
}

TEST(Comparison, WhatAFolderVariesTellsCellsApart) {
  Folders folders;
  for (const uint64_t seed : {1, 2}) {
    for (const double rate : {0.1, 0.02}) folders.AddAt(0, rate, seed, .8);
    folders.AddAt(1, 0.1, seed, .9);
  }
  const Comparison comparison = folders.Compare();
  EXPECT_EQ(comparison.axes, (Strings{"learning_rate", "model"}));
  ASSERT_EQ(comparison.cells.size(), 2u);
  EXPECT_EQ(comparison.cells[0].values, (Strings{"0.02", "rnn"}));
  EXPECT_EQ(comparison.cells[0].sides[1].spread.n, 0);
  EXPECT_TRUE(std::isnan(comparison.cells[0].sides[1].difference.mean));
  EXPECT_EQ(comparison.cells[1].sides[1].difference.mean, 10);
  EXPECT_EQ(comparison.overall[1].cells, 1) << "that both have";
}

// A folder in which runs of two versions of an experiment lie.
TEST(Comparison, SettingsBehindTheLabelsTellCellsApart) {
  Folders folders;
  for (const uint64_t seed : {1, 2}) {
    folders.Add(0, "rnn", seed, .8);
    folders.Add(0, "rnn", seed, .6).run.dim = 10;
    folders.Add(1, "rnn", seed, .9);
  }
  const Comparison comparison = folders.Compare();
  EXPECT_EQ(comparison.axes, (Strings{"model", "dim"}));
  ASSERT_EQ(comparison.cells.size(), 2u);
  EXPECT_EQ(comparison.cells[1].values, (Strings{"rnn", "50"}));
  EXPECT_EQ(comparison.cells[1].sides[1].difference.mean, 10);
  EXPECT_TRUE(comparison.cells[1].sides[1].paired);
}

TEST(Comparison, OverAllCellsEveryCellHasTheSameWeight) {
  Folders folders;
  for (const uint64_t seed : {1, 2}) {
    for (const size_t folder : {0, 1}) {
      folders.AddAt(folder, 0.02, seed, .5 + .1 * folder);
      folders.AddAt(folder, 0.1, seed, .5 + .2 * folder);
    }
  }
  for (const size_t folder : {0, 1}) folders.AddAt(folder, 0.1, 3, .5 + .2 * folder);
  const OverallDifference overall = folders.Compare().overall[1];
  EXPECT_EQ(overall.cells, 2);
  EXPECT_EQ(overall.difference.mean, 15);
}

TEST(Comparison, EachFolderIsHeldAgainstTheFirst) {
  Folders folders;
  folders.AddAll(0, {.8, .8});
  folders.AddAll(1, {.9, .9});
  folders.AddAll(2, {.7, .7});
  const Comparison comparison = folders.Compare();
  EXPECT_EQ(comparison.cells[0].sides[1].difference.mean, 10);
  EXPECT_EQ(comparison.cells[0].sides[2].difference.mean, -10);
}

}  // namespace
}  // namespace grove
