// Observations of a training run: what they are of, that they change nothing, and that a run that
// was stopped and resumed has the same.
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <memory>
#include <tuple>

#include "engine/cells/model.h"
#include "engine/files/checkpoint.h"
#include "engine/tasks/task.h"
#include "engine/training/trainer.h"
#include "tests/engine/training/small_runs.h"

namespace grove {
namespace {

RunSpec SmallRun(const std::string& model, const std::string& leaf_weights) {
  RunSpec spec;
  spec.model = model;
  spec.leaf_weights = leaf_weights;
  spec.dim = 10;
  spec.epochs = 3;
  spec.probe = true;
  return spec;
}

void ExpectSame(const Observations& a, const Observations& b) {
  EXPECT_FALSE(b.node_ratios.empty());
  EXPECT_EQ(a.node_ratios, b.node_ratios);
  EXPECT_EQ(a.gates, b.gates);
}

Observations OfEpoch(const Observations& all, int epoch) {
  Observations some;
  for (const auto& group : all.node_ratios) {
    if (group.epoch == epoch) some.node_ratios.push_back(group);
  }
  for (const auto& group : all.gates) {
    if (group.epoch == epoch) some.gates.push_back(group);
  }
  return some;
}

class TrainerObserveTest : public testing::TestWithParam<std::tuple<std::string, const char*>> {
 protected:
  const Dataset dataset_ = SmallDataset();
  RunSpec spec_ = SmallRun(std::get<0>(GetParam()), std::get<1>(GetParam()));
};

TEST_P(TrainerObserveTest, ChangesNothingElse) {
  Trainer plain(spec_, dataset_);
  ASSERT_TRUE(plain.Run(kGo));
  EXPECT_TRUE(plain.result().observations.node_ratios.empty());
  EXPECT_TRUE(plain.result().observations.gates.empty());
  spec_.observe = true;
  Trainer observed(spec_, dataset_);
  ASSERT_TRUE(observed.Run(kGo));
  ExpectSameResult(plain.result(), observed.result());
}

TEST_P(TrainerObserveTest, SeesTheStartAndTheEndOfEveryEpoch) {
  spec_.observe = true;
  Trainer trainer(spec_, dataset_);
  const Observations start = Observe(trainer.network(), dataset_.dev, 0);
  ASSERT_TRUE(trainer.Run(kGo));
  const Observations& all = trainer.result().observations;
  EXPECT_EQ(all.gates.empty(), MakeCell(spec_).gates.empty());
  ExpectSame(OfEpoch(all, 0), start);
  // The first so many epochs are those of a shorter run, whose weights after its last one ...
  for (int epochs = 1; epochs <= spec_.epochs; ++epochs) {
    RunSpec shorter = spec_;
    shorter.epochs = epochs;
    Trainer part(shorter, dataset_);
    ASSERT_TRUE(part.Run(kGo));
    ExpectSame(OfEpoch(part.result().observations, epochs), OfEpoch(all, epochs));
    // ... are the kept ones if that was the best.
    if (part.result().best_epoch != epochs) continue;
    ExpectSame(Observe(part.network(), dataset_.dev, epochs), OfEpoch(all, epochs));
  }
  EXPECT_EQ(OfEpoch(all, spec_.epochs + 1).node_ratios.size(), 0u);
}

TEST_P(TrainerObserveTest, WithoutEpochsTheStartValues) {
  spec_.observe = true;
  spec_.epochs = 0;
  Trainer trainer(spec_, dataset_);
  ASSERT_TRUE(trainer.Run(kGo));
  ExpectSame(trainer.result().observations, Observe(trainer.network(), dataset_.dev, 0));
}

TEST_P(TrainerObserveTest, StoppedAndResumedGivesTheSame) {
  spec_.observe = true;
  Trainer whole(spec_, dataset_);
  ASSERT_TRUE(whole.Run(kGo));
  const std::string path =
      testing::TempDir() + "/grove_observe_" + spec_.model + spec_.leaf_weights + ".safetensors";
  std::atomic<bool> stop{true};  // at once, with the start observed, then anywhere
  int stops = 0;
  int64_t until = 35;
  auto trainer = std::make_unique<Trainer>(spec_, dataset_);
  const auto progress = [&](const TrainProgress& p) { stop = p.trees_trained >= until; };
  while (!trainer->Run(stop, progress)) {
    ++stops;
    trainer->SaveState(path);
    trainer = std::make_unique<Trainer>(spec_, dataset_);
    trainer->LoadState(path);
    stop = false;
    until += 95;
  }
  EXPECT_GE(stops, 9);
  ExpectSame(trainer->result().observations, whole.result().observations);
  EXPECT_EQ(trainer->result().weights_xxh3, whole.result().weights_xxh3);
}

INSTANTIATE_TEST_SUITE_P(Models, TrainerObserveTest,
                         testing::Combine(testing::ValuesIn(ModelNames()),
                                          testing::Values("own", "shared")));

// States without observations are written as before there were any, and read.
TEST(TrainerObserve, StatesWithoutAreAsBefore) {
  const Dataset dataset = SmallDataset();
  const RunSpec spec = SmallRun("rlstm", "own");
  const std::string path = testing::TempDir() + "/grove_observe_without.safetensors";
  Trainer(spec, dataset).SaveState(path);
  EXPECT_EQ(ReadTensorFile(path).metadata.at("state").find("observations"), std::string::npos);
  Trainer(spec, dataset).LoadState(path);
}

// A group without a positive ratio has no logarithm to save.
TEST(TrainerObserve, SavesWhatIsNoNumber) {
  Dataset dataset;
  dataset.vocabulary_size = 2;
  dataset.classes = 2;
  // The root has a gradient from its label; its relu of zeros lets nothing of it through.
  dataset.train.AddInner(dataset.train.AddLeaf(0), dataset.train.AddLeaf(1), 1);
  dataset.train.FinishTree();
  dataset.dev = dataset.test = dataset.train;
  RunSpec spec = SmallRun("rnn", "own");
  spec.activation = "relu";
  spec.init_word_range = 0;
  spec.observe = true;
  spec.epochs = 1;
  Trainer trainer(spec, dataset);
  std::atomic<bool> stop{false};
  ASSERT_FALSE(trainer.Run(stop, [&](const TrainProgress&) { stop = true; }));
  const auto before = trainer.result().observations.node_ratios;
  ASSERT_EQ(before.size(), 1u);
  EXPECT_EQ(before[0].q95, 0);
  EXPECT_TRUE(std::isnan(before[0].mean_log10));
  const std::string path = testing::TempDir() + "/grove_observe_nan.safetensors";
  trainer.SaveState(path);
  Trainer other(spec, dataset);
  other.LoadState(path);
  const auto after = other.result().observations.node_ratios;
  ASSERT_EQ(after.size(), 1u);
  EXPECT_EQ(after[0].n, 2u);
  EXPECT_TRUE(std::isnan(after[0].mean_log10));
}

}  // namespace
}  // namespace grove
