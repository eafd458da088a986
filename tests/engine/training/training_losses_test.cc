// Training against training in double precision: the losses of twenty minibatches, of a model that
// is updated between them, and of the oracle, whose weights go their own way from the same start.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "engine/training/network.h"
#include "engine/update_rule.h"
#include "tests/engine/training/engine_oracle.h"
#include "tests/reference/reference_update.h"

namespace grove {
namespace {

constexpr int kVocabulary = 12, kClasses = 4, kMinibatches = 20;

struct LossCase {
  std::string model;
  std::string rule;
  double learning_rate = 0;  // 0: the rule's own
};

// For readable names of failed cases.
void PrintTo(const LossCase& c, std::ostream* out) { *out << c.model << " " << c.rule; }

// The oracle with its update rule.
class ExactTraining {
 public:
  ExactTraining(const RunSpec& spec, reference::Tensors start)
      : settings_(SettingsOf(spec, kClasses)), tensors_(std::move(start)) {
    const simd::UpdateRule rule = MakeUpdateRule(spec, spec.l2, 1);
    update_ = {spec.rule,  spec.learning_rate,      spec.l2, rule.epsilon, rule.beta1,
               rule.beta2, spec.first_step == "sgd"};
    for (const auto& [name, values] : tensors_) {
      for (const double value : values) elements_[name].push_back({.w = value});
    }
  }

  // The mean loss before the update, which also is made.
  double Train(const std::vector<reference::Tree>& trees) {
    std::vector<bool> present(kVocabulary);
    for (const reference::Tree& tree : trees) {
      for (const reference::TreeNode& node : tree) {
        if (node.token) present[*node.token] = true;
      }
    }
    const reference::BatchPass pass = reference::Minibatch(settings_, tensors_, trees, 0);
    for (auto& [name, values] : tensors_) {
      const bool words = name == "embeddings";
      const size_t width = words ? values.size() / kVocabulary : 1;
      for (size_t i = 0; i < values.size(); ++i) {
        if (words && !present[i / width]) continue;
        reference::Element& element = elements_[name][i];
        reference::Update(update_, pass.gradients.at(name)[i], element);
        values[i] = element.w;
      }
    }
    return pass.loss;
  }

 private:
  reference::Settings settings_;
  reference::UpdateSettings update_;
  reference::Tensors tensors_;
  std::map<std::string, std::vector<reference::Element>> elements_;
};

class TrainingLossesTest : public testing::TestWithParam<LossCase> {};

TEST_P(TrainingLossesTest, TwentyMinibatches) {
  RunSpec spec;
  spec.model = GetParam().model;
  spec.rule = GetParam().rule;
  spec.learning_rate = GetParam().learning_rate;
  spec.dim = 9;
  spec.batch = 4;
  spec.l2 = 0.003;
  spec.init_word_range = 0.5;
  spec = Resolve(spec);
  const Forest forest =
      RandomForest({5, 8, 2, 6, 3, 1, 9, 4, 7, 10}, kVocabulary, kClasses, true, 21);
  Network network(spec, kVocabulary, kClasses);
  MinibatchLimits limits;
  limits.Include(forest, forest.trees());
  network.Reserve(limits);
  Initialise(network.layout(), spec, network.parameters());
  ExactTraining exact(spec, TensorsOf(network));
  RandomStream random(8, Purpose::kShuffle);
  const auto loss_of_all = [&] {
    return network.Forward(forest, 0, forest.trees(), Keep::kNothing).loss;
  };
  const double loss_at_start = loss_of_all();
  for (int minibatch = 0; minibatch < kMinibatches; ++minibatch) {
    const std::vector<uint32_t> drawn = DrawWithoutReplacement(random, 10, 4);
    const std::vector<int32_t> trees(drawn.begin(), drawn.end());
    const double loss = network.Forward(forest, trees).loss / 4;
    network.Backward();
    network.Update();
    const double expected = exact.Train(reference::TreesOf(forest, trees));
    ASSERT_NEAR(loss, expected, 2e-5 * expected) << "minibatch " << minibatch;
  }
  EXPECT_LT(loss_of_all(), 0.97 * loss_at_start) << "nothing was learned";
}

// rnn and rlstm as the paper trains them; tai_binary computes a cell for a leaf too.
INSTANTIATE_TEST_SUITE_P(Models, TrainingLossesTest,
                         testing::Values(LossCase{"rnn", "adagrad"}, LossCase{"rlstm", "adagrad"},
                                         LossCase{"tai_binary", "adagrad"},
                                         LossCase{"rlstm", "adam", 0.01}));

}  // namespace
}  // namespace grove
