// The level-batched float network against the double-precision, node-by-node oracle: losses,
// gradients of every tensor and of every node, in every setting; and against itself, one tree at a
// time.
#include "engine/training/network.h"

#include <gtest/gtest.h>

#include <numeric>
#include <span>
#include <tuple>

#include "tests/engine/training/engine_oracle.h"

namespace grove {
namespace {

constexpr int kVocabulary = 30;
constexpr int kClasses = 4;
constexpr double kTolerance = 1e-4;

using Case = std::tuple<const char*, const char*, const char*, int, bool, const char*>;

class NetworkTest : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    spec_.model = std::get<0>(GetParam());
    spec_.leaf_weights = std::get<1>(GetParam());
    spec_.activation = std::get<2>(GetParam());
    spec_.dim = std::get<3>(GetParam());
    spec_.gemm = std::get<5>(GetParam());
    // Large enough that every nonlinearity is exercised.
    spec_.init_word_range = 1;
    spec_.init_fan_cell = spec_.init_fan_gate = spec_.init_fan_softmax = 1;
    spec_ = Resolve(spec_);
    forest_ = RandomForest({7, 1, 12, 3, 2, 9}, kVocabulary, kClasses, std::get<4>(GetParam()), 5);
    trees_.resize(forest_.trees());
    std::iota(trees_.begin(), trees_.end(), 0);
  }

  std::unique_ptr<Network> MakeNetwork() const {
    MinibatchLimits limits;
    limits.Include(forest_, forest_.trees());
    return MakeTestNetwork(spec_, kVocabulary, kClasses, limits);
  }

  RunSpec spec_;
  Forest forest_;
  std::vector<int32_t> trees_;
};

TEST_P(NetworkTest, AgreesWithTheOracle) {
  const auto network = MakeNetwork();
  const reference::Tensors weights = TensorsOf(*network);
  const double loss = network->Forward(forest_, trees_).loss / static_cast<double>(trees_.size());
  network->Backward();
  const reference::BatchPass expected = reference::Minibatch(
      SettingsOf(spec_, kClasses), weights, reference::TreesOf(forest_, trees_), 0);

  EXPECT_NEAR(loss, expected.loss, kTolerance * expected.loss);
  for (const auto& [name, gradient] : TensorsOf(network->layout(), network->gradients())) {
    ASSERT_TRUE(expected.gradients.contains(name)) << name;
    EXPECT_LE(RelativeError(gradient, expected.gradients.at(name)), kTolerance) << name;
  }
}

TEST_P(NetworkTest, GradientsOfTheNodesAgreeWithTheOracle) {
  const auto network = MakeNetwork();
  const reference::Tensors weights = TensorsOf(*network);
  for (const int32_t tree : trees_) {
    network->Forward(forest_, {&tree, 1});
    network->Backward();
    const reference::BatchPass expected = reference::Minibatch(
        SettingsOf(spec_, kClasses), weights, reference::TreesOf(forest_, {&tree, 1}), 0);
    double total = 0;
    for (int32_t row = 0; row < network->schedule().rows; ++row) {
      total += std::pow(network->GradientNorm(row), 2);
    }
    double expected_total = 0;
    for (const auto& dh : expected.dh[0]) {
      for (const double value : dh) expected_total += value * value;
    }
    EXPECT_NEAR(std::sqrt(total), std::sqrt(expected_total),
                kTolerance * std::sqrt(expected_total) + 1e-7);
    double root_norm = 0;
    for (const double value : expected.dh[0].back()) root_norm += value * value;
    EXPECT_NEAR(network->GradientNorm(network->schedule().root_row[0]), std::sqrt(root_norm),
                kTolerance * std::sqrt(root_norm) + 1e-7);
  }
}

// Batched = one by one: the losses of the trees do not depend on their company.
TEST_P(NetworkTest, LossesDoNotDependOnTheBatch) {
  if (spec_.gemm != "simd") {
    spec_.gemm = "simd";  // the contract is the default backend's
  }
  const auto network = MakeNetwork();
  std::vector<float> alone;
  for (const int32_t tree : trees_) {
    network->Forward(forest_, {&tree, 1});
    const float* h = network->states().h.From(network->schedule().root_row[0]).data;
    alone.insert(alone.end(), h, h + spec_.dim);
  }
  network->Forward(forest_, trees_);
  std::vector<float> together;
  for (const int32_t root : network->schedule().root_row) {
    const float* h = network->states().h.From(root).data;
    together.insert(together.end(), h, h + spec_.dim);
  }
  EXPECT_EQ(alone, together);  // bit for bit
}

// What is kept for the backward pass is no part of the result: same losses, same h, bit for bit.
TEST_P(NetworkTest, KeepingNothingChangesNothing) {
  const auto network = MakeNetwork();
  const auto h_and_losses = [&](Keep keep) {
    network->Forward(forest_, 0, forest_.trees(), keep);
    std::vector<float> values;
    for (int32_t row = 0; row < network->schedule().rows; ++row) {
      const float* h = network->states().h.From(row).data;
      values.insert(values.end(), h, h + spec_.dim);
    }
    const std::span<const float> losses = network->head().losses();
    values.insert(values.end(), losses.begin(), losses.end());
    return values;
  };
  const std::vector<float> kept = h_and_losses(Keep::kForBackward);
  EXPECT_EQ(h_and_losses(Keep::kNothing), kept);
  EXPECT_EQ(h_and_losses(Keep::kForBackward), kept);
}

