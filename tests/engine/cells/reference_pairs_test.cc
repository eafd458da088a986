// The oracle of pairs against central finite differences of its forward pass, and values by hand.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "tests/engine/cells/reference_cases.h"
#include "tests/reference/pair_head.h"

namespace grove::reference {
namespace {

constexpr double kStep = 1e-4;  // the error of the differences is O(kStep^4)
constexpr double kRelativeError = 1e-7;
constexpr double kNoise = 10 * 2.2e-16 * 1.5 / kStep;  // rounding of a loss below 10, by the step

template <typename F>
double Derivative(const F& f) {
  return (f(-2 * kStep) - 8 * f(-kStep) + 8 * f(kStep) - f(2 * kStep)) / (12 * kStep);
}

std::vector<Pair> Pairs(const Settings& settings) {
  const std::vector<Tree> trees = Shapes(CellOf(settings));  // the last has inner tokens, if any
  std::vector<Pair> pairs;
  for (const auto& [left, right, score] : {std::tuple<size_t, size_t, double>{1, 4, 2.25},
                                           {3, 2, 5},
                                           {4, 0, 1},
                                           {2, trees.size() - 1, 3.5}}) {
    pairs.push_back({.trees = {trees[left], trees[right]},
                     .label = pairs.size() % static_cast<size_t>(settings.classes),
                     .score = score});
  }
  return pairs;
}

class PairOracleTest : public testing::TestWithParam<Settings> {
 protected:
  void SetUp() override {
    const auto near_kink = [&](const Pair& pair) {
      return Forward(settings_, tensors_, pair).tape->NearestKink() < 20 * kStep;
    };
    uint32_t seed = 1;
    do {
      ASSERT_LT(seed, 50u) << "no parameters off the kink of |x|";
      tensors_ = RandomTensors(settings_, seed++);
    } while (std::ranges::any_of(pairs_, near_kink));
  }

  const Settings settings_ = GetParam();
  const std::vector<Pair> pairs_ = Pairs(settings_);
  Tensors tensors_;
};

double MeanLoss(const Settings& settings, const Tensors& tensors, const std::vector<Pair>& pairs) {
  double loss = 0;
  for (const Pair& pair : pairs) loss += Forward(settings, tensors, pair).loss;
  return loss / static_cast<double>(pairs.size());
}

TEST_P(PairOracleTest, GradientsOfEveryTensor) {
  const PairBatch batch = MeanOf(settings_, tensors_, pairs_);
  for (auto& [name, values] : tensors_) {
    Vector expected(values.size());
    for (size_t k = 0; k < values.size(); ++k) {
      const double start = values[k];
      expected[k] = Derivative([&, &tensor = values](double shift) {
        tensor[k] = start + shift;
        return MeanLoss(settings_, tensors_, pairs_);
      });
      values[k] = start;
    }
    const double norm = Norm(expected.data(), expected.size());
    EXPECT_GT(norm, 1e-6) << name;
    EXPECT_LE(Distance(batch.gradients.at(name), expected), kRelativeError * norm) << name;
  }
}

TEST_P(PairOracleTest, GradientsOfEveryNode) {
  for (const Pair& pair : pairs_) {
    const PairPass pass = Forward(settings_, tensors_, pair);
    Tensors gradients = ZeroTensors(settings_, kVocabulary);
    const auto dh = Backward(pass, gradients);
    for (size_t side = 0; side < 2; ++side) {
      ASSERT_EQ(dh[side].size(), pair.trees[side].size());
      for (size_t node = 0; node < dh[side].size(); ++node) {
        Vector expected(dh[side][node].size());
        for (size_t k = 0; k < expected.size(); ++k) {
          expected[k] = Derivative([&](double shift) {
            return Forward(settings_, tensors_, pair, {side, {node, k, shift}}).loss;
          });
        }
        EXPECT_LE(Distance(dh[side][node], expected),
                  kRelativeError * Norm(expected.data(), expected.size()) + kNoise)
            << "side " << side << " node " << node;
      }
    }
  }
}

// A product and a distance do not know which tree is the first; two matrices do.
TEST_P(PairOracleTest, ExchangedTrees) {
  for (const Pair& pair : pairs_) {
    Pair exchanged = pair;
    std::swap(exchanged.trees[0], exchanged.trees[1]);
    const double one = Forward(settings_, tensors_, pair).loss;
    const double other = Forward(settings_, tensors_, exchanged).loss;
    if (settings_.comparison == "tai") {
      EXPECT_NEAR(one, other, 1e-12);
    } else {
      EXPECT_GT(std::abs(one - other), 1e-6);
    }
  }
}

// The loss by hand from the probabilities.
TEST_P(PairOracleTest, LossIsTheDivergenceFromTheTarget) {
  for (const Pair& pair : pairs_) {
    const PairPass pass = Forward(settings_, tensors_, pair);
    const Vector& p = pass.probabilities;
    double expected = -std::log(p[pair.label]);
    if (settings_.scores) {
      expected = pair.score == 2.25  ? 0.75 * std::log(0.75 / p[1]) + 0.25 * std::log(0.25 / p[2])
                 : pair.score == 3.5 ? 0.5 * std::log(0.5 / p[2]) + 0.5 * std::log(0.5 / p[3])
                                     : -std::log(p[pair.score == 5 ? 4 : 0]);
    }
    EXPECT_NEAR(pass.loss, expected, 1e-12);
  }
}

std::vector<Settings> All() {
  std::vector<Settings> all;
  for (const char* model : {"rnn", "tai_binary"}) {
    for (const char* comparison : {"tai", "bowman"}) {
      for (const bool scores : {false, true}) {
        all.push_back({.model = model,
                       .dim = 3,
                       .classes = scores ? 5 : 3,
                       .comparison = comparison,
                       .comparison_dim = 4,
                       .scores = scores});
      }
    }
  }
  return all;
}

INSTANTIATE_TEST_SUITE_P(All, PairOracleTest, testing::ValuesIn(All()), [](const auto& info) {
  const Settings& s = info.param;
  return s.model + "_" + s.comparison + (s.scores ? "_scores" : "_classes");
});

}  // namespace
}  // namespace grove::reference
