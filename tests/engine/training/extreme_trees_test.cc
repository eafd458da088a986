// Trees that are as good as any other: a chain and a star of 100,000 nodes, a lone leaf, towers of
// unary nodes; trees that a model cannot take; and gradients whose squares vanish in float.
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <string>
#include <vector>

#include "engine/cells/model.h"
#include "engine/error.h"
#include "engine/training/trainer.h"
#include "tests/engine/training/engine_oracle.h"

namespace grove {
namespace {

constexpr int32_t kMany = 100000;

// Trains for three epochs on the one tree and returns the losses.
std::vector<double> Losses(const std::string& model, const Forest& tree) {
  Dataset dataset;
  dataset.train = dataset.dev = dataset.test = tree;
  dataset.vocabulary_size = 10;
  dataset.classes = 3;
  RunSpec spec;
  spec.model = model;
  spec.dim = 3;
  spec.epochs = 3;
  spec.init_word_range = 0.5;
  Trainer trainer(spec, dataset);
  const std::atomic<bool> go{false};
  EXPECT_TRUE(trainer.Run(go));
  std::vector<double> losses;
  for (const EpochRecord& epoch : trainer.result().history) losses.push_back(epoch.loss);
  return losses;
}

void ExpectLearns(const std::string& model, const Forest& tree) {
  const std::vector<double> losses = Losses(model, tree);
  ASSERT_EQ(losses.size(), 3u) << model;
  EXPECT_LT(losses[2], losses[0]) << model;
  for (const double loss : losses) EXPECT_TRUE(std::isfinite(loss)) << model;
}

Forest Chain(int32_t leaves) {
  Forest forest;
  int32_t top = forest.AddLeaf(0);
  for (int32_t i = 1; i < leaves; ++i) top = forest.AddInner(top, forest.AddLeaf(i % 10));
  forest.label.back() = 1;
  forest.FinishTree();
  return forest;
}

TEST(ExtremeTrees, AChainOfAHundredThousandNodesTrains) {
  const Forest chain = Chain(kMany / 2);
  for (const std::string& model : ModelNames()) ExpectLearns(model, chain);
}

TEST(ExtremeTrees, AStarOfAHundredThousandChildrenTrains) {
  Forest star;
  std::vector<int32_t> children;
  for (int32_t i = 0; i < kMany; ++i) children.push_back(star.AddLeaf(i % 10));
  star.AddNode(children, 3, 2);
  star.FinishTree();
  ExpectLearns("child_sum", star);
}

TEST(ExtremeTrees, ALoneLeafTrains) {
  Forest leaf;
  leaf.AddLeaf(4, 2);
  leaf.FinishTree();
  for (const std::string& model : ModelNames()) ExpectLearns(model, leaf);
}

TEST(ExtremeTrees, AUnaryTowerTrains) {
  Forest tower;
  int32_t top = tower.AddLeaf(4);
  for (int i = 0; i < 1000; ++i) top = tower.AddNode({&top, 1}, kNone);
  tower.label.back() = 0;
  tower.FinishTree();
  for (const std::string& model : ModelNames()) ExpectLearns(model, tower);
}

TEST(ExtremeTrees, WhatAModelCannotTakeIsSaidFirst) {
  Forest wide;
  std::vector<int32_t> children;
  for (int i = 0; i < 5; ++i) children.push_back(wide.AddLeaf(i));
  wide.AddNode(children, kNone, 1);
  wide.FinishTree();
  Forest inside;
  const int32_t leaf = inside.AddLeaf(1);
  inside.AddNode({&leaf, 1}, 2, 1);
  inside.FinishTree();
  const auto refusal = [](const std::string& model, const Forest& tree) {
    try {
      Losses(model, tree);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("none");
  };
  EXPECT_EQ(refusal("rlstm", wide), "train: a node has 5 children; rlstm takes up to 2");
  EXPECT_EQ(refusal("tai_4", wide), "train: a node has 5 children; tai_4 takes up to 4");
  EXPECT_EQ(refusal("rnn", inside),
            "train: a node with children has a word, which rnn does not take");
  EXPECT_EQ(refusal("child_sum", wide), "none");
  EXPECT_EQ(refusal("tai_3", inside), "none");
}

// In float, squares of numbers below 1e-19 are denormal or zero: norms come from doubles there.
TEST(ExtremeTrees, GradientNormsBelowTheSquaresOfFloats) {
  RunSpec spec;
  spec.model = "rnn";
  spec.dim = 20;
  spec.init_word_range = 1;
  spec.init_fan_cell = 1e6;  // every level takes the gradient down by about a thousand
  const Forest chain = Chain(14);
  Network network(spec, 10, 3);
  MinibatchLimits limits;
  limits.Include(chain, 1);
  network.Reserve(limits);
  Initialise(network.layout(), spec, network.parameters());
  const reference::Tensors weights = TensorsOf(network);
  const reference::TreePass pass =
      reference::Forward(SettingsOf(spec, 3), weights, reference::TreeOf(chain, 0));
  reference::Tensors gradients = reference::ZeroTensors(SettingsOf(spec, 3), 10);
  const std::vector<reference::Vector> dh = reference::Backward(pass, gradients);
  network.Forward(chain, 0, 1, Keep::kForBackward);
  network.Backward();
  int tiny = 0;
  for (int32_t row = network.schedule().leaves; row < network.schedule().rows; ++row) {
    // Inner rows of a chain stand in the order of its inner nodes, every other one from the third.
    const size_t node = 2 * static_cast<size_t>(row - network.schedule().leaves) + 2;
    const double expected = reference::Norm(dh[node].data(), dh[node].size());
    if (expected < 1e-36) continue;  // the gradients themselves are denormal
    EXPECT_NEAR(network.GradientNorm(row), expected, 1e-4 * expected) << row;
    tiny += expected < 1e-20 ? 1 : 0;
  }
  EXPECT_GT(tiny, 3);
}

}  // namespace
}  // namespace grove
