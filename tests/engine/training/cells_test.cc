// Every cell of the registry on every shape of tree that it takes, with parameters that take all
// gates off their middle: the float network, level by level, against the double-precision oracle,
// node by node; against its mirror image; and against itself, one tree at a time.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <memory>
#include <numeric>
#include <ostream>
#include <string>
#include <vector>

#include "engine/cells/model.h"
#include "engine/training/network.h"
#include "tests/engine/cells/reference_cases.h"
#include "tests/engine/training/cell_cases.h"
#include "tests/engine/training/engine_oracle.h"

namespace grove {
namespace {

constexpr int kClasses = 3;
constexpr int kVocabulary = static_cast<int>(reference::kVocabulary);
constexpr double kTolerance = 1e-4;

// Matrices so small that sums of many terms leave gates off their ends too.
reference::Tensors Draw(const reference::Settings& settings, uint32_t seed) {
  reference::Tensors tensors = reference::RandomTensors(settings, seed);
  for (const reference::TensorShape& shape : reference::TensorShapes(settings, kVocabulary)) {
    if (shape.columns == 1 && shape.name != "softmax.W") continue;
    if (shape.name == "embeddings") continue;
    // Of the classifier too: P - 1 of a P near 1 is a rounding error.
    const double most = shape.name == "softmax.W" ? 0.5 : 1;
    for (double& value : tensors[shape.name]) {
      value *= std::min(most, std::sqrt(4.0 / shape.columns));
    }
  }
  return tensors;
}

// The slope of relu jumps at 0: an argument so near to it that its rounded sum may lie on the other
// side has another gradient in float.
bool KeepsOffKinks(const reference::Settings& settings, const reference::Tensors& tensors,
                   const std::vector<reference::Tree>& trees) {
  return std::all_of(trees.begin(), trees.end(), [&](const reference::Tree& tree) {
    return reference::Forward(settings, tensors, tree).tape->NearestKink() > kTolerance;
  });
}

// The first seed will do but for relu.
reference::Tensors Draw(const reference::Settings& settings,
                        const std::vector<reference::Tree>& trees) {
  for (uint32_t seed = 3; seed < 100; ++seed) {
    reference::Tensors tensors = Draw(settings, seed);
    if (settings.activation != "relu" || KeepsOffKinks(settings, tensors, trees)) return tensors;
  }
  ADD_FAILURE() << "no parameters that keep off the kink";
  return Draw(settings, 3);
}

void Set(const reference::Tensors& tensors, Network& network) {
  Parameters& parameters = network.parameters();
  for (const TensorInfo& info : network.layout().tensors()) {
    const std::vector<double>& values = tensors.at(info.name);
    SetTensor(network.layout(), info, {values.begin(), values.end()}, parameters.weights);
  }
  const auto width = static_cast<size_t>(parameters.dim);
  for (size_t v = 0; v < reference::kVocabulary; ++v) {
    std::copy_n(tensors.at("embeddings").data() + v * width, width,
                parameters.words.data() + v * parameters.word_stride);
  }
  Transpose(network.layout(), parameters);
}

struct CellCase {
  std::string model;
  int dim = 0;
  int word_dim = 0;
  std::string leaf_weights = "own";
  std::string activation = "tanh";
  bool cell_to_gate = true;
  bool residual = false, layer_norm = false;
};

// For readable names of failed cases.
void PrintTo(const CellCase& c, std::ostream* out) { *out << c.model << " " << c.dim; }

class CellTest : public testing::TestWithParam<CellCase> {
 protected:
  CellTest() {
    spec_.model = GetParam().model;
    spec_.dim = GetParam().dim;
    spec_.word_dim = GetParam().word_dim;
    spec_.leaf_weights = GetParam().leaf_weights;
    spec_.activation = GetParam().activation;
    spec_.cell_to_gate = GetParam().cell_to_gate;
    spec_.residual = GetParam().residual;
    spec_.layer_norm = GetParam().layer_norm;
    spec_ = Resolve(spec_);
    settings_ = SettingsOf(spec_, kClasses);
    trees_ = reference::Shapes(reference::CellOf(settings_));
    forest_ = ForestOf(trees_);
    order_.resize(trees_.size());
    std::iota(order_.begin(), order_.end(), 0);
  }

