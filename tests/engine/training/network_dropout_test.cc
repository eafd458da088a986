// Dropout in a network: the gradient is that of the loss with the same masks, and passes that are
// no training know nothing of it.
#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <numeric>

#include "engine/training/evaluate.h"
#include "engine/training/network.h"
#include "tests/engine/training/engine_oracle.h"

namespace grove {
namespace {

constexpr int kVocabulary = 12, kClasses = 4;
constexpr size_t kDim = 6;

class NetworkDropoutTest : public testing::TestWithParam<const char*> {
 protected:
  static RunSpec Spec(double words, double head) {
    RunSpec spec;
    spec.model = GetParam();
    spec.dim = kDim;
    spec.dropout_words = words;
    spec.dropout_head = head;
    spec.init_word_range = 1;
    spec.init_fan_cell = spec.init_fan_gate = spec.init_fan_softmax = 1;
    return Resolve(spec);
  }
  std::unique_ptr<Network> MakeNetwork(const RunSpec& spec) const {
    auto network = std::make_unique<Network>(spec, kVocabulary, kClasses);
    MinibatchLimits limits;
    limits.Include(forest_, forest_.trees());
    IncludeEvaluation(forest_, limits);
    network->Reserve(limits);
    Initialise(network->layout(), spec, network->parameters());
    return network;
  }

  const Forest forest_ = RandomForest({5, 8, 1, 6}, kVocabulary, kClasses, true, 3);
  const std::vector<int32_t> trees_ = {0, 1, 2, 3};
};

TEST_P(NetworkDropoutTest, GradientIsThatOfTheMaskedLoss) {
  const auto network = MakeNetwork(Spec(0.3, 0.4));
  Parameters& p = network->parameters();
  const auto loss = [&] {
    return network->ForwardToTrain(forest_, trees_, 5).loss / double(trees_.size());
  };
  loss();
  network->Backward();
  // One direction through all weights and words that occur.
  RandomStream random(1, Purpose::kWeights, 99);
  simd::AlignedArray<float> weights = network->gradients();
  simd::AlignedArray<float> words(p.words.size());
  double slope = 0;
  for (const TensorInfo& tensor : network->layout().tensors()) {
    std::vector<float> step = GetTensor(network->layout(), tensor, weights);
    const std::vector<float> gradient = step;
    for (float& value : step) value = random.NextUniform(-1, 1);
    for (size_t i = 0; i < step.size(); ++i) slope += double(step[i]) * gradient[i];
    SetTensor(network->layout(), tensor, step, weights);
  }
  for (float& value : words) value = random.NextUniform(-1, 1);
  const std::vector<int32_t>& word = network->schedule().word;
  for (size_t row = 0; row < word.size(); ++row) {
    const float* dh = network->states().dh.From(static_cast<int32_t>(row)).data;
    for (size_t j = 0; j < kDim; ++j) {
      slope += double(dh[j]) * words[static_cast<size_t>(word[row]) * p.word_stride + j];
    }
  }
  const simd::AlignedArray<float> weights_before = p.weights, words_before = p.words;
  const auto loss_at = [&](float distance) {
    for (size_t i = 0; i < p.weights.size(); ++i) {
      p.weights[i] = weights_before[i] + distance * weights[i];
    }
    for (size_t i = 0; i < p.words.size(); ++i) {
      p.words[i] = words_before[i] + distance * words[i];
    }
    Transpose(network->layout(), p);
    return loss();
  };
  constexpr float kDistance = 1e-3f;
  const double measured = (loss_at(kDistance) - loss_at(-kDistance)) / (2 * double(kDistance));
  EXPECT_NEAR(measured, slope, 2e-3 * std::max(1.0, std::abs(slope)));
}

TEST_P(NetworkDropoutTest, MasksDifferByMinibatch) {
  for (const bool words : {false, true}) {
    const auto network = MakeNetwork(words ? Spec(0.5, 0) : Spec(0, 0.5));
    const double first = network->ForwardToTrain(forest_, trees_, 0).loss;
    EXPECT_EQ(network->ForwardToTrain(forest_, trees_, 0).loss, first);
    EXPECT_NE(network->ForwardToTrain(forest_, trees_, 1).loss, first);
  }
}

TEST_P(NetworkDropoutTest, OtherPassesDropNothing) {
  const auto dropping = MakeNetwork(Spec(0.5, 0.5)), plain = MakeNetwork(Spec(0, 0));
  EXPECT_NE(dropping->ForwardToTrain(forest_, trees_, 0).loss,
            plain->ForwardToTrain(forest_, trees_, 0).loss);
  EXPECT_EQ(Evaluate(*dropping, forest_).loss, Evaluate(*plain, forest_).loss);
  for (Network* network : {dropping.get(), plain.get()}) {
    network->Forward(forest_, trees_);
    network->Backward();
  }
  EXPECT_TRUE(std::equal(dropping->gradients().begin(), dropping->gradients().end(),
                         plain->gradients().begin()));
  for (int32_t row = 0; row < plain->schedule().rows; ++row) {
    EXPECT_EQ(dropping->GradientNorm(row), plain->GradientNorm(row));
  }
}

INSTANTIATE_TEST_SUITE_P(Models, NetworkDropoutTest, testing::Values("rnn", "rlstm"));

}  // namespace
}  // namespace grove
