#include "experiments/plan/cluster.h"

#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <vector>

#include "engine/error.h"
#include "experiments/plan/forecast.h"
#include "experiments/plan/memory_model.h"

namespace grove {
namespace {

// Runs of these seconds on one dataset, all certain.
Workload Of(const std::vector<double>& seconds, double dataset_seconds = 0) {
  Workload workload;
  workload.datasets = {{dataset_seconds}};
  workload.dataset_bytes = {1000};
  for (const double s : seconds) {
    workload.jobs.push_back({s, s, {0}});
    workload.keys.push_back(std::to_string(1000 + workload.keys.size()));
    workload.workspace_bytes.push_back(10);
    workload.spreads.emplace_back();
    workload.cells.push_back(0);
  }
  return workload;
}

double Sum(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

// 6 and 3, and 4 and 3: the largest first, to the node with the least.
TEST(Cluster, NodesShareTheRunsByTheirCost) {
  const CorePlan plan = PlanCores(Of({3, 6, 3, 4}), {.cores = 1, .nodes = 2});
  EXPECT_DOUBLE_EQ(plan.seconds, 9);
  EXPECT_EQ(plan.busy, (std::vector<double>{9, 7}));
  EXPECT_DOUBLE_EQ(plan.balance, 16.0 / 18);
  EXPECT_NEAR(plan.idle, 2.0 / 18, 1e-12);
  EXPECT_DOUBLE_EQ(plan.lost, 0);
  EXPECT_DOUBLE_EQ(plan.speedup, 16.0 / 9);
  EXPECT_DOUBLE_EQ(plan.bound, 8);
  EXPECT_EQ(plan.last.run, 2u);  // of the two of 3, that on the node that has 6
  EXPECT_DOUBLE_EQ(plan.last.begin, 6);
}

// What a run costs is known before, what it takes is not.
TEST(Cluster, TimesDoNotDecideWhoGetsARun) {
  Workload workload = Of({3, 6, 3, 4});
  workload.jobs[1].seconds = 1;
  EXPECT_EQ(PlanCores(workload, {.cores = 1, .nodes = 2}).busy, (std::vector<double>{4, 7}));
}

TEST(Cluster, EveryNodeMakesTheDatasetsOfItsRuns) {
  Workload workload = Of({4, 4, 4}, 1);
  workload.datasets.push_back({2});
  workload.dataset_bytes.push_back(500);
  workload.jobs[2].resources = {1};
  const CorePlan plan = PlanCores(workload, {.cores = 2, .nodes = 3});
  EXPECT_EQ(plan.busy, (std::vector<double>{5, 0, 5, 0, 6, 0}));
  EXPECT_EQ(plan.bytes, kProgramBytes + 10 + 1000);
}

TEST(Cluster, NodesWithoutRunsAreIdle) {
  const CorePlan plan = PlanCores(Of({2}), {.cores = 1, .nodes = 4, .mtbf = 1e9});
  EXPECT_DOUBLE_EQ(plan.seconds, 2);
  EXPECT_NEAR(plan.idle, 0.75, 1e-12);
}

// 1000 seconds of work meet 10 failures in the mean, each of which costs 10 seconds.
TEST(Cluster, FailuresComeAtTheirRate) {
  const Cluster cluster = {.cores = 1, .mtbf = 100, .state_every = 0, .restart = 10};
  const CorePlan plan = PlanCores(Of({1000}), cluster);
  EXPECT_NEAR(plan.failures, 10, 1);
  EXPECT_NEAR(plan.seconds, 1100, 10);
  EXPECT_NEAR(plan.lost, 100.0 / 1100, 0.01);
  EXPECT_LT(plan.low, 1070);
  EXPECT_GT(plan.high, 1130);
  EXPECT_DOUBLE_EQ(plan.core_seconds, 1000);
}

// Half of the time between states is lost in the mean, by every run at work.
TEST(Cluster, FailuresLoseWhatWasDoneSinceTheLastStates) {
  const Cluster cluster = {.cores = 4, .mtbf = 1000, .state_every = 50, .restart = 0};
  const Workload workload = Of(std::vector<double>(4, 20000));
  double lost = 0, failures = 0;
  const ClusterSimulator simulator(workload, cluster);
  for (int draw = 0; draw < 100; ++draw) {
    const ClusterOutcome outcome = simulator.Run(std::vector<double>(4, 20000), draw);
    lost += outcome.lost;
    failures += static_cast<double>(outcome.failures);
    EXPECT_DOUBLE_EQ(outcome.work, 80000);
    EXPECT_GE(outcome.seconds, 20000);
  }
  EXPECT_NEAR(failures / 100, 20, 1.5);
  EXPECT_NEAR(lost / failures, 4 * 25, 5);
}

TEST(Cluster, NodesFailIndependentlyAndTheSameEveryTime) {
  const Workload workload = Of(std::vector<double>(20, 500));
  const Cluster cluster = {.cores = 2, .nodes = 5, .mtbf = 300};
  const CorePlan plan = PlanCores(workload, cluster);
  const CorePlan again = PlanCores(workload, cluster);
  EXPECT_EQ(plan.seconds, again.seconds);
  EXPECT_EQ(plan.high, again.high);
  EXPECT_EQ(plan.lost, again.lost);
  EXPECT_GT(plan.idle, 0);  // all wait for the node that failed most
  EXPECT_NEAR(plan.balance + plan.lost + plan.idle, 1, 0.02);
  const CorePlan calm = PlanCores(workload, {.cores = 2, .nodes = 5});
  EXPECT_DOUBLE_EQ(calm.seconds, 1000);
  EXPECT_GT(plan.seconds, calm.seconds);
  EXPECT_EQ(plan.busy, calm.busy);
}

TEST(Cluster, FailuresThatLetNothingEndAreAnError) {
  try {
    PlanCores(Of({1}, /*dataset_seconds=*/3600), {.cores = 1, .mtbf = 36});
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("between failures of 0.01 h"), std::string::npos)
        << error.what();
  }
}

TEST(Cluster, CoresByTheThousand) {
  const std::vector<double> seconds(20'000, 10.0);
  const Workload workload = Of(seconds);
  const ClusterSimulator simulator(workload, {.cores = 100, .nodes = 100});
  const ClusterOutcome outcome = simulator.Run(seconds, 0);
  EXPECT_DOUBLE_EQ(outcome.seconds, 20);
  EXPECT_DOUBLE_EQ(outcome.work, 200'000);
  EXPECT_DOUBLE_EQ(Sum(simulator.RunCalm().busy), 200'000);
}

}  // namespace
}  // namespace grove
