// Runs that are stopped anywhere and resumed: between updates, in the evaluation after an epoch, in
// that at the end.
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>

#include "engine/cells/model.h"
#include "engine/training/trainer.h"
#include "tests/engine/training/small_runs.h"

namespace grove {
namespace {

// Stops after a number of minibatches, saves, goes on in a fresh trainer; again and again.
void ExpectSameBits(const RunSpec& spec, const Dataset& dataset) {
  Trainer whole(spec, dataset);
  ASSERT_TRUE(whole.Run(kGo));

  const std::string path =
      testing::TempDir() + "/grove_resume_" + spec.model + "_" + spec.select_by + ".safetensors";
  std::atomic<bool> stop{false};
  int stops = 0;
  auto trainer = std::make_unique<Trainer>(spec, dataset);
  int64_t until = 35;
  const auto progress = [&](const TrainProgress& p) { stop = p.trees_trained >= until; };
  while (!trainer->Run(stop, progress)) {
    ++stops;
    trainer->SaveState(path);
    trainer = std::make_unique<Trainer>(spec, dataset);
    trainer->LoadState(path);
    stop = false;
    until += 95;
  }
  EXPECT_GE(stops, 8);
  ExpectSameResult(trainer->result(), whole.result());
}

class ResumeTest : public testing::TestWithParam<std::string> {};

TEST_P(ResumeTest, StoppedAndResumedGivesTheSameBits) {
  RunSpec spec = SmallRun(GetParam());
  spec.epochs = 3;
  spec.probe = true;
  ExpectSameBits(spec, SmallDataset());
}

// What decided about the epochs before the stop decides about those after it.
TEST(ResumeSelectionTest, EveryCriterionGoesOn) {
  const Dataset dataset = LabelledDataset();
  for (const char* select_by : {"node_accuracy", "macro_f1", "loss"}) {
    RunSpec spec = SmallRun("rnn");
    spec.select_by = select_by;
    spec.patience = 2;
    spec.epochs = 12;
    ExpectSameBits(spec, dataset);
  }
}

// A stop that comes while the epoch is evaluated: the state is that before the evaluation.
TEST_P(ResumeTest, StoppedInEvaluationAndResumedGivesTheSameBits) {
  const Dataset dataset = SmallDataset();
  RunSpec spec = SmallRun(GetParam());
  spec.epochs = 2;
  spec.observe = true;
  Trainer whole(spec, dataset);
  ASSERT_TRUE(whole.Run(kGo));

  const std::string path =
      testing::TempDir() + "/grove_resume_evaluation_" + GetParam() + ".safetensors";
  const auto trees = static_cast<int64_t>(dataset.train.trees());
  std::atomic<bool> stop{true};
  auto trainer = std::make_unique<Trainer>(spec, dataset);
  EXPECT_FALSE(trainer->Run(stop)) << "stopped before the start was observed";
  EXPECT_TRUE(trainer->result().observations.node_ratios.empty());
  const auto at_end = [&](const TrainProgress& p) { stop = p.trees_trained % trees == 0; };
  for (int epoch = 1; epoch <= spec.epochs; ++epoch) {
    stop = false;
    ASSERT_FALSE(trainer->Run(stop, at_end)) << "not stopped after epoch " << epoch;
    EXPECT_EQ(trainer->result().history.size(), static_cast<size_t>(epoch) - 1);
    trainer->SaveState(path);
    trainer = std::make_unique<Trainer>(spec, dataset);
    trainer->LoadState(path);
  }
  stop = false;
  ASSERT_TRUE(trainer->Run(stop, at_end));
  ExpectSameResult(trainer->result(), whole.result());
  EXPECT_EQ(trainer->result().observations.node_ratios, whole.result().observations.node_ratios);
}

// A stop that comes while the test trees are evaluated, and while the start values are.
TEST_P(ResumeTest, StoppedAtTheEndAndResumedGivesTheSameBits) {
  const Dataset dataset = SmallDataset();
  const std::string path = testing::TempDir() + "/grove_resume_end_" + GetParam() + ".safetensors";
  for (const int epochs : {0, 1}) {
    RunSpec spec = SmallRun(GetParam());
    spec.epochs = epochs;
    Trainer whole(spec, dataset);
    ASSERT_TRUE(whole.Run(kGo));
    Trainer finished(spec, dataset);
    ASSERT_TRUE(finished.Run(kGo));
    finished.SaveState(path);
    Trainer resumed(spec, dataset);
    resumed.LoadState(path);
    const std::atomic<bool> stop{true};
    ASSERT_FALSE(resumed.Run(stop));
    EXPECT_EQ(resumed.result().weights_xxh3, "");
    resumed.SaveState(path);
    Trainer again(spec, dataset);
    again.LoadState(path);
    ASSERT_TRUE(again.Run(kGo));
    ExpectSameResult(again.result(), whole.result());
    EXPECT_EQ(again.result().dev_accuracy, whole.result().dev_accuracy);
    EXPECT_EQ(again.result().test_loss, whole.result().test_loss);
  }
}

INSTANTIATE_TEST_SUITE_P(Models, ResumeTest, testing::ValuesIn(ModelNames()));

}  // namespace
}  // namespace grove
