// The oracle itself, before anything is tested against it: closed forms, mirror symmetry, and its
// backward pass against central finite differences of its forward pass.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <random>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "tests/reference/reference_model.h"

namespace grove::reference {
namespace {

constexpr int kVocabulary = 9;
constexpr double kL2 = 0.01;
constexpr double kStep = 1e-4;  // of finite differences: their error is O(kStep^4)
constexpr double kRelativeError = 1e-7;
// What is left of a zero gradient (dead relu units): rounding of a loss below 10, by the step.
constexpr double kNoise = 10 * 2.2e-16 * 1.5 / kStep;

// Uniform in [-range, range).
double Draw(std::mt19937& bits, double range) { return (bits() * 0x1p-31 - 1) * range; }

Tensors RandomTensors(const Settings& settings, uint32_t seed) {
  std::mt19937 bits(seed);
  Tensors tensors = ZeroTensors(settings, kVocabulary);
  for (auto& [name, values] : tensors) {
    for (double& value : values) value = Draw(bits, name == "embeddings" ? 1.5 : 0.8);
  }
  return tensors;
}

// Every shape a cell can meet: a single leaf; leaf and inner children on either side; both inner;
// and labels on roots, inner nodes and leaves. Word 8 never occurs; words 0 and 3 occur more than
// once.
Forest Shapes() {
  Forest f;
  f.AddLeaf(0, 2);
  f.FinishTree();
  const int32_t a = f.AddLeaf(1), b = f.AddLeaf(2);
  f.AddInner(a, b, 1);
  f.FinishTree();
  int32_t chain = f.AddLeaf(3);
  for (int word = 4; word < 8; ++word) {  // left chain, two labels inside
    const int32_t leaf = f.AddLeaf(word, word == 6 ? 1 : kNone);
    chain = f.AddInner(chain, leaf, word == 5 ? 0 : kNone);
  }
  f.label[chain] = 2;
  f.FinishTree();
  const int32_t l0 = f.AddLeaf(3), l1 = f.AddLeaf(0), l2 = f.AddLeaf(6);  // right chain
  f.AddInner(l0, f.AddInner(l1, l2), 0);
  f.FinishTree();
  const int32_t m0 = f.AddLeaf(7), m1 = f.AddLeaf(3), m = f.AddInner(m0, m1, 2);  // balanced
  const int32_t n0 = f.AddLeaf(5), n1 = f.AddLeaf(2), n = f.AddInner(n0, n1, 2);
  f.AddInner(m, n, 1);
  f.FinishTree();
  return f;
}

std::vector<size_t> AllTrees(const Forest& forest) {
  std::vector<size_t> trees(forest.trees());
  for (size_t t = 0; t < trees.size(); ++t) trees[t] = t;
  return trees;
}

// J of all trees of Shapes() by forward passes only: every tensor counts in the L2 term, of the
// embeddings all rows but that of word 8.
double Objective(const Settings& settings, const Tensors& tensors, const Forest& forest) {
  double loss = 0, squares = 0;
  for (size_t t = 0; t < forest.trees(); ++t) loss += Forward(settings, tensors, forest, t).loss;
  for (const auto& [name, values] : tensors) {
    const size_t absent = name == "embeddings" ? settings.dim : 0;
    squares += SumOfSquares(values.data(), values.size() - absent);
  }
  return loss / static_cast<double>(forest.trees()) + kL2 / 2 * squares;
}

// df/dx at 0 by the five-point central difference.
template <typename F>
double Derivative(const F& f) {
  return (f(-2 * kStep) - 8 * f(-kStep) + 8 * f(kStep) - f(2 * kStep)) / (12 * kStep);
}

double Distance(const Vector& a, const Vector& b) {
  Vector difference = a;
  for (size_t k = 0; k < a.size(); ++k) difference[k] -= b[k];
  return Norm(difference.data(), difference.size());
}

// |actual - expected| / |expected|, Euclidean.
double RelativeError(const Vector& actual, const Vector& expected) {
  return Distance(actual, expected) / Norm(expected.data(), expected.size());
}

// The smallest |argument of g|: finite differences of relu and softsign need it away from 0.
double DistanceFromKink(const Settings& settings, const Tensors& tensors, const Forest& forest) {
  double distance = 1;
  for (size_t tree = 0; tree < forest.trees(); ++tree) {
    for (const Node& node : Forward(settings, tensors, forest, tree).nodes) {
      for (double value : node.before_g) distance = std::min(distance, std::abs(value));
      if (node.before_g.empty()) continue;
      // A relu cell is exactly 0 where its input and its children's cells are: no kink is crossed.
      for (double value : node.c) {
        if (value != 0) distance = std::min(distance, std::abs(value));
      }
    }
  }
  return distance;
}

class GradientTest : public testing::TestWithParam<std::tuple<std::string, bool, std::string>> {
 protected:
  void SetUp() override {
    const auto& [model, own_leaf, activation] = GetParam();
    settings_ = {model, 4, 3, own_leaf, activation};
    uint32_t seed = 1;
    do {
      tensors_ = RandomTensors(settings_, seed++);
    } while (activation != "tanh" && DistanceFromKink(settings_, tensors_, forest_) < 20 * kStep);
  }