// Exchanging the children everywhere and the matrices of the sides changes nothing.
TEST_P(NetworkTest, MirrorsLeftAndRight) {
  const auto network = MakeNetwork();
  const double loss = network->Forward(forest_, trees_).loss;
  Forest mirrored;
  for (size_t t = 0; t < forest_.trees(); ++t) {
    // Post-order of the mirrored tree: walk the reversed pre-order.
    struct Step {
      int32_t node;
      bool children_done;
    };
    std::vector<Step> stack = {{forest_.root(t), false}};
    std::vector<int32_t> done;
    while (!stack.empty()) {
      const Step step = stack.back();
      stack.pop_back();
      const size_t v = static_cast<size_t>(step.node);
      if (forest_.word[v] >= 0) {
        done.push_back(mirrored.AddLeaf(forest_.word[v], forest_.label[v]));
      } else if (!step.children_done) {
        stack.push_back({step.node, true});
        for (const int32_t child : forest_.Children(step.node)) stack.push_back({child, false});
      } else {
        const int32_t second = done.back();
        done.pop_back();
        const int32_t first = done.back();
        done.pop_back();
        done.push_back(mirrored.AddInner(first, second, forest_.label[v]));
      }
    }
    mirrored.FinishTree();
  }
  const auto twin = MakeNetwork();
  const auto swap = [&](const std::string& a, const std::string& b) {
    const TensorInfo *first = nullptr, *second = nullptr;
    for (const TensorInfo& tensor : twin->layout().tensors()) {
      if (tensor.name == a) first = &tensor;
      if (tensor.name == b) second = &tensor;
    }
    if (first == nullptr || second == nullptr) return;
    const auto values = GetTensor(twin->layout(), *first, twin->parameters().weights);
    SetTensor(twin->layout(), *first,
              GetTensor(twin->layout(), *second, twin->parameters().weights),
              twin->parameters().weights);
    SetTensor(twin->layout(), *second, values, twin->parameters().weights);
  };
  for (const std::string prefix : {"", "leaf."}) {
    swap(prefix + "W1", prefix + "W2");
    swap(prefix + "W_c1", prefix + "W_c2");
    swap(prefix + "W_o1", prefix + "W_o2");
  }
  EXPECT_NEAR(twin->Forward(mirrored, trees_).loss, loss, 1e-5 * loss);
}

INSTANTIATE_TEST_SUITE_P(
    Settings, NetworkTest,
    testing::Combine(testing::Values("rnn", "rlstm"), testing::Values("own", "shared"),
                     testing::Values("tanh", "softsign"), testing::Values(1, 3, 16, 50),
                     testing::Bool(), testing::Values("simd", "openblas")),
    [](const testing::TestParamInfo<Case>& info) {
      return std::string(std::get<0>(info.param)) + "_" + std::get<1>(info.param) + "_" +
             std::get<2>(info.param) + "_" + std::to_string(std::get<3>(info.param)) +
             (std::get<4>(info.param) ? "_inner_labels_" : "_roots_") + std::get<5>(info.param);
    });

// One update against the oracle's objective and rule: L2 in the gradient, words once each.
class UpdateTest : public testing::TestWithParam<std::tuple<const char*, const char*, bool>> {};

TEST_P(UpdateTest, FollowsTheRule) {
  RunSpec spec;
  spec.model = std::get<0>(GetParam());
  spec.first_step = std::get<1>(GetParam());
  spec.dim = 7;
  spec.l2 = 0.01;
  spec.l2_words = std::get<2>(GetParam());
  spec.init_word_range = 0.5;
  spec = Resolve(spec);
  const Forest forest = RandomForest({5, 8, 2}, 6, kClasses, false, 9);
  Network network(spec, 6, kClasses);
  MinibatchLimits limits;
  limits.Include(forest, 3);
  network.Reserve(limits);
  Initialise(network.layout(), spec, network.parameters());
  reference::Tensors weights = TensorsOf(network);
  std::map<std::string, std::vector<double>> sums;
  std::vector<bool> seen(6, false);
  for (int step = 0; step < 3; ++step) {
    const std::vector<int32_t> trees = {step, (step + 1) % 3};
    network.Forward(forest, trees);
    network.Backward();
    network.Update();
    const reference::BatchPass pass = reference::Minibatch(
        SettingsOf(spec, kClasses), weights, reference::TreesOf(forest, trees), spec.l2);
    std::vector<bool> present(6, false);
    for (const int32_t t : trees) {
      for (int32_t v = forest.tree_begin[static_cast<size_t>(t)];
           v <= forest.root(static_cast<size_t>(t)); ++v) {
        const int32_t word = forest.word[static_cast<size_t>(v)];
        if (word >= 0) present[static_cast<size_t>(word)] = true;
      }
    }
    for (auto& [name, values] : weights) {
      std::vector<double>& sum = sums[name];
      sum.resize(values.size());
      std::vector<double> gradient = pass.gradients.at(name);
      if (name == "embeddings" && !spec.l2_words) {
        for (size_t i = 0; i < values.size(); ++i) gradient[i] -= spec.l2 * values[i];
      }
      for (size_t i = 0; i < values.size(); ++i) {
        bool first = step == 0;
        if (name == "embeddings") {
          if (!present[i / 7]) continue;
          first = !seen[i / 7];
        }
        sum[i] += gradient[i] * gradient[i];
        const bool plain = first && spec.first_step == "sgd";
        values[i] -= spec.learning_rate * gradient[i] /
                     (plain ? 1.0 : std::sqrt(sum[i]) + spec.adagrad_epsilon);
      }
    }
    for (size_t w = 0; w < 6; ++w) seen[w] = seen[w] || present[w];
    for (const auto& [name, values] : TensorsOf(network)) {
      EXPECT_LE(RelativeError(values, weights.at(name)), kTolerance) << name << " step " << step;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Rules, UpdateTest,
                         testing::Combine(testing::Values("rnn", "rlstm"),
                                          testing::Values("sgd", "adagrad"), testing::Bool()));

}  // namespace
}  // namespace grove
