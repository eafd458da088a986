// What is observed of gradients and gates, against the double-precision reference node by node, by
// hand, and in mirrored trees.
#include "engine/training/observe.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <numeric>

#include "engine/cells/model.h"
#include "engine/training/evaluate.h"
#include "tests/engine/cells/reference_cases.h"
#include "tests/engine/training/observe_oracle.h"

namespace grove {
namespace {

constexpr int kVocabulary = 30;
constexpr int kClasses = 4;

RunSpec Spec(const std::string& model, const std::string& leaf_weights) {
  RunSpec spec;
  spec.model = model;
  spec.leaf_weights = leaf_weights;
  spec.dim = 7;
  // Large enough that every nonlinearity is exercised, and that some ratios are above 1.
  spec.init_word_range = 1;
  spec.init_fan_cell = spec.init_fan_gate = spec.init_fan_softmax = 0.15;
  return Resolve(spec);
}

std::unique_ptr<Network> MakeNetwork(const RunSpec& spec, const Forest& forest) {
  auto network = std::make_unique<Network>(spec, kVocabulary, kClasses);
  MinibatchLimits limits;
  IncludeEvaluation(forest, limits);
  limits.Include(forest, 5);
  network->Reserve(limits);
  Initialise(network->layout(), spec, network->parameters());
  // Biases that are not zero, or a forget gate that is the bias alone would not show.
  for (const TensorInfo& tensor : network->layout().tensors()) {
    if (!tensor.is_bias) continue;
    std::vector<float> values(static_cast<size_t>(tensor.out));
    RandomStream random(3, Purpose::kWeights, static_cast<uint32_t>(tensor.name.back()));
    for (float& value : values) value = random.NextUniform(-0.5f, 0.5f);
    SetTensor(network->layout(), tensor, values, network->parameters().weights);
  }
  return network;
}

// More nodes than one batch of evaluation takes; trees of one leaf among them.
Forest ManyTrees(bool labels_inside, bool mirrored = false) {
  std::vector<int> leaves;
  for (int i = 0; i < 60; ++i) leaves.push_back(1 + (i * 7) % 23);
  return WithKeywords(RandomForest(leaves, kVocabulary, kClasses, labels_inside, 5), mirrored);
}

void ExpectRatios(const std::vector<NodeRatioGroup>& groups,
                  const std::map<GroupKey, std::vector<double>>& expected) {
  EXPECT_EQ(groups.size(), expected.size());
  for (const NodeRatioGroup& group : groups) {
    SCOPED_TRACE(group.kind + " at depth " + std::to_string(group.depth));
    const auto found = expected.find({group.kind, "", group.depth});
    ASSERT_NE(found, expected.end());
    const std::vector<double>& ratios = found->second;
    EXPECT_EQ(group.n, ratios.size());
    EXPECT_EQ(group.above_1, static_cast<size_t>(std::count_if(ratios.begin(), ratios.end(),
                                                               [](double r) { return r > 1; })));
    const std::pair<double, double> quantiles[] = {{0.05, group.q05},
                                                   {0.25, group.q25},
                                                   {0.5, group.median},
                                                   {0.75, group.q75},
                                                   {0.95, group.q95}};
    for (const auto& [p, value] : quantiles) {
      const double quantile = ExpectQuantile(ratios, p);
      EXPECT_NEAR(value, quantile, 1e-4 * quantile) << p;
    }
    double sum = 0;
    for (const double ratio : ratios) sum += std::log10(ratio);
    EXPECT_NEAR(group.mean_log10, sum / static_cast<double>(ratios.size()), 1e-4);
  }
}

void ExpectGates(const std::vector<GateGroup>& groups,
                 const std::map<GroupKey, std::vector<double>>& expected, size_t dim) {
  EXPECT_EQ(groups.size(), expected.size());
  for (const GateGroup& group : groups) {
    SCOPED_TRACE(group.gate + " " + group.place + " at depth " + std::to_string(group.depth));
    const auto found = expected.find({group.gate, group.place, group.depth});
    ASSERT_NE(found, expected.end());
    const std::vector<double>& values = found->second;
    const double count = static_cast<double>(values.size());
    EXPECT_EQ(group.n * dim, values.size());
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
    double squares = 0;
    for (const double value : values) squares += (value - mean) * (value - mean);
    EXPECT_NEAR(group.mean, mean, 1e-6);
    EXPECT_NEAR(group.sd, std::sqrt(squares / count), 1e-6);
  }
}

using Case = std::tuple<std::string, const char*, bool>;

class ObserveTest : public testing::TestWithParam<Case> {
 protected:
  RunSpec spec_ = Spec(std::get<0>(GetParam()), std::get<1>(GetParam()));
  Forest forest_ = ManyTrees(std::get<2>(GetParam()));
};

TEST_P(ObserveTest, AgreesWithTheOracle) {
  const auto network = MakeNetwork(spec_, forest_);
  const ExpectedGroups expected =
      ExpectGroups(SettingsOf(spec_, kClasses), TensorsOf(*network), forest_);
  const Observations observations = Observe(*network, forest_, 4);
  ASSERT_LT(EvaluationBatchEnd(forest_, 0), forest_.trees()) << "more than one batch";
  ExpectRatios(observations.node_ratios, expected.ratios);
  ExpectGates(observations.gates, expected.gates, static_cast<size_t>(spec_.dim));
  EXPECT_EQ(observations.gates.empty(), MakeCell(spec_).gates.empty());
  size_t above_1 = 0;
  for (const NodeRatioGroup& group : observations.node_ratios) {
    above_1 += group.above_1;
    EXPECT_EQ(group.epoch, 4);
  }
  // Of the other cells, only losses inside the trees make some.
  if (spec_.model == "rnn" || spec_.model == "rlstm" || std::get<2>(GetParam())) {
    EXPECT_GT(above_1, 0u);
  }
}

// Same weights, gradients and sums whether or not there was a look in between.
TEST_P(ObserveTest, DisturbsNoTraining) {
  const auto plain = MakeNetwork(spec_, forest_), observed = MakeNetwork(spec_, forest_);
  const std::vector<int32_t> trees = {3, 17, 2, 40, 0};
  for (int step = 0; step < 3; ++step) {
    const Observations first = Observe(*observed, forest_, step);
    const Observations again = Observe(*observed, forest_, step);
    EXPECT_EQ(first.node_ratios, again.node_ratios);
    EXPECT_EQ(first.gates, again.gates);
    for (Network* network : {plain.get(), observed.get()}) {
      network->Forward(forest_, trees);
      network->Backward();
    }
    const auto same = [](const simd::AlignedArray<float>& a, const simd::AlignedArray<float>& b) {
      return std::equal(a.begin(), a.end(), b.begin(), b.end());
    };
    EXPECT_TRUE(same(plain->gradients(), observed->gradients()));
    plain->Update();
    observed->Update();
    const Parameters &a = plain->parameters(), &b = observed->parameters();
    EXPECT_TRUE(same(a.weights, b.weights));
    EXPECT_TRUE(same(a.slots[0].weights, b.slots[0].weights));
    EXPECT_TRUE(same(a.words, b.words));
    EXPECT_TRUE(same(a.slots[0].words, b.slots[0].words));
    EXPECT_EQ(a.updates, b.updates);
    EXPECT_EQ(a.word_updates, b.word_updates);
  }
}

// Mirrored trees, with the matrices of the sides swapped, are the same trees.
TEST_P(ObserveTest, MirroredTreesGiveTheSame) {
  const Forest mirrored = ManyTrees(std::get<2>(GetParam()), /*mirrored=*/true);
  const auto network = MakeNetwork(spec_, forest_), other = MakeNetwork(spec_, mirrored);
  const ParameterLayout& layout = network->layout();
  const reference::Settings settings = SettingsOf(spec_, kClasses);
  // Binary trees have children at the first two places alone, however many there are.
  const bool sides = spec_.model != "child_sum";
  for (const TensorInfo& from : layout.tensors()) {
    const std::string name = sides ? reference::Mirrored(settings, from.name, 2) : from.name;
    for (const TensorInfo& to : layout.tensors()) {
      if (to.name != name) continue;
      SetTensor(layout, to, GetTensor(layout, from, network->parameters().weights),
                other->parameters().weights);
    }
  }
  Transpose(layout, other->parameters());
  const Observations a = Observe(*network, forest_, 0), b = Observe(*other, mirrored, 0);
  ASSERT_EQ(a.node_ratios.size(), b.node_ratios.size());
  for (size_t i = 0; i < a.node_ratios.size(); ++i) {
    EXPECT_EQ(a.node_ratios[i].kind, b.node_ratios[i].kind);
    EXPECT_EQ(a.node_ratios[i].n, b.node_ratios[i].n);
    EXPECT_NEAR(a.node_ratios[i].median, b.node_ratios[i].median, 1e-4 * a.node_ratios[i].median);
  }
  ASSERT_EQ(a.gates.size(), b.gates.size());
  for (size_t i = 0; i < a.gates.size(); ++i) {
    EXPECT_EQ(a.gates[i].place, b.gates[i].place);
    EXPECT_EQ(a.gates[i].n, b.gates[i].n);
    EXPECT_NEAR(a.gates[i].mean, b.gates[i].mean, 1e-6);
    EXPECT_NEAR(a.gates[i].sd, b.gates[i].sd, 1e-6);
  }
}

INSTANTIATE_TEST_SUITE_P(Models, ObserveTest,
                         testing::Combine(testing::ValuesIn(ModelNames()),
                                          testing::Values("own", "shared"), testing::Bool()));

// "kind/gate place depth: n" of every group, in order.
std::vector<std::string> Names(const Observations& observations) {
  std::vector<std::string> names;
  for (const NodeRatioGroup& g : observations.node_ratios) {
    names.push_back(g.kind + " " + std::to_string(g.depth) + ": " + std::to_string(g.n));
  }
  for (const GateGroup& g : observations.gates) {
    names.push_back(g.gate + " " + g.place + " " + std::to_string(g.depth) + ": " +
                    std::to_string(g.n));
  }
  return names;
}

TEST(Observe, GroupsByHand) {
  // ((a KEYWORD) b); the same without a label: no gradients, but gates; and (a (b c)) without a
  // keyword.
  Forest forest;
  for (const int32_t label : {2, kNone}) {
    const int32_t a = forest.AddLeaf(1), keyword = forest.AddLeaf(2);
    const int32_t pair = forest.AddInner(a, keyword);
    forest.AddInner(pair, forest.AddLeaf(3), label);
    forest.FinishTree(keyword);
  }
  const int32_t a = forest.AddLeaf(1), b = forest.AddLeaf(3), c = forest.AddLeaf(4);
  forest.AddInner(a, forest.AddInner(b, c), 1);
  forest.FinishTree();
  const auto network = MakeNetwork(Spec("rlstm", "own"), forest);
  EXPECT_EQ(
      Names(Observe(*network, forest, 0)),
      (std::vector<std::string>{"inner 1: 2", "leaf 1: 2", "leaf 2: 3", "keyword 2: 1",
                                "i toward 0: 2", "i toward 1: 2", "i beside 0: 2", "i beside 1: 2",
                                "i off 0: 2", "i off 1: 2", "f toward 0: 2", "f off 0: 1",
                                "o off 0: 1", "o off 1: 1", "o path 0: 2", "o path 1: 2"}));
}

// A keyword at the root of a tree of one leaf is no node below a root; no trees are no groups.
TEST(Observe, NothingToSee) {
  Forest forest;
  const int32_t keyword = forest.AddLeaf(1, 0);
  forest.FinishTree(keyword);
  const auto network = MakeNetwork(Spec("rlstm", "own"), forest);
  EXPECT_TRUE(Names(Observe(*network, forest, 0)).empty());
  EXPECT_TRUE(Names(Observe(*network, Forest(), 0)).empty());
}

// Gradients whose squares vanish in float are still seen.
TEST(Observe, GradientsThatNearlyVanish) {
  RunSpec spec = Spec("rnn", "own");
  spec.init_fan_cell = 500;
  const Forest forest = ManyTrees(/*labels_inside=*/false);
  const auto network = MakeNetwork(spec, forest);
  const ExpectedGroups expected =
      ExpectGroups(SettingsOf(spec, kClasses), TensorsOf(*network), forest);
  const Observations observations = Observe(*network, forest, 0);
  ExpectRatios(observations.node_ratios, expected.ratios);
  double smallest = 1;
  for (const NodeRatioGroup& group : observations.node_ratios) {
    smallest = std::min(smallest, group.q05);
  }
  EXPECT_LT(smallest, 1e-24);
  EXPECT_GT(smallest, 1e-36);
}

// Leaves are those that observation calls "leaf" and "keyword", whichever of them are asked for.
TEST(LeafRatiosTest, AreThoseOfTheNodesObserved) {
  const Forest forest = ManyTrees(false);
  const auto network = MakeNetwork(Spec("rlstm", "own"), forest);
  std::map<int, size_t> expected, found, of_words;
  for (const NodeRatioGroup& group : Observe(*network, forest, 0).node_ratios) {
    if (group.kind != "inner") expected[group.depth] += group.n;
  }
  for (const NodeRatioGroup& group : LeafRatios(*network, forest, kNone)) {
    EXPECT_EQ(group.kind, "leaf");
    found[group.depth] = group.n;
  }
  EXPECT_EQ(found, expected);
  for (int32_t word = 0; word < kVocabulary; ++word) {
    for (const NodeRatioGroup& group : LeafRatios(*network, forest, word)) {
      of_words[group.depth] += group.n;
    }
  }
  EXPECT_EQ(of_words, expected) << "every leaf has one word";
}

// Where only the keyword has a word of its own, the two roads meet.
TEST(LeafRatiosTest, OfAWordAreThoseOfTheKeyword) {
  Forest forest = ManyTrees(true);
  for (int32_t& word : forest.word) word = word == kNone ? kNone : 1 + word % (kVocabulary - 1);
  for (size_t t = 0; t < forest.trees(); ++t) {
    if (forest.keyword[t] != kNone) forest.word[static_cast<size_t>(forest.keyword[t])] = 0;
  }
  const auto network = MakeNetwork(Spec("rnn", "shared"), forest);
  std::vector<NodeRatioGroup> expected;
  for (NodeRatioGroup group : Observe(*network, forest, 0).node_ratios) {
    if (group.kind != "keyword") continue;
    group.kind = "leaf";
    expected.push_back(group);
  }
  EXPECT_FALSE(expected.empty());
  EXPECT_EQ(LeafRatios(*network, forest, 0), expected);
}

}  // namespace
}  // namespace grove
