// What scripted figures of the dev trees decide: which epoch is kept, and when training stops.
#include "engine/training/early_stopping.h"

#include <gtest/gtest.h>

#include <cmath>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "engine/training/evaluate.h"
#include "engine/training/metrics.h"
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

RunSpec Patient(int patience, const std::string& against) {
  RunSpec spec;
  spec.patience = patience;
  spec.patience_against = against;
  return spec;
}

int BestOf(const std::vector<double>& dev_accuracies) {
  return BestEpoch(History(dev_accuracies), "root_accuracy");
}

// The number of epochs that are trained of a script, which must be long enough.
size_t EpochsTrained(const std::vector<double>& script, int patience, const std::string& against) {
  std::vector<double> so_far;
  while (HasPatience(History(so_far), Patient(patience, against))) {
    if (so_far.size() == script.size()) {
      ADD_FAILURE() << "would go on after the script";
      break;
    }
    so_far.push_back(script[so_far.size()]);
  }
  return so_far.size();
}

TEST(EarlyStoppingTest, TheFirstOfTheBestEpochsIsKept) {
  EXPECT_EQ(BestOf({}), 0);
  EXPECT_EQ(BestOf({0}), 1) << "the first epoch is better than none, even at 0";
  EXPECT_EQ(BestOf({0.5, 0.5, 0.5}), 1);
  EXPECT_EQ(BestOf({0.1, 0.6, 0.5, 0.6}), 2);
  EXPECT_EQ(BestOf({0.1, 0.2, 0.3, 1}), 4);
}

// Each figure is best in an epoch of its own, and after that in vain.
TEST(EarlyStoppingTest, EveryCriterionPicksItsOwnEpoch) {
  const std::vector<EpochRecord> history = {{1, 0, 0, 0.9, 0.8, 0.3, 0.1},
                                            {2, 0, 0, 0.8, 0.7, 0.5, 0.2},
                                            {3, 0, 0, 0.7, 0.7, 0.4, 0.4},
                                            {4, 0, 0, 0.6, 0.7, 0.4, 0.3},
                                            {5, 0, 0, 0.6, 0.7, 0.4, 0.3}};
  const std::vector<std::string> criteria = {"root_accuracy", "node_accuracy", "macro_f1", "loss"};
  for (size_t best = 1; best <= criteria.size(); ++best) {
    const std::string& select_by = criteria[best - 1];
    EXPECT_EQ(BestEpoch(history, select_by), static_cast<int>(best)) << select_by;
    for (const char* against : {"best", "previous"}) {
      RunSpec spec = Patient(1, against);
      spec.select_by = select_by;
      const std::span<const EpochRecord> all(history);
      EXPECT_TRUE(HasPatience(all.first(best), spec)) << select_by;
      EXPECT_FALSE(HasPatience(all.first(best + 1), spec)) << select_by;
    }
  }
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
    EXPECT_TRUE(HasPatience({}, Patient(1, against)));
    EXPECT_TRUE(HasPatience(History({0}), Patient(1, against))) << "nothing to compare it with";
  }
}

// The trainer goes by these functions: of its own history, every beginning had patience but the
// whole.
void ExpectTheyDecide(const RunSpec& spec, const Dataset& dataset) {
  SCOPED_TRACE(spec.select_by + ", against " + spec.patience_against);
  Trainer trainer(spec, dataset);
  ASSERT_TRUE(trainer.Run(kGo));
  const std::vector<EpochRecord>& history = trainer.result().history;
  ASSERT_LT(history.size(), static_cast<size_t>(spec.epochs)) << "stopped by the number of epochs";
  const std::span<const EpochRecord> all(history);
  for (size_t n = 0; n < all.size(); ++n) EXPECT_TRUE(HasPatience(all.first(n), spec));
  EXPECT_FALSE(HasPatience(all, spec));
  const int best = trainer.result().best_epoch;
  EXPECT_EQ(best, BestEpoch(all, spec.select_by));

  // The weights left are those of that epoch, and its figures are what an evaluation says.
  Metrics metrics(dataset.classes);
  Network& network = trainer.network();
  const EvalResult dev = Evaluate(network, dataset.dev, [&](size_t begin, size_t end) {
    metrics.Add(network, dataset.dev, begin, end);
  });
  const EpochRecord& kept = history[static_cast<size_t>(best) - 1];
  EXPECT_EQ(kept.dev_accuracy, dev.accuracy);
  EXPECT_EQ(trainer.result().dev_accuracy, dev.accuracy);
  EXPECT_EQ(kept.dev_loss, dev.loss);
  for (const auto& [by, found, expected] :
       {std::tuple("node_accuracy", kept.dev_node_accuracy, dev.node_accuracy),
        std::tuple("macro_f1", kept.dev_macro_f1, metrics.roots().MacroF1())}) {
    if (spec.select_by == by) {
      EXPECT_EQ(found, expected);
    } else {
      EXPECT_TRUE(std::isnan(found)) << by;
    }
  }
}

TEST(EarlyStoppingTest, TheTrainerGoesByThem) {
  RunSpec spec = SmallRun("rnn");
  spec.epochs = 50;
  spec.patience = 2;
  const Dataset dataset = SmallDataset();
  spec.patience_against = "previous";
  ExpectTheyDecide(spec, dataset);
  spec.patience_against = "best";
  ExpectTheyDecide(spec, dataset);
  for (const char* select_by : {"node_accuracy", "macro_f1", "loss"}) {
    spec.select_by = select_by;
    ExpectTheyDecide(spec, LabelledDataset());
  }
}

}  // namespace
}  // namespace grove
