// The oracle's minibatches, its trees made from a forest, and the length of its chains.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/engine/cells/reference_cases.h"

namespace grove::reference {
namespace {

// The L2 term touches a word vector once if the word occurs, however often, and else not at all.
TEST(ReferenceBatchTest, L2CountsWordsOfTheMinibatchOnce) {
  constexpr double kL2 = 0.01;
  const Settings settings = {.model = "rnn", .dim = 4, .classes = 3, .word_dim = 2};
  const Tensors w = RandomTensors(settings, 3);
  const BatchPass with = Minibatch(settings, w, BinaryTrees(), kL2);
  const BatchPass without = Minibatch(settings, w, BinaryTrees(), 0);
  for (const auto& [name, values] : w) {
    for (size_t k = 0; k < values.size(); ++k) {
      const bool absent = name == "embeddings" && k >= size_t{8} * 2;
      EXPECT_NEAR(with.gradients.at(name)[k] - without.gradients.at(name)[k],
                  absent ? 0 : kL2 * values[k], 1e-15);
    }
  }
  EXPECT_EQ(with.loss, without.loss);
}

TEST(ReferenceBatchTest, TreesOfAForest) {
  Forest forest;
  forest.AddLeaf(3, 1);
  forest.FinishTree();
  const int32_t a = forest.AddLeaf(5), b = forest.AddLeaf(6, 0);
  forest.AddInner(a, b, 2);
  forest.FinishTree();
  const std::vector<int32_t> numbers = {1, 0};
  const std::vector<Tree> trees = TreesOf(forest, numbers);
  ASSERT_EQ(trees.size(), 2u);
  ASSERT_EQ(trees[0].size(), 3u);
  EXPECT_TRUE(trees[0][1].children.empty());
  EXPECT_EQ(trees[0][1].token, 6u);
  EXPECT_EQ(trees[0][1].label, 0u);
  EXPECT_EQ(trees[0][2].children, (std::vector<size_t>{0, 1}));
  EXPECT_FALSE(trees[0][2].token.has_value());
  EXPECT_EQ(trees[0][2].label, 2u);
  EXPECT_EQ(trees[1][0].token, 3u);
}

// No pass is recursive: the depth of a tree is bounded by memory only.
TEST(ReferenceBatchTest, ChainOfAHundredThousandNodes) {
  const Settings settings = {.model = "rlstm", .dim = 1, .classes = 2};
  const Tensors w = RandomTensors(settings, 5);
  Tree tree;
  size_t chain = Leaf(tree, 0);
  while (tree.size() < 100001) chain = Inner(tree, {chain, Leaf(tree, 1)});
  tree.back().label = 0;
  const BatchPass batch = Minibatch(settings, w, {tree}, 0);
  EXPECT_TRUE(std::isfinite(batch.loss));
  EXPECT_EQ(batch.dh[0].size(), 100001u);
  EXPECT_GT(std::abs(batch.dh[0].back()[0]), 0);
}

}  // namespace
}  // namespace grove::reference
