// Updates of a network by every rule, element by element against double precision; and what stands
// around the rule: clipping, accumulation, L2 and freezing of word vectors, models read back.
#include "tests/engine/training/update_rules.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <map>
#include <memory>
#include <numeric>

#include "engine/files/model_file.h"
#include "engine/training/network.h"
#include "engine/update_rule.h"
#include "simd/aligned.h"
#include "tests/engine/training/engine_oracle.h"
#include "tests/reference/reference_update.h"

namespace grove {
namespace {

constexpr int kVocabulary = 9, kClasses = 4, kDim = 7;

class UpdateRulesTest : public testing::TestWithParam<RuleCase> {
 protected:
  static RunSpec Spec() {
    RunSpec spec = SpecOf(GetParam());
    spec.dim = kDim;
    spec.l2 = 0.01;
    spec.init_word_range = 0.5;
    return Resolve(spec);
  }

  std::unique_ptr<Network> MakeNetwork(const RunSpec& spec) const {
    auto network = std::make_unique<Network>(spec, kVocabulary, kClasses);
    MinibatchLimits limits;
    limits.Include(forest_, forest_.trees());
    network->Reserve(limits);
    Initialise(network->layout(), spec, network->parameters());
    return network;
  }

  void Train(Network& network, const std::vector<int32_t>& trees) const {
    network.Forward(forest_, trees);
    network.Backward();
    network.Update();
  }

