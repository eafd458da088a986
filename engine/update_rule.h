// The update rules by their names in a spec. What they do: simd/update.h. To add one, give it a
// line in the table of update_rule.cc beside its struct in simd/.
#pragma once

#include <string>
#include <vector>

#include "engine/run_spec.h"
#include "simd/update.h"

namespace grove {

std::vector<std::string> RuleNames();

// The learning rate of a run that names none; that of adagrad for a name that is none of ours.
double DefaultLearningRate(const std::string& rule);

// The rule of a resolved spec. Its sgd is with momentum if the spec's momentum is not 0.
simd::Rule RuleOf(const RunSpec& spec);

// lambda of the word vectors.
double L2OfWords(const RunSpec& spec);

// The rule with its numbers, for weights whose L2 strength is `l2`. `rate_factor`: what the
// learning rate is multiplied by at this point of training.
simd::UpdateRule MakeUpdateRule(const RunSpec& spec, double l2, double rate_factor);

}  // namespace grove
