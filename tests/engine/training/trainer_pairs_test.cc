// Training on pairs of trees: it learns, stops and goes on with the same bits, gives the same bits
// on every target, and refuses examples of another kind.
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "engine/error.h"
#include "engine/files/checkpoint.h"
#include "engine/random.h"
#include "engine/target.h"
#include "engine/training/evaluate.h"
#include "engine/training/trainer.h"
#include "tests/engine/training/pair_cases.h"

namespace grove {
namespace {

constexpr int kVocabulary = 6;
const std::atomic<bool> kGo{false};

// Words are all of one kind in a tree; what is to be learnt is how far apart the kinds are.
Forest Pairs(int count, bool scores, uint64_t seed) {
  RandomStream random(seed, Purpose::kTrainData, 1);
  std::vector<int> leaves;
  for (int t = 0; t < 2 * count; ++t) leaves.push_back(1 + static_cast<int>(random.NextBelow(5)));
  Forest forest = RandomForest(leaves, kVocabulary, 2, false, seed);
  forest.label.assign(forest.nodes(), kNone);
  forest.trees_per_example = 2;
  std::vector<int32_t> kinds;
  for (size_t t = 0; t < forest.trees(); ++t) {
    kinds.push_back(static_cast<int32_t>(random.NextBelow(3)));
    for (int32_t v = forest.tree_begin[t]; v <= forest.root(t); ++v) {
      int32_t& word = forest.word[static_cast<size_t>(v)];
      if (word != kNone) word = 2 * kinds.back() + word % 2;
    }
  }
  for (size_t e = 0; e < forest.examples(); ++e) {
    const int32_t apart = std::abs(kinds[2 * e] - kinds[2 * e + 1]);
    if (scores) {
      forest.pair_score.push_back(5 - 1.6f * static_cast<float>(apart));
    } else {
      forest.pair_label.push_back(apart);
    }
  }
  return forest;
}

Dataset PairDataset(bool scores) {
  Dataset dataset;
  dataset.train = Pairs(200, scores, 1);
  dataset.dev = Pairs(40, scores, 2);
  dataset.test = Pairs(40, scores, 3);
  dataset.vocabulary_size = kVocabulary;
  dataset.classes = scores ? kScores : 3;
  return dataset;
}

// Comparison, whether pairs have scores.
class TrainerPairsTest : public testing::TestWithParam<std::tuple<const char*, bool>> {
 protected:
  TrainerPairsTest() {
    spec_.comparison = std::get<0>(GetParam());
    spec_.target = std::get<1>(GetParam()) ? "score" : "classes";
    spec_.dim = 8;
    spec_.comparison_dim = 12;
    spec_.batch = 7;
    spec_.init_word_range = 0.5;
  }

  const Dataset dataset_ = PairDataset(std::get<1>(GetParam()));
  RunSpec spec_;
};

TEST_P(TrainerPairsTest, Learns) {
  spec_.rule = "adam";
  spec_.learning_rate = 0.01;
  // The plain layer knows the training pairs long before it knows what they have in common.
  spec_.epochs = spec_.patience = 120;
  Trainer trainer(spec_, dataset_);
  ASSERT_TRUE(trainer.Run(kGo));
  const RunResult& result = trainer.result();
  EXPECT_LT(result.history.back().loss, 0.5 * result.history.front().loss);
  EXPECT_GT(result.dev_accuracy, 0.9);
  EXPECT_GT(result.train_accuracy, 0.9);
  EXPECT_GT(result.test_accuracy, 0.9);
  const EvalResult test = Evaluate(trainer.network(), dataset_.test);
  EXPECT_EQ(Quality(test.accuracy, test.scores), result.test_accuracy);
  if (spec_.target == "classes") return;
  EXPECT_LT(test.scores.MeanSquaredError(), 0.3);
}

TEST_P(TrainerPairsTest, GoesOnWithTheSameBits) {
  spec_.epochs = 3;
  Trainer whole(spec_, dataset_);
  ASSERT_TRUE(whole.Run(kGo));
  const std::string path =
      testing::TempDir() + "/pairs" + std::to_string(::getpid()) + ".safetensors";
  std::atomic<bool> stop{false};
  Trainer first(spec_, dataset_);
  ASSERT_FALSE(first.Run(stop, [&](const TrainProgress& p) { stop = p.trees_trained > 250; }));
  first.SaveState(path);
  Trainer second(spec_, dataset_);
  second.LoadState(path);
  ASSERT_TRUE(second.Run(kGo));
  EXPECT_EQ(second.result().weights_xxh3, whole.result().weights_xxh3);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(second.result().history[i].loss, whole.result().history[i].loss);
    EXPECT_EQ(second.result().history[i].train_accuracy, whole.result().history[i].train_accuracy);
    EXPECT_EQ(second.result().history[i].dev_accuracy, whole.result().history[i].dev_accuracy);
  }
  // Other targets are other data.
  Dataset other = dataset_;
  if (!other.train.pair_score.empty()) other.train.pair_score[7] -= 0.25f;
  if (!other.train.pair_label.empty()) other.train.pair_label[7] ^= 1;
  Trainer stranger(spec_, other);
  EXPECT_THROW(stranger.LoadState(path), DamagedFile);
  std::filesystem::remove(path);
}

TEST_P(TrainerPairsTest, SameBitsOnEveryTargetWithFma) {
  spec_.epochs = 2;
  std::set<std::string> hashes;
  for (const std::string& target : simd::SupportedTargets()) {
    if (!simd::TargetHasFma(target)) continue;
    ASSERT_TRUE(simd::ForceTarget(target));
    Trainer trainer(spec_, dataset_);
    ASSERT_TRUE(trainer.Run(kGo));
    hashes.insert(trainer.result().weights_xxh3);
  }
  simd::ForceTarget("");
  EXPECT_EQ(hashes.size(), 1u);
}

INSTANTIATE_TEST_SUITE_P(Heads, TrainerPairsTest,
                         testing::Combine(testing::Values("tai", "bowman"), testing::Bool()),
                         [](const auto& info) {
                           return std::string(std::get<0>(info.param)) +
                                  (std::get<1>(info.param) ? "_scores" : "_classes");
                         });

std::string Refusal(const char* comparison, const char* target, const Dataset& dataset) {
  RunSpec spec;
  spec.comparison = comparison;
  spec.target = target;
  try {
    const Trainer trainer(spec, dataset);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(TrainerPairs, ExamplesOfAnotherKindAreAnError) {
  const Dataset classes = PairDataset(false), scores = PairDataset(true);
  Dataset trees = classes;
  for (Forest* forest : {&trees.train, &trees.dev, &trees.test}) {
    forest->trees_per_example = 1;
    forest->pair_label.clear();
  }
  EXPECT_EQ(Refusal("tai", "classes", trees),
            "comparison = 'tai': the trees are single, not pairs");
  EXPECT_EQ(Refusal("none", "classes", classes),
            "comparison = 'none': the trees are pairs, which tai or bowman compares");
  EXPECT_EQ(Refusal("tai", "score", classes), "target = 'score': the pairs have no scores");
  EXPECT_EQ(Refusal("bowman", "classes", scores),
            "target = 'classes': the pairs have scores, not classes");
  EXPECT_EQ(Refusal("bowman", "score", scores), "");
}

}  // namespace
}  // namespace grove
