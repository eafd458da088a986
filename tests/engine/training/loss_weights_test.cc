// Weights in the loss, of roots, of other nodes and of classes: the gradients are the weighted sums
// of what the oracle gives for the labels of each kind alone.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "engine/error.h"
#include "engine/training/class_weights.h"
#include "engine/training/trainer.h"
#include "tests/engine/training/engine_oracle.h"

namespace grove {
namespace {

constexpr int kVocabulary = 20, kClasses = 3;
constexpr double kTolerance = 1e-4;

Forest LabelledForest() { return RandomForest({6, 1, 9, 3, 4}, kVocabulary, kClasses, true, 11); }

RunSpec Spec(double root_weight, double inner_weight) {
  RunSpec spec;
  spec.model = "rnn";
  spec.dim = 9;
  spec.init_word_range = 1;
  spec.root_weight = root_weight;
  spec.inner_weight = inner_weight;
  return Resolve(spec);
}

std::unique_ptr<Network> NetworkOf(const RunSpec& spec, const Forest& forest) {
  auto network = std::make_unique<Network>(spec, kVocabulary, kClasses);
  MinibatchLimits limits;
  limits.Include(forest, forest.trees());
  network->Reserve(limits);
  Initialise(network->layout(), spec, network->parameters());
  return network;
}

std::vector<int32_t> AllTrees(const Forest& forest) {
  std::vector<int32_t> trees(forest.trees());
  std::iota(trees.begin(), trees.end(), 0);
  return trees;
}

// Only the labels that `keep(is_root, label)` is true of.
template <typename Keep>
Forest Only(Forest forest, const Keep& keep) {
  for (size_t t = 0; t < forest.trees(); ++t) {
    for (int32_t v = forest.tree_begin[t]; v <= forest.root(t); ++v) {
      int32_t& label = forest.label[static_cast<size_t>(v)];
      if (label != kNone && !keep(v == forest.root(t), label)) label = kNone;
    }
  }
  return forest;
}

TEST(LossWeights, AgreeWithTheOracle) {
  const Forest forest = LabelledForest();
  const std::vector<int32_t> trees = AllTrees(forest);
  const std::vector<float> class_weights = {0.5f, 2, 1};
  for (const auto& [root_weight, inner_weight] :
       {std::pair{1.0, 1.0}, {0.25, 3.0}, {2.0, 0.0}, {0.0, 0.5}}) {
    const RunSpec spec = Spec(root_weight, inner_weight);
    const auto network = NetworkOf(spec, forest);
    network->SetClassWeights(class_weights);
    const reference::Tensors weights = TensorsOf(*network);
    const double loss = network->ForwardToTrain(forest, trees, 0).loss;
    network->Backward();
    double expected_loss = 0;
    reference::Tensors expected;
    for (const bool root : {true, false}) {
      for (int label = 0; label < kClasses; ++label) {
        const Forest part = Only(forest, [&](bool is_root, int32_t its_label) {
          return is_root == root && its_label == label;
        });
        const reference::BatchPass pass = reference::Minibatch(SettingsOf(spec, kClasses), weights,
                                                               reference::TreesOf(part, trees), 0);
        const double weight = (root ? root_weight : inner_weight) *
                              static_cast<double>(class_weights[static_cast<size_t>(label)]);
        expected_loss += weight * pass.loss;
        for (const auto& [name, gradient] : pass.gradients) {
          expected[name].resize(gradient.size());
          for (size_t i = 0; i < gradient.size(); ++i) expected[name][i] += weight * gradient[i];
        }
      }
    }
    EXPECT_NEAR(loss / static_cast<double>(trees.size()), expected_loss,
                kTolerance * expected_loss);
    for (const auto& [name, gradient] : TensorsOf(network->layout(), network->gradients())) {
      EXPECT_LE(RelativeError(gradient, expected.at(name)), kTolerance) << name;
    }
  }
}

// What weighs nothing might as well have no label; but it is still told right from wrong.
TEST(LossWeights, OfZeroLeaveOut) {
  const Forest forest = LabelledForest();
  const Forest roots = Only(forest, [](bool is_root, int32_t) { return is_root; });
  const auto weighted = NetworkOf(Spec(1, 0), forest), plain = NetworkOf(Spec(1, 1), forest);
  const MinibatchLoss a = weighted->Forward(forest, AllTrees(forest));
  const MinibatchLoss b = plain->Forward(roots, AllTrees(forest));
  EXPECT_EQ(a.loss, b.loss);
  EXPECT_EQ(a.correct_roots, b.correct_roots);
  EXPECT_GT(a.labelled, b.labelled);
  weighted->Backward();
  plain->Backward();
  EXPECT_TRUE(std::equal(weighted->gradients().begin(), weighted->gradients().end(),
                         plain->gradients().begin()));
}

TEST(LossWeights, OfClassesAreForTrainingAlone) {
  const Forest forest = LabelledForest();
  const auto network = NetworkOf(Spec(1, 1), forest);
  const std::vector<int32_t> trees = AllTrees(forest);
  const double plain = network->Forward(forest, trees).loss;
  EXPECT_EQ(network->ForwardToTrain(forest, trees, 0).loss, plain);
  network->SetClassWeights({2, 2, 2});
  EXPECT_NEAR(network->ForwardToTrain(forest, trees, 0).loss, 2 * plain, 1e-5 * plain);
  EXPECT_EQ(network->Forward(forest, trees).loss, plain);
}

// Two roots of class 0, one of class 1; inside, three of class 0 and none of class 2.
TEST(ClassWeights, FollowTheCountsOfTheLabelsThatCount) {
  Forest forest;
  for (const int32_t label : {0, 0, 1}) {
    const int32_t left = forest.AddLeaf(1, 0), right = forest.AddLeaf(2);
    forest.AddInner(left, right, label);
    forest.FinishTree();
  }
  RunSpec spec;
  EXPECT_TRUE(ClassWeights(spec, forest, 3).empty());
  spec.class_weights = "balanced";
  EXPECT_EQ(ClassWeights(spec, forest, 3), (std::vector<float>{6.0f / 15, 2, 1}));
  spec.inner_weight = 0;
  EXPECT_EQ(ClassWeights(spec, forest, 3), (std::vector<float>{0.5f, 1, 1}));
  spec.inner_weight = 1;
  spec.root_weight = 0;
  EXPECT_EQ(ClassWeights(spec, forest, 2), (std::vector<float>{0.5f, 1}));
}

TEST(ClassWeights, AreThoseOfTheTrainingTrees) {
  Dataset dataset;
  dataset.train = dataset.dev = dataset.test = LabelledForest();
  dataset.vocabulary_size = kVocabulary;
  dataset.classes = kClasses;
  const std::atomic<bool> go{false};
  std::vector<RunResult> results;
  for (const char* class_weights : {"none", "balanced"}) {
    RunSpec spec = Spec(1, 1);
    spec.epochs = 2;
    spec.class_weights = class_weights;
    Trainer trainer(spec, dataset);
    ASSERT_TRUE(trainer.Run(go));
    results.push_back(trainer.result());
  }
  EXPECT_NE(results[0].weights_xxh3, results[1].weights_xxh3);
}

TEST(LossWeights, OneMustBeLeft) {
  try {
    Validate(Spec(0, 0));
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "inner_weight = 0: root_weight is 0 too, and nothing would be learnt");
  }
  EXPECT_THROW(Validate(Spec(-1, 1)), Error);
  EXPECT_NO_THROW(Validate(Spec(0, 1)));
}

}  // namespace
}  // namespace grove
