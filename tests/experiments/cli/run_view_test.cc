// The line that shows how far an epoch is.
#include "experiments/cli/run_view.h"

#include <gtest/gtest.h>

namespace grove {
namespace {

TEST(FormatEpochProgressTest, SaysEpochShareAndTimeLeft) {
  EXPECT_EQ(FormatEpochProgress(45, 100, 5, 80),
            "epoch 1 [#########           ]  45 %, 5 trees/s, 11s left");
  EXPECT_EQ(FormatEpochProgress(250, 100, 1000, 80),
            "epoch 3 [##########          ]  50 %, 1000 trees/s, 0s left");
  // The end of an epoch is no part of the next.
  EXPECT_EQ(FormatEpochProgress(300, 100, 25, 80),
            "epoch 3 [####################] 100 %, 25 trees/s, 0s left");
  EXPECT_EQ(FormatEpochProgress(301, 100, 25, 80),
            "epoch 4 [                    ]   1 %, 25 trees/s, 3s left");
}

TEST(FormatEpochProgressTest, OfAPaceThatIsNotKnownNothingIsSaid) {
  EXPECT_EQ(FormatEpochProgress(45, 100, 0, 80), "epoch 1 [#########           ]  45 %");
}

TEST(FormatEpochProgressTest, KeepsToTheWidth) {
  EXPECT_EQ(FormatEpochProgress(45, 100, 5, 40), "epoch 1  45 %, 5 trees/s, 11s left");
  EXPECT_EQ(FormatEpochProgress(45, 100, 5, 12), "epoch 1  45 ");
}

sched::ProgressSnapshot ThreeRunning() {
  sched::ProgressSnapshot snapshot;
  snapshot.total = 9;
  snapshot.finished = 4;
  snapshot.elapsed_seconds = 61;
  snapshot.running = {{"a d1 rnn s1", "epoch 7, dev 41.0 %", 0.5},
                      {"a d1 rnn s2", "", 0},
                      {"a d1 rnn s3", "epoch 1", 1}};
  return snapshot;
}

TEST(FormatBarsTest, ABarForEachRunAndALineBelow) {
  EXPECT_EQ(FormatBars(ThreeRunning(), {80, 24}),
            "[##########          ]  50 % a d1 rnn s1, epoch 7, dev 41.0 %\n"
            "[                    ]   0 % a d1 rnn s2\n"
            "[####################] 100 % a d1 rnn s3, epoch 1\n"
            "4/9 done, 3 running: a d1 rnn s1 (epoch 7, dev 41.0 %) | ... | 1m01s");
}

TEST(FormatBarsTest, KeepsToTheScreen) {
  EXPECT_EQ(FormatBars(ThreeRunning(), {30, 3}),
            "[##########          ]  50 % a\n4/9 done, 3 running | 1m01s");
  EXPECT_EQ(FormatBars(ThreeRunning(), {30, 1}), "4/9 done, 3 running | 1m01s");
}

}  // namespace
}  // namespace grove
