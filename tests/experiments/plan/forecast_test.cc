#include "experiments/plan/forecast.h"

#include <gtest/gtest.h>

#include "experiments/plan/cost_model.h"
#include "experiments/plan/memory_model.h"

namespace grove {
namespace {

// Jobs of these seconds on one dataset that takes no time, certain unless given a spread.
Workload Of(const std::vector<double>& seconds, const Uncertainty& spread = {}) {
  Workload workload;
  workload.datasets = {{0}};
  workload.dataset_bytes = {1000};
  for (const double s : seconds) {
    workload.jobs.push_back({s, s, {0}});
    workload.keys.push_back(std::to_string(1000 + workload.keys.size()));
    workload.workspace_bytes.push_back(10);
    workload.spreads.push_back(spread);
    workload.cells.push_back(0);
  }
  return workload;
}

// Of one node.
Cluster Cores(int cores) { return {.cores = cores}; }

TEST(Plan, ThreeRunsOnTwoCores) {
  const CorePlan plan = PlanCores(Of({2, 3, 4}), Cores(2));
  EXPECT_DOUBLE_EQ(plan.seconds, 5);
  EXPECT_DOUBLE_EQ(plan.core_seconds, 9);
  EXPECT_EQ(plan.busy, (std::vector<double>{4, 5}));
  EXPECT_DOUBLE_EQ(plan.balance, 0.9);
  EXPECT_DOUBLE_EQ(plan.speedup, 1.8);
  // What is certain has no interval.
  EXPECT_DOUBLE_EQ(plan.low, 5);
  EXPECT_DOUBLE_EQ(plan.high, 5);
  // 4 | 3 2: two of the three would fit side by side only if they could be cut.
  EXPECT_DOUBLE_EQ(plan.bound, 4.5);
  EXPECT_EQ(plan.last.run, 0u);
  EXPECT_DOUBLE_EQ(plan.last.begin, 3);
}

TEST(Plan, MoreCoresThanRuns) {
  const CorePlan plan = PlanCores(Of({1, 3}), Cores(8));
  EXPECT_DOUBLE_EQ(plan.seconds, 3);
  EXPECT_DOUBLE_EQ(plan.balance, 4.0 / (8 * 3));
  EXPECT_EQ(plan.bytes, kProgramBytes + uint64_t{2} * 10 + 1000);
  EXPECT_DOUBLE_EQ(plan.bound, 3);
  EXPECT_EQ(plan.last.run, 1u);
  EXPECT_DOUBLE_EQ(plan.last.begin, 0);
}

// A run waits for its dataset, which is made once a node.
TEST(Plan, TheBoundKnowsDatasets) {
  Workload workload = Of({1, 3, 2});
  workload.datasets[0].seconds = 2;
  EXPECT_DOUBLE_EQ(PlanCores(workload, Cores(4)).bound, 5);
  EXPECT_DOUBLE_EQ(PlanCores(workload, Cores(1)).bound, 8);
  EXPECT_DOUBLE_EQ(PlanCores(workload, {.cores = 1, .nodes = 2}).bound, 5);
  EXPECT_DOUBLE_EQ(PlanCores(workload, Cores(4)).last.begin, 2);
}

TEST(Plan, NothingToDo) {
  const CorePlan plan = PlanCores(Workload{}, Cores(2));
  EXPECT_DOUBLE_EQ(plan.seconds, 0);
  EXPECT_DOUBLE_EQ(plan.core_seconds, 0);
  EXPECT_DOUBLE_EQ(plan.balance, 1);
  EXPECT_DOUBLE_EQ(plan.high, 0);
  EXPECT_DOUBLE_EQ(plan.bound, 0);
  EXPECT_EQ(plan.bytes, 0u);
}

// On one core the first dataset is released before the second is built; on two both are held.
TEST(Plan, MemoryIsThatOfTheRunsAtATimeAndTheDatasetsHeld) {
  Workload workload = Of({4, 3});
  workload.datasets = {{1}, {1}};
  workload.dataset_bytes = {1000, 2000};
  workload.jobs[1].resources = {1};
  workload.workspace_bytes = {10, 30};
  EXPECT_EQ(PlanCores(workload, Cores(2)).bytes, kProgramBytes + uint64_t{2} * 30 + 3000);
  EXPECT_EQ(PlanCores(workload, Cores(1)).bytes, kProgramBytes + 30 + 2000);
  // A short run on the first dataset comes before the second is built, and so does not keep it.
  workload.jobs.push_back({1, 1, {0}});
  workload.keys.emplace_back("9");
  workload.workspace_bytes.push_back(20);
  workload.spreads.emplace_back();
  workload.cells.push_back(0);
  EXPECT_EQ(PlanCores(workload, Cores(1)).bytes, kProgramBytes + 30 + 2000);
  // One on both needs both.
  workload.jobs[2].resources = {0, 1};
  EXPECT_EQ(PlanCores(workload, Cores(1)).bytes, kProgramBytes + 30 + 3000);
}

TEST(Plan, IntervalsAreTheSameEveryTimeAndHoldTheExpectedTime) {
  const Workload workload = Of({2, 3, 4, 5}, {0, 0, 0.3});
  const CorePlan plan = PlanCores(workload, Cores(2));
  EXPECT_LT(plan.low, plan.seconds);
  EXPECT_GT(plan.high, plan.seconds);
  const CorePlan again = PlanCores(workload, Cores(2));
  EXPECT_EQ(plan.low, again.low);
  EXPECT_EQ(plan.high, again.high);
}

// Four equal runs on four cores: the time is that of the slowest.
TEST(Plan, RunsThatVaryCostTimeAndBalance) {
  const CorePlan plan = PlanCores(Of({1, 1, 1, 1}, {0, 0, 0.3}), Cores(4));
  EXPECT_GT(plan.seconds, 1.2);  // median of the greatest of four: exp(0.3 * 1)
  EXPECT_LT(plan.seconds, 1.5);
  EXPECT_DOUBLE_EQ(plan.bound, plan.seconds);
  EXPECT_GT(plan.balance, 0.65);
  EXPECT_LT(plan.balance, 0.9);
  EXPECT_DOUBLE_EQ(plan.speedup, 4 * plan.balance);
}

// A hundred runs average out what each of them deviates, but not what they share. 5 % and 95 % of
// a log-normal time are at exp(-+1.645 sd); 200 draws find them to within a tenth or so.
TEST(Plan, DeviationsThatAreSharedDoNotAverageOut) {
  const std::vector<double> seconds(100, 1.0);
  const CorePlan own = PlanCores(Of(seconds, {0, 0, 0.3}), Cores(1));
  const CorePlan cell = PlanCores(Of(seconds, {0, 0.3, 0}), Cores(1));
  const CorePlan machine = PlanCores(Of(seconds, {0.3, 0, 0}), Cores(1));
  EXPECT_GT(own.low, 90);
  EXPECT_LT(own.high, 120);
  for (const CorePlan& shared : {cell, machine}) {
    EXPECT_NEAR(shared.low, 61, 8);
    EXPECT_NEAR(shared.high, 164, 20);
  }
}

TEST(Plan, TheLongestRunBoundsTheTime) {
  Workload workload = Of({10, 4, 4, 4, 4});
  LongestRun longest = FindLongestRun(workload);
  EXPECT_EQ(longest.run, 0u);
  EXPECT_DOUBLE_EQ(longest.seconds, 10);
  EXPECT_EQ(longest.useful_cores, 3);  // 10 | 4 4 | 4 4; two cores take 14
  workload.datasets[0].seconds = 1;
  longest = FindLongestRun(workload);
  EXPECT_DOUBLE_EQ(longest.seconds, 11);
  EXPECT_EQ(FindLongestRun(Of({7})).useful_cores, 1);
  EXPECT_EQ(FindLongestRun(Of({6, 6, 6, 6})).useful_cores, 4);
}

TEST(Plan, AWorkloadSharesDatasetsAndKeepsTheOrderOfABatch) {
  std::vector<Job> runs(4);
  runs[1].data.max_length = 40;
  runs[2].run.model = "rnn";
  runs[3].run.seed = 2;
  std::vector<Prediction> predictions(4);
  for (size_t i = 0; i < 4; ++i) predictions[i].seconds = static_cast<double>(i + 1);
  const Workload workload = MakeWorkload({&runs[0], &runs[1], &runs[2], &runs[3]}, predictions);
  ASSERT_EQ(workload.jobs.size(), 4u);
  EXPECT_EQ(workload.datasets.size(), 2u);
  EXPECT_EQ(workload.jobs[0].resources, workload.jobs[2].resources);
  EXPECT_EQ(workload.jobs[1].resources, (std::vector<size_t>{1}));
  EXPECT_EQ(workload.cells, (std::vector<size_t>{0, 1, 2, 0}));
  EXPECT_DOUBLE_EQ(workload.jobs[2].seconds, 3);
  // The order goes by what a batch knows when it starts.
  EXPECT_DOUBLE_EQ(workload.jobs[2].cost, PredictSeconds(runs[2].run, runs[2].data));
}

}  // namespace
}  // namespace grove
