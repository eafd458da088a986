// What scripted dev accuracies decide: which epoch is kept, and when training stops.
#include "engine/training/early_stopping.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/training/trainer.h"
#include "tests/engine/training/small_runs.h"

namespace grove {
namespace {

std::vector<EpochRecord> History(const std::vector<double>& dev_accuracies) {
  std::vector<EpochRecord> history;
  for (const double accuracy : dev_accuracies) {
    history.push_back({.epoch = static_cast<int>(history.size()) + 1, .dev_accuracy = accuracy});
  }
  return history;
}

// The number of epochs that are trained of a script, which must be long enough.
size_t EpochsTrained(const std::vector<double>& script, int patience, const std::string& against) {
  std::vector<double> so_far;
  while (HasPatience(History(so_far), patience, against)) {
    if (so_far.size() == script.size()) {
      ADD_FAILURE() << "would go on after the script";
      break;
    }
    so_far.push_back(script[so_far.size()]);
  }
  return so_far.size();
}

TEST(EarlyStoppingTest, TheFirstOfTheBestEpochsIsKept) {
  EXPECT_EQ(BestEpoch({}), 0);
  EXPECT_EQ(BestEpoch(History({0})), 1) << "the first epoch is better than none, even at 0";
  EXPECT_EQ(BestEpoch(History({0.5, 0.5, 0.5})), 1);
  EXPECT_EQ(BestEpoch(History({0.1, 0.6, 0.5, 0.6})), 2);
  EXPECT_EQ(BestEpoch(History({0.1, 0.2, 0.3, 1})), 4);
}

TEST(EarlyStoppingTest, AgainstTheBestEpoch) {
  EXPECT_EQ(EpochsTrained({0, 0}, 1, "best"), 2u);
  EXPECT_EQ(EpochsTrained({0.5, 0.4, 0.3, 0.2}, 3, "best"), 4u) << "the first epoch was best";
  EXPECT_EQ(EpochsTrained({0.5, 0.5, 0.5}, 2, "best"), 3u) << "a tie is not better";
  EXPECT_EQ(EpochsTrained({0.5, 0.4, 0.6, 0.5, 0.6}, 2, "best"), 5u);
  // Each better than the one before, and none better than the best.
  EXPECT_EQ(EpochsTrained({0.9, 0.1, 0.2, 0.3}, 3, "best"), 4u);
  EXPECT_EQ(EpochsTrained({0.1, 0.2, 0.3, 0.3}, 1, "best"), 4u);
}

TEST(EarlyStoppingTest, AgainstThePreviousEpoch) {
  EXPECT_EQ(EpochsTrained({0, 0}, 1, "previous"), 2u);
  EXPECT_EQ(EpochsTrained({0.5, 0.4, 0.3, 0.2}, 3, "previous"), 4u);
  EXPECT_EQ(EpochsTrained({0.5, 0.5, 0.5}, 2, "previous"), 3u) << "a tie is not better";
  EXPECT_EQ(EpochsTrained({0.5, 0.4, 0.6, 0.5, 0.6, 0.6, 0.1}, 2, "previous"), 7u);
  EXPECT_EQ(EpochsTrained({0.9, 0.1, 0.2, 0.3, 0.3, 0.2, 0.1}, 3, "previous"), 7u);
}

TEST(EarlyStoppingTest, TheFirstEpochIsAlwaysTrained) {
  for (const char* against : {"best", "previous"}) {
    EXPECT_TRUE(HasPatience({}, 1, against));
    EXPECT_TRUE(HasPatience(History({0}), 1, against)) << "nothing to compare it with";
  }
}

// The trainer goes by these functions: of its own history, every beginning had patience but the
// whole.
TEST(EarlyStoppingTest, TheTrainerGoesByThem) {
  const Dataset dataset = SmallDataset();
  for (const char* against : {"best", "previous"}) {
    RunSpec spec = SmallRun("rnn");
    spec.patience = 2;
    spec.patience_against = against;
    spec.epochs = 50;
    Trainer trainer(spec, dataset);
    ASSERT_TRUE(trainer.Run(kGo));
    const std::vector<EpochRecord>& history = trainer.result().history;
    ASSERT_LT(history.size(), 50u) << "stopped by the number of epochs";
    const std::span<const EpochRecord> all(history);
    for (size_t n = 0; n < all.size(); ++n) EXPECT_TRUE(HasPatience(all.first(n), 2, against));
    EXPECT_FALSE(HasPatience(all, 2, against));
    EXPECT_EQ(trainer.result().best_epoch, BestEpoch(all));
  }
}

}  // namespace
}  // namespace grove
