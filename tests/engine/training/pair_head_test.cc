// The head of pairs against the double-precision oracle: losses, gradients of every tensor, of the
// words and of every node; and against itself, with the trees exchanged.
#include "engine/training/pair_head.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/error.h"
#include "engine/training/evaluate.h"
#include "engine/training/network.h"
#include "tests/engine/training/pair_cases.h"
#include "tests/reference/pair_head.h"

namespace grove {
namespace {

constexpr int kVocabulary = 20;
constexpr double kTolerance = 1e-4;

// Model, comparison, target, width, width of the comparison.
using Case = std::tuple<const char*, const char*, const char*, int, int>;

class PairHeadTest : public testing::TestWithParam<Case> {
 protected:
  PairHeadTest() {
    spec_.model = std::get<0>(GetParam());
    spec_.comparison = std::get<1>(GetParam());
    spec_.target = std::get<2>(GetParam());
    spec_.dim = std::get<3>(GetParam());
    spec_.comparison_dim = std::get<4>(GetParam());
    spec_.init_word_range = 1;
    spec_.init_fan_cell = spec_.init_fan_gate = spec_.init_fan_softmax = 1;
    spec_ = Resolve(spec_);
    Validate(spec_);
    const bool scores = spec_.target == "score";
    classes_ = scores ? kScores : 3;
    // Two equal trees among them: their distance is 0.
    forest_ = PairsOf({7, 1, 12, 3, 2, 9, 1, 1, 4, 4, 5, 8}, kVocabulary, classes_, scores, 5);
    pairs_.resize(forest_.examples());
    std::iota(pairs_.begin(), pairs_.end(), 0);
    std::reverse(pairs_.begin(), pairs_.end());
  }

  std::unique_ptr<Network> MakeNetwork() const {
    MinibatchLimits limits;
    limits.Include(forest_, forest_.examples());
    return MakeTestNetwork(spec_, kVocabulary, classes_, limits);
  }