  Settings settings_;
  Tensors tensors_;
  const Forest forest_ = Shapes();
};

TEST_P(GradientTest, EveryTensorOfTheObjective) {
  const BatchPass batch = Minibatch(settings_, tensors_, forest_, AllTrees(forest_), kL2);
  EXPECT_DOUBLE_EQ(batch.objective, Objective(settings_, tensors_, forest_));
  for (auto& [name, values] : tensors_) {
    Vector expected(values.size());
    for (size_t k = 0; k < values.size(); ++k) {
      const double start = values[k];
      expected[k] = Derivative([&, &tensor = values](double shift) {
        tensor[k] = start + shift;
        return Objective(settings_, tensors_, forest_);
      });
      values[k] = start;
    }
    EXPECT_LE(RelativeError(batch.gradients.at(name), expected), kRelativeError) << name;
  }
}

TEST_P(GradientTest, RepresentationOfEveryNode) {
  for (size_t tree = 0; tree < forest_.trees(); ++tree) {
    const TreePass pass = Forward(settings_, tensors_, forest_, tree);
    Tensors gradients = ZeroTensors(settings_, kVocabulary);
    const std::vector<Vector> dh = Backward(settings_, tensors_, forest_, tree, pass, gradients);
    ASSERT_EQ(dh.size(), pass.nodes.size());
    for (size_t node = 0; node < dh.size(); ++node) {
      Vector expected(dh[node].size());
      for (size_t k = 0; k < expected.size(); ++k) {
        expected[k] = Derivative([&](double shift) {
          return Forward(settings_, tensors_, forest_, tree, {node, k, shift}).loss;
        });
      }
      const double norm = Norm(expected.data(), expected.size());
      EXPECT_LE(Distance(dh[node], expected), kRelativeError * norm + kNoise)
          << "tree " << tree << " node " << node;
    }
  }
}

// A loss that weighs the two sides alike would hide a mixed-up side: exchanging the two children of
// the root must change the loss and the gradients of both sides' matrices.
TEST_P(GradientTest, SidesAreNotAlike) {
  Forest swapped = forest_;
  const int32_t root = swapped.root(4);
  std::swap(swapped.child[swapped.child_begin[root]], swapped.child[swapped.child_begin[root] + 1]);
  const BatchPass one = Minibatch(settings_, tensors_, forest_, {4}, 0);
  const BatchPass other = Minibatch(settings_, tensors_, swapped, {4}, 0);
  EXPECT_GT(std::abs(one.loss - other.loss), 1e-3);
  const bool rnn = settings_.model == "rnn";
  for (const std::string name : {rnn ? "W1" : "W_c1", rnn ? "W2" : "W_o2"}) {
    EXPECT_GT(RelativeError(one.gradients.at(name), other.gradients.at(name)), 1e-2) << name;
  }
}

// Exchanging all children and the matrices of the two sides changes nothing. The gate matrices
// stay: "1" is for a gate's own child on either side.
TEST_P(GradientTest, MirrorImage) {
  Forest mirrored = forest_;
  for (size_t i = 0; i < mirrored.child.size(); i += 2) {
    std::swap(mirrored.child[i], mirrored.child[i + 1]);
  }
  Tensors exchanged = tensors_;
  for (const std::string prefix : {"", "leaf."}) {
    for (const std::string matrix : {"W", "W_c", "W_o"}) {
      if (exchanged.count(prefix + matrix + "1") == 0) continue;
      exchanged.at(prefix + matrix + "1").swap(exchanged.at(prefix + matrix + "2"));
    }
  }
  const std::vector<size_t> trees = AllTrees(forest_);
  const BatchPass original = Minibatch(settings_, tensors_, forest_, trees, kL2);
  const BatchPass image = Minibatch(settings_, exchanged, mirrored, trees, kL2);
  EXPECT_NEAR(image.objective, original.objective, 1e-13);
  EXPECT_LE(RelativeError(image.gradients.at("embeddings"), original.gradients.at("embeddings")),
            1e-13);
}

INSTANTIATE_TEST_SUITE_P(All, GradientTest,
                         testing::Combine(testing::Values("rnn", "rlstm"), testing::Bool(),
                                          testing::Values("tanh", "relu", "softsign")),
                         [](const auto& info) {
                           return std::get<0>(info.param) +
                                  (std::get<1>(info.param) ? "_own_" : "_shared_") +
                                  std::get<2>(info.param);
                         });

// The equations of spec section 2.2 written out for n = 1, on the tree ((0 1) 2).
TEST(ReferenceTest, RlstmOfWidthOne) {
  const Settings settings{"rlstm", 1, 2, true, "tanh"};
  const Tensors w = RandomTensors(settings, 7);
  Forest forest;
  const int32_t first = forest.AddLeaf(0), second = forest.AddLeaf(1);
  const int32_t inner = forest.AddInner(first, second), third = forest.AddLeaf(2);
  forest.AddInner(inner, third, 1);
  forest.FinishTree();

  const auto at = [&](const std::string& name) { return w.at(name)[0]; };
  const double a = w.at("embeddings")[0], b = w.at("embeddings")[1], y = w.at("embeddings")[2];
  const double i1 = Sigmoid(at("leaf.W_i1") * a + at("leaf.W_i2") * b + at("b_i"));
  const double i2 = Sigmoid(at("leaf.W_i1") * b + at("leaf.W_i2") * a + at("b_i"));
  const double cx = std::tanh(at("leaf.W_c1") * a * i1 + at("leaf.W_c2") * b * i2 + at("b_c"));
  const double x =
      Sigmoid(at("leaf.W_o1") * a + at("leaf.W_o2") * b + at("W_co") * cx + at("b_o")) *
      std::tanh(cx);
  const double j1 = Sigmoid(at("W_i1") * x + at("leaf.W_i2") * y + at("W_ci1") * cx + at("b_i"));
  const double j2 = Sigmoid(at("leaf.W_i1") * y + at("W_i2") * x + at("W_ci2") * cx + at("b_i"));
  const double f1 = Sigmoid(at("W_f1") * x + at("leaf.W_f2") * y + at("W_cf1") * cx + at("b_f"));
  const double cp = f1 * cx + std::tanh(at("W_c1") * x * j1 + at("leaf.W_c2") * y * j2 + at("b_c"));
  const double o = Sigmoid(at("W_o1") * x + at("leaf.W_o2") * y + at("W_co") * cp + at("b_o"));
  const double p = o * std::tanh(cp);
  const double z0 = w.at("softmax.W")[0] * p + w.at("softmax.b")[0];
  const double z1 = w.at("softmax.W")[1] * p + w.at("softmax.b")[1];

  const TreePass pass = Forward(settings, w, forest, 0);
  EXPECT_NEAR(pass.nodes[2].c[0], cx, 1e-15);
  EXPECT_NEAR(pass.nodes[4].h[0], p, 1e-15);
  EXPECT_NEAR(pass.loss, std::log(1 + std::exp(z0 - z1)), 1e-14);
  EXPECT_TRUE(pass.probabilities[2].empty());
  EXPECT_NEAR(pass.probabilities[4][0] + pass.probabilities[4][1], 1, 1e-15);
}

// p = g(W1 x + W2 y + b) with numbers that a reader can add up.
TEST(ReferenceTest, RnnOfWidthTwo) {
  const Settings settings{"rnn", 2, 2, false, "relu"};
  Tensors w = ZeroTensors(settings, 2);
  w.at("W1") = {1, 2, 3, 4};
  w.at("W2") = {0, 1, -1, 0};
  w.at("b") = {0.5, -9};
  w.at("embeddings") = {1, 1, 2, 3};
  Forest forest;
  const int32_t x = forest.AddLeaf(0), y = forest.AddLeaf(1);
  forest.AddInner(x, y, 0);
  forest.FinishTree();
  const TreePass pass = Forward(settings, w, forest, 0);
  EXPECT_EQ(pass.nodes[2].h, (Vector{1 + 2 + 3 + 0.5, 0}));  // 3 + 4 - 2 - 9 < 0
  EXPECT_DOUBLE_EQ(pass.loss, std::log(2.0));
}

// The L2 term touches a word vector once if the word occurs, however often, and else not at all.
TEST(ReferenceTest, L2CountsWordsOfTheMinibatchOnce) {
  const Settings settings{"rnn", 4, 3, true, "tanh"};
  const Tensors w = RandomTensors(settings, 3);
  const Forest forest = Shapes();
  const std::vector<size_t> trees = AllTrees(forest);
  const BatchPass with = Minibatch(settings, w, forest, trees, kL2);
  const BatchPass without = Minibatch(settings, w, forest, trees, 0);
  for (const auto& [name, values] : w) {
    for (size_t k = 0; k < values.size(); ++k) {
      const bool absent = name == "embeddings" && k >= size_t{8} * 4;
      EXPECT_NEAR(with.gradients.at(name)[k] - without.gradients.at(name)[k],
                  absent ? 0 : kL2 * values[k], 1e-15);
    }
  }
  EXPECT_EQ(with.loss, without.loss);
}

// No pass is recursive: the depth of a tree is bounded by memory only.
TEST(ReferenceTest, ChainOfAHundredThousandNodes) {
  const Settings settings{"rlstm", 1, 2, true, "tanh"};
  const Tensors w = RandomTensors(settings, 5);
  Forest forest;
  int32_t chain = forest.AddLeaf(0);
  while (forest.nodes() < 100001) chain = forest.AddInner(chain, forest.AddLeaf(1));
  forest.label[chain] = 0;
  forest.FinishTree();
  const BatchPass batch = Minibatch(settings, w, forest, {0}, 0);
  EXPECT_TRUE(std::isfinite(batch.loss));
  EXPECT_EQ(batch.dh[0].size(), 100001u);
  EXPECT_GT(std::abs(batch.dh[0].back()[0]), 0);
}

}  // namespace
}  // namespace grove::reference
