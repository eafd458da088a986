#include "engine/update_rule.h"

namespace grove {
namespace {

struct RuleInfo {
  const char* name;
  simd::Rule rule;
  double learning_rate;  // where the spec says 0
};

constexpr RuleInfo kRules[] = {
    {"adagrad", simd::Rule::kAdagrad, 0.05},
    {"sgd", simd::Rule::kSgd, 0.1},
    {"adam", simd::Rule::kAdam, 1e-3},
    {"adamw", simd::Rule::kAdamW, 1e-3},
};

const RuleInfo& Find(const std::string& name) {
  for (const RuleInfo& info : kRules) {
    if (name == info.name) return info;
  }
  return kRules[0];
}

}  // namespace

std::vector<std::string> RuleNames() {
  std::vector<std::string> names;
  for (const RuleInfo& info : kRules) names.emplace_back(info.name);
  return names;
}

double DefaultLearningRate(const std::string& rule) { return Find(rule).learning_rate; }

simd::Rule RuleOf(const RunSpec& spec) {
  const simd::Rule rule = Find(spec.rule).rule;
  return rule == simd::Rule::kSgd && spec.momentum > 0 ? simd::Rule::kMomentum : rule;
}

double L2OfWords(const RunSpec& spec) {
  if (!spec.l2_words) return 0;
  return spec.l2_of_words < 0 ? spec.l2 : spec.l2_of_words;
}

simd::UpdateRule MakeUpdateRule(const RunSpec& spec, double l2, double rate_factor) {
  const simd::Rule rule = RuleOf(spec);
  const bool adagrad = rule == simd::Rule::kAdagrad;
  return {.rule = rule,
          .rate = static_cast<float>(spec.learning_rate * rate_factor),
          .l2 = static_cast<float>(l2),
          .epsilon = static_cast<float>(adagrad ? spec.adagrad_epsilon : spec.adam_epsilon),
          .beta1 = static_cast<float>(rule == simd::Rule::kMomentum ? spec.momentum : spec.beta1),
          .beta2 = static_cast<float>(spec.beta2),
          .plain_first = adagrad && spec.first_step == "sgd"};
}

}  // namespace grove