  const Forest forest_ = RandomForest({5, 8, 2, 6, 3}, kVocabulary, kClasses, true, 9);
  const std::vector<std::vector<int32_t>> minibatches_ = {{0, 1}, {2}, {3, 0}, {1, 2}, {4, 3}};
};

// Gradients of the last minibatch by tensor, repeated words added up; `present` are its words.
reference::Tensors GradientsOf(const Network& network, std::vector<bool>& present) {
  reference::Tensors gradients = TensorsOf(network.layout(), network.gradients());
  std::vector<double>& words = gradients["embeddings"];
  words.resize(size_t{kVocabulary} * kDim);
  present.assign(kVocabulary, false);
  const std::vector<int32_t>& word = network.schedule().word;
  for (size_t row = 0; row < word.size(); ++row) {
    const size_t id = static_cast<size_t>(word[row]);
    const float* dh = network.states().dh.From(static_cast<int32_t>(row)).data;
    present[id] = true;
    for (size_t j = 0; j < kDim; ++j) words[id * kDim + j] += dh[j];
  }
  return gradients;
}

void ExpectTransposed(const Network& network) {
  const Parameters& parameters = network.parameters();
  for (const BlockInfo& block : network.layout().blocks()) {
    if (block.transposed_offset == BlockInfo::kNoTranspose) continue;
    const size_t stride = simd::PadRow(static_cast<size_t>(block.in));
    for (size_t k = 0; k < static_cast<size_t>(block.in); ++k) {
      for (size_t m = 0; m < static_cast<size_t>(block.out); ++m) {
        ASSERT_EQ(parameters.transposed[block.transposed_offset + m * stride + k],
                  parameters.weights[block.offset + k * block.stride + m]);
      }
    }
  }
}

TEST_P(UpdateRulesTest, FollowTheirFormulas) {
  for (const double l2_of_words : {-1.0, 0.2}) {
    RunSpec spec = Spec();
    spec.l2_of_words = l2_of_words;
    const auto network = MakeNetwork(spec);
    const simd::UpdateRule rule = MakeUpdateRule(spec, spec.l2, 0.5);
    const reference::UpdateSettings settings = {spec.momentum > 0 ? "momentum" : spec.rule,
                                                spec.learning_rate / 2,
                                                spec.l2,
                                                rule.epsilon,
                                                rule.beta1,
                                                rule.beta2,
                                                spec.first_step == "sgd"};
    std::map<std::string, std::vector<reference::Element>> elements;
    for (const auto& [name, values] : TensorsOf(*network)) {
      for (const double value : values) elements[name].push_back({.w = value});
    }
    for (const std::vector<int32_t>& trees : minibatches_) {
      network->Forward(forest_, trees);
      network->Backward();
      std::vector<bool> present;
      const reference::Tensors gradients = GradientsOf(*network, present);
      network->Update(0.5);
      const reference::Tensors values = TensorsOf(*network);
      for (auto& [name, tensor] : elements) {
        const bool words = name == "embeddings";
        reference::UpdateSettings own = settings;
        if (words && l2_of_words >= 0) own.l2 = l2_of_words;
        for (size_t i = 0; i < tensor.size(); ++i) {
          if (words && !present[i / kDim]) continue;
          reference::Update(own, gradients.at(name)[i], tensor[i]);
          // Steps divided by a root of small squares carry the rounding of the gradient.
          EXPECT_NEAR(values.at(name)[i], tensor[i].w, 1e-6 + 1e-3 * spec.learning_rate)
              << name << " " << i;
        }
      }
      ExpectTransposed(*network);
    }
  }
}

TEST_P(UpdateRulesTest, ClippedStepsAreThoseOfTheShorterGradient) {
  RunSpec spec = Spec();
  spec.l2 = 0;
  const auto free = MakeNetwork(spec);
  spec.clip = 1e-3;
  const auto clipped = MakeNetwork(spec);
  for (Network* network : {free.get(), clipped.get()}) Train(*network, {0, 1});
  double squares = 0, clipped_squares = 0;
  const auto add = [](const Network& network, double& sum) {
    std::vector<bool> present;
    for (const auto& [name, values] : GradientsOf(network, present)) {
      if (name == "embeddings") continue;  // merged by now: below
      for (const double value : values) sum += value * value;
    }
    for (const int32_t row : network.schedule().first_occurrences) {
      const float* dh = network.states().dh.From(row).data;
      for (size_t j = 0; j < kDim; ++j) sum += static_cast<double>(dh[j]) * dh[j];
    }
  };
  add(*free, squares);
  add(*clipped, clipped_squares);
  EXPECT_GT(std::sqrt(squares), 1e-2) << "nothing to clip";
  EXPECT_NEAR(std::sqrt(clipped_squares), 1e-3, 1e-8);
  spec.clip = 2 * std::sqrt(squares);
  const auto loose = MakeNetwork(spec);
  Train(*loose, {0, 1});
  EXPECT_EQ(WeightsHash(free->layout(), free->parameters()),
            WeightsHash(loose->layout(), loose->parameters()));
}

// Up to rounding: it is another order of the same sums.
TEST_P(UpdateRulesTest, AccumulatedMinibatchesAreOneLargeMinibatch) {
  RunSpec spec = Spec();
  const auto whole = MakeNetwork(spec);
  spec.accumulate = 3;
  const auto parts = MakeNetwork(spec);
  const std::vector<std::vector<int32_t>> updates[] = {{{0, 1}, {2, 3}, {4}}, {{3, 4}, {0}}, {{1}}};
  for (const auto& update : updates) {
    std::vector<int32_t> all;
    for (const auto& trees : update) all.insert(all.end(), trees.begin(), trees.end());
    for (size_t i = 0; i < update.size(); ++i) {
      if (i > 0) parts->Accumulate();
      parts->Forward(forest_, update[i]);
      parts->Backward(all.size());
    }
    parts->Update();
    Train(*whole, all);
    const reference::Tensors expected = TensorsOf(*whole);
    for (const auto& [name, values] : TensorsOf(*parts)) {
      for (size_t i = 0; i < values.size(); ++i) {
        EXPECT_NEAR(values[i], expected.at(name)[i], 1e-6 + 1e-3 * spec.learning_rate) << name;
      }
    }
    EXPECT_EQ(parts->parameters().updates, whole->parameters().updates);
    EXPECT_EQ(parts->parameters().word_updates, whole->parameters().word_updates);
  }
}

TEST_P(UpdateRulesTest, FrozenWordsDoNotMove) {
  RunSpec spec = Spec();
  spec.freeze_words = true;
  const auto network = MakeNetwork(spec);
  const reference::Tensors before = TensorsOf(*network);
  for (const auto& trees : minibatches_) Train(*network, trees);
  const reference::Tensors after = TensorsOf(*network);
  EXPECT_EQ(before.at("embeddings"), after.at("embeddings"));
  EXPECT_NE(before.at("softmax.W"), after.at("softmax.W"));
  for (const uint32_t updates : network->parameters().word_updates) EXPECT_EQ(updates, 0u);
}

// What is trained, saved, read and trained further has the bits of what was trained in one go; a
// model of another rule begins its updates anew.
TEST_P(UpdateRulesTest, ModelsThatAreReadBackGoOnWithTheSameBits) {
  const std::string path =
      testing::TempDir() + "grove_rule_" + GetParam().name + std::to_string(getpid());
  const RunSpec spec = Spec();
  const auto first = MakeNetwork(spec);
  for (size_t i = 0; i < 2; ++i) Train(*first, minibatches_[i]);
  ModelInfo info;
  info.spec = spec;
  info.classes = kClasses;
  info.vocabulary_size = kVocabulary;
  SaveModel(path, info, first->layout(), first->parameters(), true);
  const TensorFile file = ReadTensorFile(path);
  const auto second = MakeNetwork(spec);
  LoadWeights(file, second->layout(), second->parameters());
  for (Network* network : {first.get(), second.get()}) {
    for (size_t i = 2; i < 5; ++i) Train(*network, minibatches_[i]);
  }
  EXPECT_EQ(WeightsHash(first->layout(), first->parameters()),
            WeightsHash(second->layout(), second->parameters()));

  RunSpec other = spec;
  other.rule = spec.rule == "adam" ? "adagrad" : "adam";
  const auto third = MakeNetwork(other);
  LoadWeights(file, third->layout(), third->parameters());
  EXPECT_EQ(third->parameters().updates, 0u);
  for (const ParameterSet& slot : third->parameters().slots) {
    for (const float value : slot.weights) EXPECT_EQ(value, 0);
  }
  std::filesystem::remove(path);
}

INSTANTIATE_TEST_SUITE_P(Rules, UpdateRulesTest, EveryRule(), RuleName);

}  // namespace
}  // namespace grove
