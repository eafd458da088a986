#include "sched/progress.h"

#include <gtest/gtest.h>

#include <limits>
#include <thread>
#include <utility>

namespace grove::sched {
namespace {

// A meter on a clock that only the test moves.
class ProgressTest : public testing::Test {
 protected:
  std::unique_ptr<ProgressMeter> Make(std::vector<JobEstimate> jobs, int threads,
                                      size_t done_before = 0) {
    return std::make_unique<ProgressMeter>(std::move(jobs), threads, done_before,
                                           [this] { return now_; });
  }
  double now_ = 1000;
};

TEST_F(ProgressTest, CountsAndCosts) {
  const auto meter = Make({{"a", 10}, {"b", 6}, {"c", 4}, {"d", 2}}, 2, 5);
  meter->Start(0);
  meter->Start(1);
  meter->Update(0, 0);
  meter->Update(0, 0.25);
  meter->SetDetail(1, "epoch 2");
  meter->Fail(1);
  meter->Stop(3);
  now_ = 1007;
  const ProgressSnapshot now = meter->Snapshot();
  EXPECT_EQ(now.total, 9u);
  EXPECT_EQ(now.finished, 5u);
  EXPECT_EQ(now.failed, 1u);
  EXPECT_EQ(now.stopped, 1u);
  EXPECT_DOUBLE_EQ(now.total_cost, 22);
  EXPECT_DOUBLE_EQ(now.finished_cost, 2.5 + 6);
  EXPECT_DOUBLE_EQ(now.elapsed_seconds, 7);
  ASSERT_EQ(now.running.size(), 1u);
  EXPECT_EQ(now.running[0].label, "a");
  EXPECT_DOUBLE_EQ(now.running[0].fraction, 0.25);
}

TEST_F(ProgressTest, NoGuessBeforeAnythingIsDone) {
  const auto meter = Make({{"a", 10}}, 1);
  EXPECT_EQ(meter->Snapshot().remaining_seconds, std::nullopt);
  meter->Start(0);
  now_ += 5;
  EXPECT_EQ(meter->Snapshot().remaining_seconds, std::nullopt);
  meter->Update(0, 0);
  EXPECT_EQ(meter->Snapshot().remaining_seconds, std::nullopt);
  meter->Finish(0);
  EXPECT_EQ(meter->Snapshot().remaining_seconds, 0);
}

// Speed of one thread: 10 units in 5 s. Left: 2 x 10 units.
TEST_F(ProgressTest, ThreadsShareWhatIsLeft) {
  for (const auto& [threads, seconds] :
       {std::pair(1, 10.0), std::pair(2, 5.0), std::pair(4, 5.0)}) {
    const auto meter = Make({{"a", 10}, {"b", 10}, {"c", 10}}, threads);
    meter->Start(0);
    now_ += 5;
    meter->Finish(0);
    EXPECT_DOUBLE_EQ(meter->Snapshot().remaining_seconds.value(), seconds) << threads;
  }
}

// Two threads, 100 and 2 units left: the long job alone takes its time.
TEST_F(ProgressTest, TheLongestJobBoundsTheTime) {
  const auto meter = Make({{"long", 100}, {"done", 10}, {"short", 2}}, 2);
  meter->Start(1);
  now_ += 5;
  meter->Finish(1);
  EXPECT_DOUBLE_EQ(meter->Snapshot().remaining_seconds.value(), 50);
}

// A job resumed at one half does a quarter in 10 s: 25 of 100 units, so another quarter takes 10 s.
TEST_F(ProgressTest, ResumedPartsAreNotSpeed) {
  const auto meter = Make({{"a", 100}}, 1);
  meter->Start(0);
  meter->Update(0, 0.5);
  EXPECT_EQ(meter->Snapshot().remaining_seconds, std::nullopt);
  now_ += 10;
  meter->Update(0, 0.75);
  EXPECT_DOUBLE_EQ(meter->Snapshot().remaining_seconds.value(), 10);
  EXPECT_DOUBLE_EQ(meter->Snapshot().finished_cost, 75);
}

TEST_F(ProgressTest, FractionsAreClamped) {
  const auto meter = Make({{"a", 1}}, 1);
  meter->Start(0);
  for (const auto& [given, kept] : {std::pair(-1.0, 0.0), std::pair(2.0, 1.0),
                                    std::pair(std::numeric_limits<double>::quiet_NaN(), 0.0)}) {
    meter->Update(0, given);
    EXPECT_EQ(meter->Snapshot().running.at(0).fraction, kept) << given;
  }
}

TEST_F(ProgressTest, UpdatesFromOtherThreads) {
  const auto meter = Make({{"a", 1}, {"b", 1}}, 2);
  std::vector<std::thread> threads;
  for (size_t job = 0; job < 2; ++job) {
    threads.emplace_back([&meter, job] {
      meter->Start(job);
      for (int i = 0; i <= 1000; ++i) {
        meter->Update(job, i / 1000.0);
        if (i % 100 == 0) meter->SetDetail(job, std::to_string(i));
      }
      meter->Finish(job);
    });
  }
  for (int i = 0; i < 100; ++i) {
    const ProgressSnapshot now = meter->Snapshot();
    EXPECT_LE(now.finished_cost, now.total_cost);
    EXPECT_EQ(now.finished + now.running.size() <= 2, true);
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(meter->Snapshot().finished, 2u);
}

ProgressSnapshot Example() {
  ProgressSnapshot snapshot;
  snapshot.total = 200;
  snapshot.finished = 37;
  snapshot.running = {{"exp1 d3 rlstm s2", "epoch 7, dev 0.41", 0.2}, {"exp1 d9 rnn s1", "", 0}};
  snapshot.elapsed_seconds = 192.7;
  snapshot.remaining_seconds = 531;
  return snapshot;
}

TEST(FormatProgress, OneLine) {
  EXPECT_EQ(
      FormatProgress(Example(), 200),
      "37/200 done, 2 running: exp1 d3 rlstm s2 (epoch 7, dev 0.41) | exp1 d9 rnn s1 | 3m12s, "
      "about 9m left");
}

TEST(FormatProgress, LeavesOutJobsThatDoNotFit) {
  EXPECT_EQ(FormatProgress(Example(), 90),
            "37/200 done, 2 running: exp1 d3 rlstm s2 (epoch 7, dev 0.41) | ... | 3m12s, about 9m "
            "left");
  EXPECT_EQ(FormatProgress(Example(), 60), "37/200 done, 2 running: ... | 3m12s, about 9m left");
  for (size_t width = 0; width <= 120; ++width) {
    EXPECT_LE(FormatProgress(Example(), width).size(), width);
  }
}

TEST(FormatProgress, FailedAndStopped) {
  ProgressSnapshot snapshot = Example();
  snapshot.running.clear();
  snapshot.failed = 1;
  snapshot.stopped = 4;
  snapshot.remaining_seconds.reset();
  EXPECT_EQ(FormatProgress(snapshot, 80), "37/200 done, 1 failed, 4 stopped | 3m12s");
  snapshot.remaining_seconds = 0;
  EXPECT_EQ(FormatProgress(snapshot, 80), "37/200 done, 1 failed, 4 stopped | 3m12s");
  snapshot.remaining_seconds = 59;
  EXPECT_EQ(FormatProgress(snapshot, 80),
            "37/200 done, 1 failed, 4 stopped | 3m12s, under 1m left");
  snapshot.remaining_seconds = 3599;
  EXPECT_EQ(FormatProgress(snapshot, 80),
            "37/200 done, 1 failed, 4 stopped | 3m12s, about 1h00m left");
}

TEST(FormatDuration, Units) {
  EXPECT_EQ(FormatDuration(-1), "0s");
  EXPECT_EQ(FormatDuration(59.9), "59s");
  EXPECT_EQ(FormatDuration(60), "1m00s");
  EXPECT_EQ(FormatDuration(3599), "59m59s");
  EXPECT_EQ(FormatDuration(3600), "1h00m");
  EXPECT_EQ(FormatDuration(2 * 3600 + 5 * 60 + 59), "2h05m");
}

}  // namespace
}  // namespace grove::sched
