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

}  // namespace
}  // namespace grove
