// What a spec makes of the update rules.
#include "engine/update_rule.h"

#include <gtest/gtest.h>

#include <iterator>
#include <utility>

#include "engine/error.h"

namespace grove {
namespace {

TEST(UpdateRuleTest, EveryRuleHasItsLearningRate) {
  RunSpec spec;
  const std::pair<const char*, double> cases[] = {
      {"adagrad", 0.05}, {"sgd", 0.1}, {"adam", 0.001}, {"adamw", 0.001}};
  for (const auto& [rule, rate] : cases) {
    spec.rule = rule;
    Validate(spec);
    spec.learning_rate = 0;
    EXPECT_EQ(Resolve(spec).learning_rate, rate) << rule;
    spec.learning_rate = 0.3;
    EXPECT_EQ(Resolve(spec).learning_rate, 0.3) << rule;
  }
  EXPECT_EQ(RuleNames().size(), std::size(cases));
}

TEST(UpdateRuleTest, L2OfWords) {
  RunSpec spec;
  spec.l2 = 0.5;
  EXPECT_EQ(L2OfWords(spec), 0.5);
  spec.l2_of_words = 0;
  EXPECT_EQ(L2OfWords(spec), 0);
  spec.l2_of_words = 2;
  EXPECT_EQ(L2OfWords(spec), 2);
  spec.l2_words = false;
  EXPECT_EQ(L2OfWords(spec), 0);
  spec.l2_of_words = -0.5;
  EXPECT_THROW(Validate(spec), Error) << "only -1 stands for the L2 of the other weights";
}

TEST(UpdateRuleTest, SgdHasMomentumIfAsked) {
  RunSpec spec;
  EXPECT_EQ(RuleOf(spec), simd::Rule::kAdagrad);
  spec.rule = "sgd";
  EXPECT_EQ(RuleOf(spec), simd::Rule::kSgd);
  spec.momentum = 0.9;
  EXPECT_EQ(RuleOf(spec), simd::Rule::kMomentum);
  EXPECT_EQ(MakeUpdateRule(spec, 0, 1).beta1, 0.9f);
  spec.rule = "adam";
  EXPECT_EQ(RuleOf(spec), simd::Rule::kAdam);
  EXPECT_EQ(MakeUpdateRule(spec, 0, 1).beta1, static_cast<float>(spec.beta1));
}

TEST(UpdateRuleTest, TakesTheNumbersOfTheSpec) {
  RunSpec spec = Resolve(RunSpec());
  const simd::UpdateRule adagrad = MakeUpdateRule(spec, 0.25, 0.5);
  EXPECT_EQ(adagrad.rate, 0.025f);
  EXPECT_EQ(adagrad.l2, 0.25f);
  EXPECT_EQ(adagrad.epsilon, static_cast<float>(spec.adagrad_epsilon));
  EXPECT_TRUE(adagrad.plain_first);
  spec.rule = "adam";
  const simd::UpdateRule adam = MakeUpdateRule(spec, 0, 1);
  EXPECT_EQ(adam.epsilon, static_cast<float>(spec.adam_epsilon));
  EXPECT_EQ(adam.beta2, static_cast<float>(spec.beta2));
  EXPECT_FALSE(adam.plain_first) << "first_step is a setting of adagrad";
}

}  // namespace
}  // namespace grove
