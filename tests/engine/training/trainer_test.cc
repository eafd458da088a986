// Training as a whole: early stopping, the kept epoch, shuffling, divergence and the probe.
#include "engine/training/trainer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <limits>

#include "engine/error.h"
#include "engine/training/evaluate.h"
#include "tests/engine/training/small_runs.h"

namespace grove {
namespace {

TEST(TrainerTest, SameSeedSameBitsOtherSeedOthers) {
  const Dataset dataset = SmallDataset();
  RunSpec spec = SmallRun("rlstm");
  Trainer first(spec, dataset), second(spec, dataset);
  ASSERT_TRUE(first.Run(kGo));
  ASSERT_TRUE(second.Run(kGo));
  ExpectSameResult(first.result(), second.result());
  spec.seed = 2;
  Trainer third(spec, dataset);
  ASSERT_TRUE(third.Run(kGo));
  EXPECT_NE(first.result().weights_xxh3, third.result().weights_xxh3);
}

TEST(TrainerTest, LearnsShortSentences) {
  const Dataset dataset = SmallDataset();
  RunSpec spec = SmallRun("rlstm");
  spec.epochs = 12;
  Trainer trainer(spec, dataset);
  ASSERT_TRUE(trainer.Run(kGo));
  const auto& history = trainer.result().history;
  EXPECT_LT(history.back().loss, 0.7 * history.front().loss);
  EXPECT_GT(history.back().train_accuracy, 0.5);
}

TEST(TrainerTest, KeepsTheBestEpochAndStopsAfterPatience) {
  const Dataset dataset = SmallDataset();
  RunSpec spec = SmallRun("rnn");
  spec.patience = 2;
  spec.epochs = 50;
  Trainer trainer(spec, dataset);
  ASSERT_TRUE(trainer.Run(kGo));
  const RunResult& result = trainer.result();
  // By hand: the first epoch with the highest dev accuracy, and two more.
  size_t best = 0;
  for (size_t i = 1; i < result.history.size(); ++i) {
    ASSERT_LT(i - best, 3u) << "went on after two epochs without improvement";
    if (result.history[i].dev_accuracy > result.history[best].dev_accuracy) best = i;
  }
  EXPECT_EQ(result.best_epoch, static_cast<int>(best) + 1);
  EXPECT_EQ(result.history.size(), best + 3);
  EXPECT_EQ(result.dev_accuracy, result.history[best].dev_accuracy);
  EXPECT_EQ(result.train_accuracy, result.history[best].train_accuracy);
  // The weights left are those of that epoch.
  EXPECT_EQ(Evaluate(trainer.network(), dataset.dev).accuracy, result.dev_accuracy);
  EXPECT_EQ(Evaluate(trainer.network(), dataset.test).accuracy, result.test_accuracy);
}

TEST(TrainerTest, PatienceAgainstThePreviousEpoch) {
  const Dataset dataset = SmallDataset();
  RunSpec spec = SmallRun("rnn");
  spec.patience = 3;
  spec.patience_against = "previous";
  spec.epochs = 50;
  Trainer trainer(spec, dataset);
  ASSERT_TRUE(trainer.Run(kGo));
  const RunResult& result = trainer.result();
  // By hand: epochs in a row that are no better than the one before; the best epoch is kept.
  const auto& history = result.history;
  int in_vain = 0;
  double best = history[0].dev_accuracy;
  for (size_t i = 1; i < history.size(); ++i) {
    ASSERT_LT(in_vain, 3) << "went on in epoch " << i + 1;
    in_vain = history[i].dev_accuracy > history[i - 1].dev_accuracy ? 0 : in_vain + 1;
    best = std::max(best, history[i].dev_accuracy);
  }
  EXPECT_EQ(in_vain, 3);
  EXPECT_EQ(result.dev_accuracy, best);
  spec.patience_against = "best";
  Trainer other(spec, dataset);
  ASSERT_TRUE(other.Run(kGo));
  EXPECT_LT(other.result().history.size(), history.size()) << "the two rules never differed";
}

TEST(TrainerTest, NoEpochsLeavesTheStartValues) {
  const Dataset dataset = SmallDataset();
  RunSpec spec = SmallRun("rlstm");
  spec.epochs = 0;
  Trainer trainer(spec, dataset);
  const std::string before =
      WeightsHash(trainer.network().layout(), trainer.network().parameters());
  ASSERT_TRUE(trainer.Run(kGo));
  EXPECT_EQ(trainer.result().weights_xxh3, before);
  EXPECT_EQ(trainer.result().best_epoch, 0);
  EXPECT_TRUE(trainer.result().history.empty());
}

TEST(TrainerTest, ShuffleIsASetting) {
  const Dataset dataset = SmallDataset();
  std::vector<std::string> hashes;
  for (const char* shuffle : {"epoch", "once", "none"}) {
    RunSpec spec = SmallRun("rnn");
    spec.epochs = 3;
    spec.shuffle = shuffle;
    Trainer trainer(spec, dataset);
    ASSERT_TRUE(trainer.Run(kGo));
    hashes.push_back(trainer.result().weights_xxh3);
  }
  EXPECT_NE(hashes[0], hashes[1]);
  EXPECT_NE(hashes[1], hashes[2]);
  EXPECT_NE(hashes[0], hashes[2]);
}

TEST(TrainerTest, ProbeRecordsEveryTreeAndChangesNothing) {
  const Dataset dataset = SmallDataset();
  RunSpec spec = SmallRun("rlstm");
  spec.epochs = 2;
  Trainer plain(spec, dataset);
  ASSERT_TRUE(plain.Run(kGo));
  spec.probe = true;
  Trainer probed(spec, dataset);
  ASSERT_TRUE(probed.Run(kGo));
  EXPECT_EQ(plain.result().weights_xxh3, probed.result().weights_xxh3);
  EXPECT_TRUE(plain.result().ratios.empty());
  ASSERT_EQ(probed.result().ratios.size(), 2 * dataset.train.trees());
  for (const GradientRatio& r : probed.result().ratios) {
    EXPECT_GE(r.depth, 0);
    EXPECT_LE(r.depth, 7);
    EXPECT_GT(r.ratio, 0);
    if (r.depth == 0) {
      EXPECT_EQ(r.ratio, 1);
    }
  }
}

TEST(TrainerTest, DivergenceIsSaid) {
  const Dataset dataset = SmallDataset();
  RunSpec spec = SmallRun("rlstm");
  spec.activation = "relu";
  spec.learning_rate = 1000;
  spec.init_word_range = 1000;
  spec.epochs = 50;
  spec.patience = 50;
  Trainer trainer(spec, dataset);
  try {
    trainer.Run(kGo);
    FAIL() << "expected the numbers to leave the finite range";
  } catch (const DivergedError& error) {
    EXPECT_NE(std::string(error.what()).find("epoch"), std::string::npos);
  }
}

// Evaluations cannot see it: no dev or test tree has the word.
TEST(TrainerTest, AWeightThatIsNotFiniteIsNotKept) {
  Dataset dataset = SmallDataset();
  const size_t unused = static_cast<size_t>(dataset.vocabulary_size++);
  RunSpec spec = SmallRun("rnn");
  spec.epochs = 1;
  Trainer trainer(spec, dataset);
  Parameters& parameters = trainer.network().parameters();
  parameters.words[unused * parameters.word_stride] = std::numeric_limits<float>::quiet_NaN();
  try {
    trainer.Run(kGo);
    FAIL() << "expected the weight to be noticed";
  } catch (const DivergedError& error) {
    EXPECT_STREQ(error.what(), "a weight became non-finite in epoch 1");
  }
}

// The tables of a finished epoch are kept when a later one diverges.
TEST(TrainerTest, DivergenceKeepsTheBestEpochSoFar) {
  const Dataset dataset = SmallDataset();
  RunSpec spec = SmallRun("rnn");
  spec.epochs = 2;
  Trainer trainer(spec, dataset);
  // Between two epochs: after the first update of the second.
  const auto spoil = [&](const TrainProgress& p) {
    if (p.epoch < 2) return;
    Parameters& parameters = trainer.network().parameters();
    parameters.weights[0] = std::numeric_limits<float>::quiet_NaN();
  };
  EXPECT_THROW(trainer.Run(kGo, spoil), DivergedError);
  const RunResult& result = trainer.result();
  ASSERT_EQ(result.history.size(), 1u);
  EXPECT_EQ(result.best_epoch, 1);
  EXPECT_EQ(result.dev_accuracy, result.history[0].dev_accuracy);
  EXPECT_EQ(result.train_accuracy, result.history[0].train_accuracy);
}

// No epoch could be better than another.
TEST(TrainerTest, DevTreesWithoutRootLabelsAreRefused) {
  Dataset dataset = SmallDataset();
  const auto error = [&]() -> std::string {
    try {
      Trainer trainer(SmallRun("rnn"), dataset);
    } catch (const Error& refused) {
      return refused.what();
    }
    return "no error";
  };
  EXPECT_EQ(error(), "no error");
  const int32_t last = dataset.dev.root(dataset.dev.trees() - 1);
  std::fill(dataset.dev.label.begin(), dataset.dev.label.begin() + last, kNone);
  EXPECT_EQ(error(), "no error") << "one is enough";
  dataset.dev.label[static_cast<size_t>(last)] = kNone;
  dataset.dev.label[0] = 1;
  const std::string expected =
      "no dev tree has a label at its root: nothing says which epoch is the best";
  EXPECT_EQ(error(), expected);
  dataset.dev = Forest();
  EXPECT_EQ(error(), expected);
}

TEST(TrainerTest, StateOfAnotherRunIsRefused) {
  const Dataset dataset = SmallDataset();
  RunSpec spec = SmallRun("rnn");
  const std::string path = testing::TempDir() + "/grove_foreign_state.safetensors";
  Trainer(spec, dataset).SaveState(path);
  spec.seed = 9;
  Trainer other(spec, dataset);
  EXPECT_THROW(other.LoadState(path), Error);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 1);
  spec.seed = 1;
  Trainer same(spec, dataset);
  EXPECT_THROW(same.LoadState(path), Error);
}

// A tree so deep that recursion would overflow the stack goes through training and evaluation.
TEST(TrainerTest, ChainOfAHundredThousandNodes) {
  Dataset dataset;
  dataset.vocabulary_size = 3;
  dataset.classes = 2;
  int32_t top = dataset.train.AddLeaf(0);
  for (int i = 0; i < 50000; ++i) {
    top = dataset.train.AddInner(top, dataset.train.AddLeaf(1), i == 49999 ? 1 : kNone);
  }
  dataset.train.FinishTree();
  dataset.dev = dataset.test = dataset.train;
  RunSpec spec = SmallRun("rlstm");
  spec.dim = 4;
  spec.epochs = 1;
  Trainer trainer(spec, dataset);
  ASSERT_TRUE(trainer.Run(kGo));
  EXPECT_EQ(trainer.result().history.size(), 1u);
}

}  // namespace
}  // namespace grove
