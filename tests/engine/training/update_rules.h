// The update rules as specs, for tests that hold for every one of them.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "engine/run_spec.h"

namespace grove {

struct RuleCase {
  const char* name;
  const char* rule;
  const char* first_step;
  double momentum;
};

inline constexpr RuleCase kRuleCases[] = {{"adagrad_plain_first", "adagrad", "sgd", 0},
                                          {"adagrad", "adagrad", "adagrad", 0},
                                          {"sgd", "sgd", "sgd", 0},
                                          {"momentum", "sgd", "sgd", 0.9},
                                          {"adam", "adam", "sgd", 0},
                                          {"adamw", "adamw", "sgd", 0}};

inline RunSpec SpecOf(const RuleCase& c) {
  RunSpec spec;
  spec.rule = c.rule;
  spec.first_step = c.first_step;
  spec.momentum = c.momentum;
  return spec;
}

// For INSTANTIATE_TEST_SUITE_P of a test whose parameter is a RuleCase.
inline auto EveryRule() { return testing::ValuesIn(kRuleCases); }
inline std::string RuleName(const testing::TestParamInfo<RuleCase>& info) {
  return info.param.name;
}

}  // namespace grove
