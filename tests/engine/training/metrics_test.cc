// Figures of (gold, predicted) by hand, and of a network against its evaluation.
#include "engine/training/metrics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <vector>

#include "engine/training/evaluate.h"
#include "tests/engine/training/engine_oracle.h"
#include "tests/engine/training/pair_cases.h"

namespace grove {
namespace {

TEST(ConfusionTest, FiguresByHand) {
  Confusion confusion(4);
  EXPECT_TRUE(std::isnan(confusion.MacroF1()));
  EXPECT_TRUE(std::isnan(confusion.Accuracy()));
  // Gold 0: 3 right, 1 taken for 1. Gold 1: 1 right, 1 taken for 0. 2 is only predicted, 3 never.
  for (const auto& [gold, predicted] :
       std::vector<std::pair<int, int>>{{0, 0}, {0, 0}, {0, 0}, {0, 1}, {1, 1}, {1, 0}, {1, 2}}) {
    confusion.Add(gold, predicted);
  }
  EXPECT_EQ(confusion.total(), 7);
  EXPECT_EQ(confusion.Count(0, 0), 3);
  EXPECT_EQ(confusion.Count(1, 2), 1);
  EXPECT_EQ(confusion.Count(2, 1), 0);
  EXPECT_DOUBLE_EQ(confusion.Accuracy(), 4.0 / 7);
  EXPECT_DOUBLE_EQ(confusion.F1(0), 2 * 3.0 / (4 + 4));
  EXPECT_DOUBLE_EQ(confusion.F1(1), 2 * 1.0 / (3 + 2));
  EXPECT_EQ(confusion.F1(2), 0);
  EXPECT_TRUE(std::isnan(confusion.F1(3)));
  EXPECT_DOUBLE_EQ(confusion.MacroF1(), (0.75 + 0.4 + 0) / 3);
}

TEST(BinaryAccuracyTest, TheMiddleDoesNotCount) {
  BinaryAccuracy binary;
  EXPECT_TRUE(std::isnan(binary.Accuracy()));
  // The most probable class is the neutral one, or one of the wrong half; the sums decide.
  const std::vector<float> positive = {0.3f, 0, 0.35f, 0.2f, 0.15f};
  binary.Add(0, positive);
  binary.Add(1, positive);
  binary.Add(2, positive);
  binary.Add(3, positive);
  binary.Add(4, positive);
  EXPECT_EQ(binary.total(), 4);
  EXPECT_DOUBLE_EQ(binary.Accuracy(), 0.5);
  BinaryAccuracy two;
  two.Add(1, std::vector<float>{0.4f, 0.6f});
  EXPECT_EQ(two.total(), 1);
  EXPECT_EQ(two.Accuracy(), 1);
}

std::vector<int> ManyLeaves() {
  std::vector<int> leaves;
  for (int i = 0; i < 120; ++i) leaves.push_back(1 + (i * 7) % 23);
  return leaves;
}

struct Evaluated {
  EvalResult result;
  Metrics metrics;
};

Evaluated EvaluateWith(RunSpec spec, const Forest& forest, int classes) {
  spec.dim = 7;
  spec.init_word_range = 1;
  Network network(spec, 30, classes);
  MinibatchLimits limits;
  IncludeEvaluation(forest, limits);
  network.Reserve(limits);
  Initialise(network.layout(), Resolve(spec), network.parameters());
  Metrics metrics(classes);
  const EvalResult plain = Evaluate(network, forest);
  const EvalResult result = Evaluate(
      network, forest, [&](size_t begin, size_t end) { metrics.Add(network, forest, begin, end); });
  EXPECT_EQ(result.loss, plain.loss);
  EXPECT_EQ(result.accuracy, plain.accuracy);
  return {result, metrics};
}

TEST(MetricsTest, AgreeWithEvaluation) {
  const Forest forest = RandomForest(ManyLeaves(), 30, 5, /*inner_labels=*/true, 3);
  const auto [result, metrics] = EvaluateWith(RunSpec(), forest, 5);
  EXPECT_EQ(metrics.roots().Accuracy(), result.accuracy);
  EXPECT_EQ(metrics.nodes().Accuracy(), result.node_accuracy);
  EXPECT_EQ(metrics.nodes().total(), result.labelled);
  int64_t not_neutral = 0;
  for (size_t t = 0; t < forest.trees(); ++t) {
    const int32_t label = forest.label[static_cast<size_t>(forest.root(t))];
    not_neutral += label != 2 && label != kNone ? 1 : 0;
  }
  EXPECT_EQ(metrics.binary().total(), not_neutral);
}

TEST(MetricsTest, OfPairs) {
  RunSpec spec;
  spec.comparison = "tai";
  spec.comparison_dim = 4;
  const Forest forest = PairsOf(ManyLeaves(), 30, 3, /*scores=*/false, 3);
  const auto [result, metrics] = EvaluateWith(spec, forest, 3);
  EXPECT_EQ(metrics.roots().total(), static_cast<int64_t>(forest.examples()));
  EXPECT_EQ(metrics.roots().Accuracy(), result.accuracy);
  EXPECT_EQ(metrics.nodes().total(), 0);
}

}  // namespace
}  // namespace grove
