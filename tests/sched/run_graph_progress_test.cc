// The run graph tells the progress meter about every job.
#include <gtest/gtest.h>

#include <stdexcept>

#include "sched/progress.h"
#include "sched/run_graph.h"

namespace grove::sched {
namespace {

TEST(RunGraphProgress, CountsEveryEnd) {
  std::atomic<bool> stop{false};
  ProgressMeter meter({{"good", 4}, {"bad", 3}, {"broken", 2}, {"stops", 1}, {"late", 0.5}}, 1);
  GraphSpec spec;
  spec.resources.push_back({"none", [] { throw std::runtime_error("no data"); }, nullptr});
  const auto add = [&](const char* name, double cost, auto work) {
    Job job;
    job.key = job.label = name;
    job.cost = cost;
    job.work = work;
    job.on_failure = [](const std::exception&) {};
    spec.jobs.push_back(job);
  };
  add("good", 4, [&](const std::atomic<bool>&) {
    meter.Update(0, 0);
    meter.SetDetail(0, "epoch 1");
    const ProgressSnapshot now = meter.Snapshot();
    EXPECT_EQ(now.running.size(), 1u);
    EXPECT_EQ(now.running[0].label, "good");
    EXPECT_EQ(now.running[0].detail, "epoch 1");
    return Outcome::kFinished;
  });
  add("bad", 3, [](const std::atomic<bool>&) -> Outcome { throw std::runtime_error("bad"); });
  add("broken", 2, [](const std::atomic<bool>&) { return Outcome::kFinished; });
  spec.jobs.back().resources = {0};
  add("stops", 1, [&](const std::atomic<bool>&) {
    stop = true;
    return Outcome::kStopped;
  });
  add("late", 0.5, [](const std::atomic<bool>&) { return Outcome::kFinished; });

  RunGraph(spec, 1, stop, &meter);
  const ProgressSnapshot end = meter.Snapshot();
  EXPECT_EQ(end.total, 5u);
  EXPECT_EQ(end.finished, 1u);
  EXPECT_EQ(end.failed, 2u);
  EXPECT_EQ(end.stopped, 2u);
  EXPECT_TRUE(end.running.empty());
  EXPECT_EQ(end.remaining_seconds, 0);
}

}  // namespace
}  // namespace grove::sched
