// Up to which epoch two runs have the same bits.
#include "experiments/stats/run_difference.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/experiments/made_up_runs.h"

namespace grove {
namespace {

using Strings = std::vector<std::string>;

const RunRecord& Left() {
  static const RunRecord kRun = testing::MadeUpRun("exp1", 3, "rlstm", 1, 0.9);
  return kRun;
}

std::string Said(const RunRecord& right) {
  return ToText(CompareBits(Left(), right), Left(), right);
}

TEST(RunDifference, TheSameRunHasTheSameBits) {
  const BitDifference same = CompareBits(Left(), Left());
  EXPECT_TRUE(same.same_bits());
  EXPECT_EQ(same.equal_epochs, 8u);
  EXPECT_EQ(Said(Left()), "the same bits in all 8 epochs; the weights are the same");
}

TEST(RunDifference, OneBitIsSeen) {
  RunRecord right = Left();
  double& loss = right.history[3].loss;
  loss = std::nextafter(loss, 9.0);
  right.history[3].dev_accuracy += 0.1;
  right.history[5].dev_loss += 0.1;
  const BitDifference difference = CompareBits(Left(), right);
  EXPECT_EQ(difference.equal_epochs, 3u);
  EXPECT_EQ(difference.differing, (Strings{"loss", "dev_accuracy"}));
  EXPECT_FALSE(difference.same_curves);
  EXPECT_EQ(Said(right), "the same bits up to epoch 3; in epoch 4 loss and dev_accuracy differ");
}

TEST(RunDifference, FromTheStart) {
  RunRecord right = Left();
  right.history[0].loss += 1;
  EXPECT_EQ(Said(right), "other bits from the start: in epoch 1 loss differs");
}

TEST(RunDifference, OneRunMayEndBeforeTheOther) {
  RunRecord right = Left();
  right.history.resize(5);
  EXPECT_EQ(Said(right), "the same bits up to epoch 5, where the right run ends");
  EXPECT_EQ(ToText(CompareBits(right, Left()), right, Left()),
            "the same bits up to epoch 5, where the left run ends");
  EXPECT_FALSE(CompareBits(right, Left()).same_bits());
}

TEST(RunDifference, WeightsMayDifferThoughCurvesDoNot) {
  RunRecord right = Left();
  right.weights_xxh3 = "fedcba9876543210";
  EXPECT_TRUE(CompareBits(Left(), right).same_curves);
  EXPECT_FALSE(CompareBits(Left(), right).same_bits());
  EXPECT_EQ(Said(right), "the same bits in all 8 epochs; the weights differ");
  right.weights_xxh3.clear();
  EXPECT_EQ(Said(right), "the same bits in all 8 epochs; there are no weights to compare");
}

TEST(RunDifference, WhatOneRunDidNotMeasureIsNotCompared) {
  RunRecord right = Left();
  right.history[0].dev_macro_f1 = 0.5;
  EXPECT_TRUE(CompareBits(Left(), right).same_curves);
  RunRecord other = right;
  other.history[0].dev_macro_f1 = 0.6;
  EXPECT_EQ(CompareBits(right, other).differing, Strings{"dev_macro_f1"});
  // A journal has null for both.
  right.history[1].loss = std::numeric_limits<double>::infinity();
  other = right;
  other.history[1].loss = std::nan("");
  EXPECT_TRUE(CompareBits(right, other).same_curves);
}

}  // namespace
}  // namespace grove
