// What is predicted, against evaluation, which looks at one labelled example at a time.
#include "engine/training/predict.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "engine/training/evaluate.h"
#include "tests/engine/training/engine_oracle.h"
#include "tests/engine/training/pair_cases.h"

namespace grove {
namespace {

constexpr int kVocabulary = 30, kClasses = 4;

std::vector<int> ManyLeaves() {
  std::vector<int> leaves;
  for (int i = 0; i < 80; ++i) leaves.push_back(1 + (i * 7) % 23);
  return leaves;
}

std::unique_ptr<Network> MakeNetwork(const RunSpec& spec, const Forest& forest) {
  auto network = std::make_unique<Network>(spec, kVocabulary, kClasses);
  MinibatchLimits limits;
  IncludeEvaluation(forest, limits);
  network->Reserve(limits);
  Initialise(network->layout(), Resolve(spec), network->parameters());
  return network;
}

RunSpec Spec(const std::string& model) {
  RunSpec spec;
  spec.model = model;
  spec.dim = 7;
  spec.init_word_range = 1;
  return spec;
}

std::vector<float> Copy(std::span<const float> values) { return {values.begin(), values.end()}; }

// Of every labelled node, each evaluated as the only label of its tree.
std::vector<std::vector<float>> EachNode(Network& network, const Forest& forest) {
  std::vector<std::vector<float>> all;
  for (size_t t = 0; t < forest.trees(); ++t) {
    for (int32_t v = forest.tree_begin[t]; v <= forest.root(t); ++v) {
      Forest one = forest;
      one.label.assign(forest.nodes(), kNone);
      one.label[static_cast<size_t>(v)] = 1;
      const auto example = static_cast<int32_t>(t);
      network.Forward(one, {&example, 1});
      all.push_back(Copy(network.head().ProbabilitiesAt(0)));
    }
  }
  return all;
}

class PredictTest : public testing::TestWithParam<std::string> {};

TEST_P(PredictTest, RootsAsEvaluationHasThem) {
  const Forest forest = RandomForest(ManyLeaves(), kVocabulary, kClasses, true, 5);
  const auto network = MakeNetwork(Spec(GetParam()), forest),
             other = MakeNetwork(Spec(GetParam()), forest);
  std::vector<std::vector<float>> expected, found, states;
  EvaluateEach(*network, forest, false,
               [&](const ExampleEvaluation& tree) { expected.push_back(tree.probabilities); });
  ASSERT_LT(EvaluationBatchEnd(forest, 0), forest.examples()) << "more than one batch";

  Forest plain = forest;
  plain.label.assign(forest.nodes(), kNone);
  TreePredictor predictor(*other, TreePredictor::Of::kRoots);
  predictor.Predict(plain, [&](size_t tree) {
    EXPECT_EQ(tree, found.size());
    found.push_back(Copy(predictor.Probabilities()));
    states.push_back(Copy(predictor.StateOf(plain.root(tree))));
  });
  EXPECT_EQ(found, expected);
  // Each tree alone, in a network that was small before.
  for (size_t t = 0; t < forest.trees(); ++t) {
    const auto example = static_cast<int32_t>(t);
    network->Forward(forest, {&example, 1});
    const float* h = network->states().h.From(network->schedule().root_row[0]).data;
    EXPECT_EQ(states[t], std::vector<float>(h, h + 7)) << t;
  }
}

TEST_P(PredictTest, NodesAsEvaluationHasThem) {
  const Forest forest = RandomForest({1, 2, 9, 5, 12}, kVocabulary, kClasses, false, 5);
  const auto network = MakeNetwork(Spec(GetParam()), forest);
  const std::vector<std::vector<float>> expected = EachNode(*network, forest);
  std::vector<std::vector<float>> found;
  TreePredictor predictor(*network, TreePredictor::Of::kNodes);
  predictor.Predict(forest, [&](size_t tree) {
    for (int32_t v = forest.tree_begin[tree]; v <= forest.root(tree); ++v) {
      found.push_back(Copy(predictor.ProbabilitiesOf(v)));
      EXPECT_EQ(predictor.StateOf(v).size(), 7u);
    }
    EXPECT_EQ(Copy(predictor.Probabilities()), found.back());
  });
  EXPECT_EQ(found, expected);
}

INSTANTIATE_TEST_SUITE_P(Models, PredictTest, testing::Values("rnn", "rlstm", "tai_binary", "grc"));

TEST(PredictPairsTest, PairsAsEvaluationHasThem) {
  for (const bool scores : {false, true}) {
    RunSpec spec = Spec("rlstm");
    spec.comparison = "tai";
    spec.comparison_dim = 5;
    if (scores) spec.target = "score";
    const Forest forest = PairsOf(ManyLeaves(), kVocabulary, kClasses, scores, 7);
    const int classes = scores ? kScores : kClasses;
    const auto network = std::make_unique<Network>(spec, kVocabulary, classes);
    MinibatchLimits limits;
    IncludeEvaluation(forest, limits);
    network->Reserve(limits);
    Initialise(network->layout(), Resolve(spec), network->parameters());
    std::vector<std::vector<float>> expected, found;
    EvaluateEach(*network, forest, false,
                 [&](const ExampleEvaluation& pair) { expected.push_back(pair.probabilities); });
    Forest plain = forest;
    plain.pair_label.assign(plain.pair_label.size(), kNone);
    plain.pair_score.assign(plain.pair_score.size(), 0);
    TreePredictor predictor(*network, TreePredictor::Of::kRoots);
    predictor.Predict(plain, [&](size_t) { found.push_back(Copy(predictor.Probabilities())); });
    EXPECT_EQ(found, expected) << scores;
  }
}

TEST(MostProbableTest, TheLowestOfEqualOnes) {
  EXPECT_EQ(MostProbable(std::vector<float>{0.2f, 0.4f, 0.4f}), 1);
  EXPECT_EQ(MostProbable(std::vector<float>{1}), 0);
}

}  // namespace
}  // namespace grove
