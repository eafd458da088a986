#include "sched/simulate.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <vector>

#include "sched/run_graph.h"

namespace grove::sched {
namespace {

// A job whose cost is its time.
SimulatedJob Timed(double seconds, std::vector<size_t> resources = {}) {
  return {seconds, seconds, std::move(resources)};
}

TEST(Simulate, TheLargestOfThreeJobsStartsFirst) {
  const Simulation result = SimulateGraph({}, {Timed(2), Timed(3), Timed(4)}, 2);
  EXPECT_EQ(result.jobs, (std::vector<TimeSpan>{{3, 5}, {0, 3}, {0, 4}}));
  EXPECT_DOUBLE_EQ(result.seconds, 5);
  EXPECT_EQ(result.busy, (std::vector<double>{4, 5}));
}

TEST(Simulate, EqualCostsStartInOrder) {
  const Simulation result = SimulateGraph({}, {{1, 5, {}}, {1, 1, {}}, {1, 2, {}}}, 1);
  EXPECT_EQ(result.jobs, (std::vector<TimeSpan>{{0, 5}, {5, 6}, {6, 8}}));
}

// The order is settled before the times are known.
TEST(Simulate, CostAndNotTimeDecidesTheOrder) {
  const Simulation result = SimulateGraph({}, {{1, 9, {}}, {2, 3, {}}}, 1);
  EXPECT_EQ(result.jobs, (std::vector<TimeSpan>{{3, 12}, {0, 3}}));
}

TEST(Simulate, JobsWaitForTheirResource) {
  const Simulation result = SimulateGraph({{1}}, {Timed(3, {0}), Timed(2, {0})}, 2);
  EXPECT_EQ(result.jobs, (std::vector<TimeSpan>{{1, 4}, {1, 3}}));
  EXPECT_EQ(result.resources, (std::vector<TimeSpan>{{0, 4}}));
  EXPECT_EQ(result.busy, (std::vector<double>{4, 2}));
}

// On one thread the second resource is built after the jobs of the first, and held from then on.
TEST(Simulate, AResourceIsBuiltRightBeforeItsFirstJob) {
  const Simulation result =
      SimulateGraph({{1}, {2}, {5}}, {Timed(3, {1}), Timed(6, {0}), Timed(4, {0})}, 1);
  EXPECT_EQ(result.jobs, (std::vector<TimeSpan>{{13, 16}, {1, 7}, {7, 11}}));
  EXPECT_EQ(result.resources, (std::vector<TimeSpan>{{0, 11}, {11, 16}, {0, 0}}));
  EXPECT_DOUBLE_EQ(result.seconds, 16);
}

TEST(Simulate, MoreThreadsThanJobs) {
  const Simulation result = SimulateGraph({}, {Timed(2), Timed(3)}, 4);
  EXPECT_DOUBLE_EQ(result.seconds, 3);
  EXPECT_EQ(result.busy, (std::vector<double>{3, 2, 0, 0}));
}

TEST(Simulate, NothingToDoTakesNoTime) {
  const Simulation result = SimulateGraph({{7}}, {}, 3);
  EXPECT_DOUBLE_EQ(result.seconds, 0);
  EXPECT_EQ(result.busy, (std::vector<double>{0, 0, 0}));
}

TEST(Simulate, RefusesWhatTheGraphRefuses) {
  EXPECT_THROW(SimulateGraph({}, {Timed(1)}, 0), std::invalid_argument);
  EXPECT_THROW(SimulateGraph({{1}}, {Timed(1, {1})}, 1), std::invalid_argument);
}

// Breaks down after the given seconds of being up, and then no more.
Breakdowns After(std::vector<double> uptimes, double state_every, double restart) {
  const auto next = [uptimes, i = size_t{0}]() mutable {
    return i < uptimes.size() ? uptimes[i++] : 1e9;
  };
  return {next, state_every, restart};
}

// Two jobs of 25 and 40 seconds are at 13 and 13 of them; their states are of second 10.
TEST(Simulate, ABreakdownLosesWhatWasDoneSinceTheLastState) {
  const Simulation result = SimulateGraph({}, {Timed(25), Timed(40)}, 2, After({13}, 10, 60));
  EXPECT_EQ(result.jobs, (std::vector<TimeSpan>{{0, 88}, {0, 103}}));
  EXPECT_DOUBLE_EQ(result.seconds, 103);
  EXPECT_DOUBLE_EQ(result.lost, 2 * (60 + 3));
  EXPECT_EQ(result.busy, (std::vector<double>{40, 25}));
  EXPECT_EQ(result.breakdowns, 1u);
}

TEST(Simulate, WithAStateAtEveryMomentOnlyTheRestartIsLost) {
  const Simulation result = SimulateGraph({}, {Timed(25)}, 1, After({13, 1}, 0, 60));
  EXPECT_DOUBLE_EQ(result.seconds, 25 + 2 * 60);
  EXPECT_EQ(result.breakdowns, 2u);
}

// States are those of all jobs: one that began after the last state has none.
TEST(Simulate, AJobLosesNoMoreThanItHasDone) {
  const Simulation result = SimulateGraph({}, {Timed(12), Timed(9)}, 1, After({14}, 100, 1));
  EXPECT_EQ(result.jobs, (std::vector<TimeSpan>{{0, 12}, {12, 24}}));
  EXPECT_DOUBLE_EQ(result.lost, 1 + 2);
}

// Up at 0, down at 7, up at 10 and building, down at 11 while building, up at 14, built at 19.
TEST(Simulate, ResourcesAreBuiltAgain) {
  const Simulation result = SimulateGraph({{5}}, {Timed(4, {0})}, 1, After({7, 1}, 0, 3));
  EXPECT_EQ(result.jobs, (std::vector<TimeSpan>{{5, 21}}));
  EXPECT_DOUBLE_EQ(result.lost, 3 + 1 + 3 + 5);
  // One that was not whole is begun again.
  const Simulation whole = SimulateGraph({{5}}, {Timed(4, {0})}, 1, After({2}, 0, 3));
  EXPECT_EQ(whole.resources, (std::vector<TimeSpan>{{0, 14}}));
  EXPECT_DOUBLE_EQ(whole.lost, 2 + 3);
}

TEST(Simulate, WhatHasEndedIsKept) {
  const Simulation result = SimulateGraph({}, {Timed(2), Timed(1)}, 1, After({2}, 100, 10));
  EXPECT_EQ(result.jobs, (std::vector<TimeSpan>{{0, 2}, {2, 13}}));
  EXPECT_DOUBLE_EQ(result.lost, 10);
}

TEST(Simulate, BreakdownsThatLetNothingEndAreRefused) {
  const Breakdowns often{[] { return 1.0; }, 10, 1};
  EXPECT_THROW(SimulateGraph({}, {Timed(2)}, 1, often), std::runtime_error);
  EXPECT_DOUBLE_EQ(SimulateGraph({}, {Timed(2)}, 1, {[] { return 1.0; }, 0.5, 1}).seconds, 3);
}

TEST(Simulate, TheOrderIsMadeOnceForAnyTimes) {
  const std::vector<SimulatedJob> jobs = {Timed(2), Timed(3), Timed(4)};
  const Simulator simulator({}, jobs);
  const std::vector<double> times = {1, 1, 7};
  const Simulation result = simulator.Run(times, 2);
  EXPECT_EQ(result.jobs, (std::vector<TimeSpan>{{1, 2}, {0, 1}, {0, 7}}));
}

// Plays a simulation to the real graph: every resource and job of it waits until all that the
// simulation lets start before its end has started, and until all that ends earlier has ended.
class Playback {
 public:
  void Begin() {
    const std::lock_guard lock(mutex_);
    ++started_;
    changed_.notify_all();
  }
  // Returns false if the graph never came to the point at which the simulation was.
  bool End(size_t started, size_t ended) {
    std::unique_lock lock(mutex_);
    const bool as_told = changed_.wait_for(lock, std::chrono::seconds(20),
                                           [&] { return started_ >= started && ended_ >= ended; });
    EXPECT_EQ(started_, started);
    ++ended_;
    changed_.notify_all();
    return as_told;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  size_t started_ = 0, ended_ = 0;
};

// The real graph starts at each moment exactly what the simulation says: at the end of each node
// just as many have been started as have begun before it in the simulation.
TEST(Simulate, TheGraphStartsWhatTheSimulationSays) {
  // Times without ties between ends.
  const std::vector<SimulatedResource> resources = {{1.01}, {2.03}, {0.52}};
  std::vector<SimulatedJob> jobs;
  const double seconds[] = {7.13, 3.37, 9.71, 2.93, 5.59, 4.41, 8.83, 1.97};
  for (size_t j = 0; j < 8; ++j)
    jobs.push_back({10.0 - static_cast<double>(j % 5), seconds[j], {j % 3}});
  for (const int threads : {1, 2, 3}) {
    SCOPED_TRACE(threads);
    const Simulation told = SimulateGraph(resources, jobs, threads);
    std::vector<TimeSpan> spans = told.jobs;
    for (size_t r = 0; r < resources.size(); ++r) {
      spans.push_back({told.resources[r].begin, told.resources[r].begin + resources[r].seconds});
    }
    Playback playback;
    const auto play = [&](const TimeSpan& span) {
      playback.Begin();
      size_t started = 0, ended = 0;
      for (const TimeSpan& other : spans) {
        started += other.begin < span.end;
        ended += other.end < span.end;
      }
      EXPECT_TRUE(playback.End(started, ended));
    };
    GraphSpec graph;
    for (size_t r = 0; r < resources.size(); ++r) {
      graph.resources.push_back({"", [&, r] { play(spans[jobs.size() + r]); }, nullptr});
    }
    for (size_t j = 0; j < jobs.size(); ++j) {
      Job job;
      job.cost = jobs[j].cost;
      job.resources = jobs[j].resources;
      job.work = [&, j](const std::atomic<bool>&) {
        play(spans[j]);
        return Outcome::kFinished;
      };
      graph.jobs.push_back(std::move(job));
    }
    const std::atomic<bool> stop{false};
    EXPECT_EQ(RunGraph(graph, threads, stop).finished, jobs.size());
  }
}

}  // namespace
}  // namespace grove::sched
