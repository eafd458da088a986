#include "experiments/stats/sweep_summary.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/experiments/made_up_runs.h"

namespace grove {
namespace {

using Strings = std::vector<std::string>;

RunRecord RunAt(const std::string& model, uint64_t seed, double accuracy, double rate) {
  RunRecord run = testing::MadeUpRun("mine", 0, model, seed, accuracy);
  run.axes["learning_rate"] = rate;
  return run;
}

TEST(SweepSummary, HasARowForEveryPlaceInTheOrderOfNumbers) {
  const SweepSummary summary = SummariseSweep(
      {RunAt("rlstm", 1, .5, 0.1), RunAt("rnn", 1, .3, 0.1), RunAt("rnn", 1, .7, 0.025),
       RunAt("rnn", 2, .9, 0.025), RunAt("rnn", 1, .2, 1e-3)});
  EXPECT_EQ(summary.axes, Strings{"learning_rate"});
  EXPECT_EQ(summary.metric, "test accuracy");
  ASSERT_EQ(summary.rows.size(), 4u);
  EXPECT_EQ(summary.rows[0].values, Strings{"0.001"});
  EXPECT_EQ(summary.rows[1].values, Strings{"0.025"});
  EXPECT_EQ(summary.rows[1].spread.n, 2);
  EXPECT_EQ(summary.rows[1].spread.median, 80);
  EXPECT_EQ(summary.rows[2].model, "rnn");
  EXPECT_EQ(summary.rows[3].model, "rlstm");
}

TEST(SweepSummary, FailedRunsStayInN) {
  std::vector<RunRecord> runs = {RunAt("rnn", 1, .8, 1), RunAt("rnn", 2, std::nan(""), 1)};
  runs[1].status = "diverged";
  const SweepSummary summary = SummariseSweep(runs);
  EXPECT_EQ(summary.metric, "test accuracy");
  EXPECT_EQ(summary.rows[0].spread.n, 2);
  EXPECT_EQ(summary.rows[0].spread.failed, 1);
  EXPECT_EQ(summary.rows[0].spread.mean, 40);
}

TEST(SweepSummary, WithoutTestTreesTheDevAccuracyCounts) {
  std::vector<RunRecord> runs = {RunAt("rnn", 1, .8, 1), RunAt("rnn", 2, .9, 1)};
  for (RunRecord& run : runs) run.test_accuracy = std::nan("");
  const SweepSummary summary = SummariseSweep(runs);
  EXPECT_EQ(summary.metric, "dev accuracy");
  EXPECT_EQ(summary.rows[0].spread.best, 90);
}

TEST(SweepSummary, ExperimentsAndDatasetsAreAxesWhereThereAreSeveral) {
  std::vector<RunRecord> runs = {RunAt("rnn", 1, .8, 1), RunAt("rnn", 1, .9, 1)};
  runs[1].dataset = 2;
  runs[1].axes.clear();
  SweepSummary summary = SummariseSweep(runs);
  EXPECT_EQ(summary.axes, (Strings{"dataset", "learning_rate"}));
  EXPECT_EQ(summary.rows[1].values, (Strings{"2", ""}));
  runs[1].experiment = "another";
  summary = SummariseSweep(runs);
  EXPECT_EQ(summary.axes, (Strings{"experiment", "dataset", "learning_rate"}));
  EXPECT_TRUE(SummariseSweep({}).rows.empty());
}

}  // namespace
}  // namespace grove
