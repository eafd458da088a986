// The oracle itself, before anything is tested against it, for every cell and knob: its gradients
// against central finite differences of its forward pass, and mirror symmetry.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "tests/engine/cells/reference_cases.h"

namespace grove::reference {
namespace {

constexpr double kL2 = 0.01;
constexpr double kStep = 1e-4;  // of finite differences: their error is O(kStep^4)
constexpr double kRelativeError = 1e-7;
// What is left of a zero gradient (dead relu units): rounding of a loss below 10, by the step.
constexpr double kNoise = 10 * 2.2e-16 * 1.5 / kStep;

// J of the trees by forward passes only: every tensor counts in the L2 term, of the embeddings all
// rows but that of word 8.
double Objective(const Settings& settings, const Tensors& tensors, const std::vector<Tree>& trees) {
  double loss = 0, squares = 0;
  for (const Tree& tree : trees) loss += Forward(settings, tensors, tree).loss;
  for (const auto& [name, values] : tensors) {
    const size_t absent = name == "embeddings" ? static_cast<size_t>(settings.word_width()) : 0;
    squares += SumOfSquares(values.data(), values.size() - absent);
  }
  return loss / static_cast<double>(trees.size()) + kL2 / 2 * squares;
}

// df/dx at 0 by the five-point central difference.
template <typename F>
double Derivative(const F& f) {
  return (f(-2 * kStep) - 8 * f(-kStep) + 8 * f(kStep) - f(2 * kStep)) / (12 * kStep);
}

double NearestKink(const Settings& settings, const Tensors& tensors,
                   const std::vector<Tree>& trees) {
  double nearest = 1;
  for (const Tree& tree : trees) {
    nearest = std::min(nearest, Forward(settings, tensors, tree).tape->NearestKink());
  }
  return nearest;
}

// A name that no equation uses, or a dead relu layer, has a gradient of 0. But what a leaf adds to
// its own forget gate never matters: it has no memory to forget.
bool EveryTensorMatters(const Tensors& gradients) {
  for (const auto& [name, gradient] : gradients) {
    if (name == "leaf.W_f1" || name == "leaf.W_fl1" || name == "leaf.W_fr2") continue;
    if (Norm(gradient.data(), gradient.size()) == 0) return false;
  }
  return true;
}

class OracleTest : public testing::TestWithParam<Settings> {
 protected:
  void SetUp() override {
    bool found = false;
    for (uint32_t seed = 1; seed < 50 && !found; ++seed) {
      tensors_ = RandomTensors(settings_, seed);
      found = NearestKink(settings_, tensors_, trees_) > 20 * kStep &&
              EveryTensorMatters(Minibatch(settings_, tensors_, trees_, 0).gradients);
    }
    ASSERT_TRUE(found) << "no parameters by which every tensor matters";
  }