  std::unique_ptr<Network> MakeNetwork(const reference::Tensors& tensors) const {
    auto network = std::make_unique<Network>(spec_, kVocabulary, kClasses);
    MinibatchLimits limits;
    limits.Include(forest_, forest_.trees());
    network->Reserve(limits);
    Set(tensors, *network);
    return network;
  }

  // Positions of a tree's nodes in the order of their rows, if it is alone.
  std::vector<size_t> NodesByRow(int32_t tree) const {
    const auto begin = static_cast<size_t>(forest_.tree_begin[static_cast<size_t>(tree)]);
    std::vector<size_t> nodes(trees_[static_cast<size_t>(tree)].size());
    std::iota(nodes.begin(), nodes.end(), 0);
    std::stable_sort(nodes.begin(), nodes.end(), [&](size_t a, size_t b) {
      return forest_.slot[begin + a] < forest_.slot[begin + b];
    });
    return nodes;
  }

  RunSpec spec_;
  reference::Settings settings_;
  std::vector<reference::Tree> trees_;
  Forest forest_;
  std::vector<int32_t> order_;
};

std::vector<double> GradientsOfWords(const Network& network) {
  const auto width = static_cast<size_t>(network.parameters().dim);
  std::vector<double> gradients(reference::kVocabulary * width, 0);
  const std::vector<int32_t>& words = network.schedule().word;
  for (size_t row = 0; row < words.size(); ++row) {
    if (words[row] == kNone) continue;
    const float* dx = network.states().dx.Row(row);
    for (size_t j = 0; j < width; ++j) {
      gradients[static_cast<size_t>(words[row]) * width + j] += static_cast<double>(dx[j]);
    }
  }
  return gradients;
}

TEST_P(CellTest, LossAndGradientsOfEveryTensorAgreeWithTheOracle) {
  const reference::Tensors tensors = Draw(settings_, trees_);
  const auto network = MakeNetwork(tensors);
  const reference::BatchPass expected = reference::Minibatch(settings_, tensors, trees_, 0);
  for (int pass = 0; pass < 2; ++pass) {  // nothing may be left of the first
    const double loss = network->Forward(forest_, order_).loss;
    network->Backward();
    EXPECT_NEAR(loss / static_cast<double>(trees_.size()), expected.loss,
                kTolerance * expected.loss);
    reference::Tensors gradients = TensorsOf(network->layout(), network->gradients());
    gradients["embeddings"] = GradientsOfWords(*network);
    EXPECT_EQ(gradients.size(), expected.gradients.size());
    for (const auto& [name, gradient] : gradients) {
      ASSERT_TRUE(expected.gradients.contains(name)) << name;
      EXPECT_LE(RelativeError(gradient, expected.gradients.at(name)), kTolerance) << name;
    }
  }
}

TEST_P(CellTest, StatesAndGradientsOfEveryNodeAgreeWithTheOracle) {
  const reference::Tensors tensors = Draw(settings_, trees_);
  const auto network = MakeNetwork(tensors);
  for (const int32_t tree : order_) {
    network->Forward(forest_, {&tree, 1});
    network->Backward();
    const reference::TreePass pass =
        reference::Forward(settings_, tensors, trees_[static_cast<size_t>(tree)]);
    reference::Tensors gradients = reference::ZeroTensors(settings_, kVocabulary);
    const auto dh = reference::Backward(pass, gradients);
    const std::vector<size_t> nodes = NodesByRow(tree);
    for (size_t row = 0; row < nodes.size(); ++row) {
      const auto values = [&](const Rows& rows) {
        return std::vector<double>(rows.Row(row), rows.Row(row) + spec_.dim);
      };
      const size_t node = nodes[row];
      EXPECT_LE(RelativeError(values(network->states().h), pass.nodes[node].h), kTolerance)
          << "tree " << tree << " node " << node;
      const double norm = reference::Norm(dh[node].data(), dh[node].size());
      EXPECT_LE(RelativeError(values(network->states().dh), dh[node]), norm < 1e-6 ? 1 : kTolerance)
          << "tree " << tree << " node " << node << " of norm " << norm;
    }
  }
}

// Batched = one by one: h does not depend on the company, bit for bit; nor on what is kept.
TEST_P(CellTest, NeitherCompanyNorBackwardChangeABit) {
  const auto network = MakeNetwork(Draw(settings_, trees_));
  const auto roots = [&](std::vector<float>& values) {
    for (const int32_t root : network->schedule().root_row) {
      const float* h = network->states().h.From(root).data;
      values.insert(values.end(), h, h + spec_.dim);
    }
  };
  std::vector<float> alone, together, not_kept;
  for (const int32_t tree : order_) {
    network->Forward(forest_, {&tree, 1});
    roots(alone);
  }
  network->Forward(forest_, order_);
  roots(together);
  network->Backward();
  network->Forward(forest_, order_, Keep::kNothing);
  roots(not_kept);
  EXPECT_EQ(alone, together);
  EXPECT_EQ(alone, not_kept);
}

// Reversing all children and exchanging the matrices of the sides changes nothing; a sum of
// children changes by rounding only.
TEST_P(CellTest, MirrorImage) {
  const bool sides = spec_.model != "child_sum";
  const auto places = static_cast<int>(reference::CellOf(settings_).arity);
  if (sides) trees_ = reference::FullTrees(reference::CellOf(settings_).arity);
  forest_ = ForestOf(trees_);
  order_.resize(trees_.size());
  const reference::Tensors tensors = Draw(settings_, trees_);
  reference::Tensors exchanged;
  for (const auto& [name, values] : tensors) {
    exchanged[sides ? reference::Mirrored(settings_, name, places) : name] = values;
  }
  std::vector<reference::Tree> mirrored = trees_;
  for (reference::Tree& tree : mirrored) {
    for (auto& node : tree) std::reverse(node.children.begin(), node.children.end());
  }
  const double loss = MakeNetwork(tensors)->Forward(forest_, order_).loss;
  // Post-order wants the nodes of a mirrored tree in another order, but no part of the engine
  // looks at more than that children come first.
  EXPECT_NEAR(MakeNetwork(exchanged)->Forward(ForestOf(mirrored), order_).loss, loss, 1e-6 * loss);
}

std::vector<CellCase> Cases() {
  std::vector<CellCase> cases;
  for (const std::string& model : ModelNames()) {
    for (const int dim : {4, 8, 16, 50}) cases.push_back({.model = model, .dim = dim});
    cases.push_back({.model = model, .dim = 7, .leaf_weights = "shared"});
    cases.push_back({.model = model, .dim = 5, .activation = "softsign"});
    cases.push_back({.model = model, .dim = 6, .activation = "relu"});
    cases.push_back({.model = model, .dim = 17, .leaf_weights = "shared", .activation = "relu"});
    cases.push_back({.model = model, .dim = 9, .word_dim = 4, .cell_to_gate = false});
    cases.push_back({.model = model, .dim = 4, .word_dim = 21, .leaf_weights = "shared"});
    cases.push_back({.model = model, .dim = 6, .residual = true});
    cases.push_back({.model = model, .dim = 19, .layer_norm = true});
    cases.push_back({.model = model, .dim = 9, .residual = true, .layer_norm = true});
  }
  return cases;
}

INSTANTIATE_TEST_SUITE_P(Registry, CellTest, testing::ValuesIn(Cases()), [](const auto& info) {
  const CellCase& c = info.param;
  return c.model + "_" + std::to_string(c.dim) + "_" + std::to_string(c.word_dim) + "_" +
         c.leaf_weights + "_" + c.activation + (c.cell_to_gate ? "" : "_no_cell_to_gate") +
         (c.residual ? "_residual" : "") + (c.layer_norm ? "_layer_norm" : "");
});

}  // namespace
}  // namespace grove
