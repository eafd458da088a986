#include "engine/training/head.h"

#include "engine/training/classifier.h"
#include "engine/training/pair_head.h"

namespace grove {

std::unique_ptr<Head> MakeHead(const RunSpec& spec, int classes, ParameterLayout& layout) {
  if (spec.comparison == "none") return std::make_unique<Classifier>(spec, classes, layout);
  return std::make_unique<PairHead>(spec, classes, layout);
}

double ExpectedScore(std::span<const float> probabilities) {
  double score = 0, each = 0;
  for (const float p : probabilities) score += ++each * static_cast<double>(p);
  return score;
}

}  // namespace grove