  const Settings settings_ = GetParam();
  const std::vector<Tree> trees_ = Shapes(CellOf(settings_));
  Tensors tensors_;
};

TEST_P(OracleTest, GradientsOfEveryTensor) {
  const BatchPass batch = Minibatch(settings_, tensors_, trees_, kL2);
  EXPECT_DOUBLE_EQ(batch.objective, Objective(settings_, tensors_, trees_));
  for (auto& [name, values] : tensors_) {
    Vector expected(values.size());
    for (size_t k = 0; k < values.size(); ++k) {
      const double start = values[k];
      expected[k] = Derivative([&, &tensor = values](double shift) {
        tensor[k] = start + shift;
        return Objective(settings_, tensors_, trees_);
      });
      values[k] = start;
    }
    EXPECT_LE(Distance(batch.gradients.at(name), expected),
              kRelativeError * Norm(expected.data(), expected.size()))
        << name;
  }
}

TEST_P(OracleTest, GradientsOfEveryNode) {
  for (size_t t = 0; t < trees_.size(); ++t) {
    const TreePass pass = Forward(settings_, tensors_, trees_[t]);
    Tensors gradients = ZeroTensors(settings_, kVocabulary);
    const std::vector<Vector> dh = Backward(pass, gradients);
    ASSERT_EQ(dh.size(), trees_[t].size());
    for (size_t node = 0; node < dh.size(); ++node) {
      Vector expected(dh[node].size());
      for (size_t k = 0; k < expected.size(); ++k) {
        expected[k] = Derivative([&](double shift) {
          return Forward(settings_, tensors_, trees_[t], {node, k, shift}).loss;
        });
      }
      EXPECT_LE(Distance(dh[node], expected),
                kRelativeError * Norm(expected.data(), expected.size()) + kNoise)
          << "tree " << t << " node " << node;
    }
  }
}

// Reversing all children and exchanging the matrices of the sides changes nothing. Where a cell has
// as many matrices as children, only full trees have a mirror image.
TEST_P(OracleTest, MirrorImage) {
  const bool sides = settings_.model != "child_sum";
  const auto places = static_cast<int>(CellOf(settings_).arity);
  const std::vector<Tree> trees = sides ? FullTrees(CellOf(settings_).arity) : trees_;
  std::vector<Tree> mirrored = trees;
  for (Tree& tree : mirrored) {
    for (TreeNode& node : tree) std::reverse(node.children.begin(), node.children.end());
  }
  Tensors exchanged;
  for (const auto& [name, values] : tensors_) {
    exchanged[sides ? Mirrored(settings_, name, places) : name] = values;
  }
  const BatchPass original = Minibatch(settings_, tensors_, trees, kL2);
  const BatchPass image = Minibatch(settings_, exchanged, mirrored, kL2);
  EXPECT_NEAR(image.objective, original.objective, 1e-12);
  for (const auto& [name, gradient] : original.gradients) {
    const std::string other = sides ? Mirrored(settings_, name, places) : name;
    EXPECT_LE(Distance(image.gradients.at(other), gradient), 1e-12) << name;
  }
}

// A loss that weighs the sides alike would hide a mixed-up one: reversing the children of the root
// must change the loss, unless the cell sums its children.
TEST_P(OracleTest, OrderOfChildrenMatters) {
  const size_t arity = std::min(CellOf(settings_).arity, size_t{5});
  for (const Tree& tree : {BinaryTrees()[4], FullTrees(arity)[0]}) {
    Tree reversed = tree;
    std::reverse(reversed.back().children.begin(), reversed.back().children.end());
    const double one = Forward(settings_, tensors_, tree).loss;
    const double other = Forward(settings_, tensors_, reversed).loss;
    if (settings_.model == "child_sum") {
      EXPECT_NEAR(one, other, 1e-12);
    } else {
      EXPECT_GT(std::abs(one - other), 1e-6);
    }
  }
}

// Each activation with leaf copies and without, where the cell has any; the other knobs go along.
std::vector<Settings> AllSettings() {
  std::vector<Settings> all;
  for (const std::string& model : CellNames()) {
    const Cell cell = CellOf({.model = model, .dim = 3, .classes = 3});
    const bool copies = std::ranges::any_of(
        cell.tensors, [](const TensorGroup& group) { return group.copies == Copies::kLeafCopy; });
    for (const bool own_leaf : {true, false}) {
      if (!own_leaf && !copies) continue;
      int number = own_leaf ? 0 : 1;
      for (const char* activation : {"tanh", "relu", "softsign"}) {
        const int widths[] = {0, 2, 5};
        all.push_back({.model = model,
                       .dim = 3,
                       .classes = 3,
                       .own_leaf = own_leaf,
                       .activation = activation,
                       .word_dim = widths[number % 3],
                       .cell_to_gate = number % 2 == 0});
        ++number;
      }
    }
  }
  return all;
}

INSTANTIATE_TEST_SUITE_P(All, OracleTest, testing::ValuesIn(AllSettings()), [](const auto& info) {
  const Settings& s = info.param;
  return s.model + (s.own_leaf ? "_own_" : "_shared_") + s.activation + "_words_" +
         std::to_string(s.word_dim) + (s.cell_to_gate ? "" : "_no_cell_to_gate");
});

}  // namespace
}  // namespace grove::reference