  RunSpec spec_;
  int classes_;
  Forest forest_;
  std::vector<int32_t> pairs_;
};

TEST_P(PairHeadTest, LossAndGradientsAgreeWithTheOracle) {
  const auto network = MakeNetwork();
  const reference::PairBatch expected =
      reference::MeanOf(SettingsOf(spec_, classes_), TensorsOf(*network), PairsOf(forest_, pairs_));
  for (int pass = 0; pass < 2; ++pass) {  // nothing may be left of the first
    const double loss = network->Forward(forest_, pairs_).loss;
    network->Backward();
    EXPECT_NEAR(loss / static_cast<double>(pairs_.size()), expected.loss,
                kTolerance * expected.loss);
    reference::Tensors gradients = TensorsOf(network->layout(), network->gradients());
    std::vector<double>& words = gradients["embeddings"];
    words.assign(static_cast<size_t>(kVocabulary) * static_cast<size_t>(spec_.dim), 0);
    const std::vector<int32_t>& word = network->schedule().word;
    for (size_t row = 0; row < word.size(); ++row) {
      const float* dx = network->states().dx.Row(row);
      for (int j = 0; j < spec_.dim; ++j) words[word[row] * spec_.dim + j] += dx[j];
    }
    EXPECT_EQ(gradients.size(), expected.gradients.size());
    for (const auto& [name, gradient] : gradients) {
      ASSERT_TRUE(expected.gradients.contains(name)) << name;
      EXPECT_LE(RelativeError(gradient, expected.gradients.at(name)), kTolerance) << name;
    }
  }
}

TEST_P(PairHeadTest, GradientsOfEveryNodeAgreeWithTheOracle) {
  const auto network = MakeNetwork();
  const reference::Tensors tensors = TensorsOf(*network);
  for (const int32_t pair : pairs_) {
    network->Forward(forest_, {&pair, 1});
    network->Backward();
    const reference::PairPass pass =
        reference::Forward(SettingsOf(spec_, classes_), tensors, PairOf(forest_, pair));
    reference::Tensors gradients;
    for (const auto& [name, values] : tensors) gradients[name].assign(values.size(), 0);
    const auto dh = reference::Backward(pass, gradients);
    // Rows stand by slot, and within one by tree and position.
    std::vector<std::pair<int32_t, const reference::Vector*>> expected;
    for (size_t side = 0; side < 2; ++side) {
      const size_t tree = forest_.first_tree(static_cast<size_t>(pair)) + side;
      const auto begin = static_cast<size_t>(forest_.tree_begin[tree]);
      for (size_t v = 0; v < dh[side].size(); ++v) {
        expected.emplace_back(forest_.slot[begin + v], &dh[side][v]);
      }
    }
    std::ranges::stable_sort(expected, {}, [](const auto& each) { return each.first; });
    for (size_t row = 0; row < expected.size(); ++row) {
      const float* values = network->states().dh.Row(row);
      const reference::Vector& node = *expected[row].second;
      const double norm = reference::Norm(node.data(), node.size());
      EXPECT_LE(RelativeError({values, values + spec_.dim}, node), norm < 1e-6 ? 1 : kTolerance)
          << "pair " << pair << " row " << row;
    }
  }
}

// A product and a distance do not know which tree is the first.
TEST_P(PairHeadTest, ExchangedTrees) {
  Forest exchanged;
  exchanged.trees_per_example = 2;
  exchanged.pair_label = forest_.pair_label;
  exchanged.pair_score = forest_.pair_score;
  for (size_t t = 0; t < forest_.trees(); ++t) {
    const size_t from = t ^ 1;
    const int32_t begin = forest_.tree_begin[from], to = exchanged.tree_begin.back();
    for (int32_t v = begin; v <= forest_.root(from); ++v) {
      std::vector<int32_t> children;
      for (const int32_t child : forest_.Children(v)) children.push_back(child - begin + to);
      exchanged.AddNode(children, forest_.word[static_cast<size_t>(v)]);
    }
    exchanged.FinishTree();
  }
  const auto network = MakeNetwork();
  const double loss = network->Forward(forest_, pairs_).loss;
  const double other = network->Forward(exchanged, pairs_).loss;
  if (spec_.comparison == "tai") {
    EXPECT_EQ(other, loss);
  } else {
    EXPECT_NE(other, loss);
  }
}

TEST_P(PairHeadTest, CompanyChangesNoBit) {
  const auto network = MakeNetwork();
  std::vector<float> alone;
  for (const int32_t pair : pairs_) {
    network->Forward(forest_, {&pair, 1});
    alone.push_back(network->head().losses()[0]);
  }
  network->Forward(forest_, pairs_);
  const std::span<const float> together = network->head().losses();
  EXPECT_EQ(alone, std::vector<float>(together.begin(), together.end()));
}

TEST_P(PairHeadTest, EvaluationSumsUpWhatEachPairGives) {
  const auto network = MakeNetwork();
  const EvalResult whole = Evaluate(*network, forest_);
  EXPECT_EQ(whole.examples, 6);
  double loss = 0;
  int correct = 0;
  ScoreSums scores;
  EvaluateEach(*network, forest_, false, [&](const ExampleEvaluation& pair) {
    ASSERT_EQ(pair.probabilities.size(), static_cast<size_t>(classes_));
    loss += static_cast<double>(pair.loss);
    const auto best = std::max_element(pair.probabilities.begin(), pair.probabilities.end());
    correct += best - pair.probabilities.begin() == pair.label ? 1 : 0;
    if (spec_.target == "score") {
      scores.Add(ExpectedScore(pair.probabilities), static_cast<double>(pair.score));
    }
  });
  EXPECT_NEAR(whole.loss, loss / 6, 1e-9);
  EXPECT_EQ(whole.scores, scores);
  if (spec_.target == "score") return;
  EXPECT_DOUBLE_EQ(whole.accuracy, correct / 6.0);
}

INSTANTIATE_TEST_SUITE_P(All, PairHeadTest,
                         testing::Combine(testing::Values("rnn", "rlstm", "tai_binary"),
                                          testing::Values("tai", "bowman"),
                                          testing::Values("classes", "score"),
                                          testing::Values(3, 16, 21), testing::Values(4, 17)),
                         [](const auto& info) {
                           return std::string(std::get<0>(info.param)) + "_" +
                                  std::get<1>(info.param) + "_" + std::get<2>(info.param) + "_" +
                                  std::to_string(std::get<3>(info.param)) + "_" +
                                  std::to_string(std::get<4>(info.param));
                         });

TEST(PairSettings, WhatContradictsItself) {
  const auto refused = [](const char* comparison, const char* target, const char* class_weights) {
    RunSpec spec;
    spec.comparison = comparison;
    spec.target = target;
    spec.class_weights = class_weights;
    try {
      Validate(spec);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(refused("none", "score", "none"),
            "target = 'score': only pairs have scores; comparison must be tai or bowman");
  EXPECT_EQ(refused("tai", "score", "balanced"),
            "class_weights = 'balanced': scores have no classes");
  EXPECT_EQ(refused("bowman", "classes", "balanced"), "");
}

TEST(ScoreSums, ByHand) {
  ScoreSums sums, others;
  EXPECT_TRUE(std::isnan(sums.Pearson()));
  EXPECT_TRUE(std::isnan(sums.MeanSquaredError()));
  sums.Add(1, 2);
  sums.Add(2, 1);
  others.Add(3, 5);
  sums.Add(others);
  // Means 2 and 8/3; r = 3 / sqrt(2 * 26/3).
  EXPECT_NEAR(sums.Pearson(), 3 / std::sqrt(2 * 26 / 3.0), 1e-14);
  EXPECT_NEAR(sums.MeanSquaredError(), 2, 1e-14);
  EXPECT_EQ(Quality(0.5, ScoreSums()), 0.5);
  EXPECT_EQ(Quality(std::nan(""), sums), sums.Pearson());
  ScoreSums same;
  for (const double target : {1.0, 4.0}) same.Add(3.3, target);
  EXPECT_TRUE(std::isnan(same.Pearson())) << "no prediction differs from another";
  EXPECT_EQ(Quality(0, same), 0);
}

}  // namespace
}  // namespace grove
