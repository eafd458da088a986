#include "engine/evaluate.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace grove {
namespace {

double Share(int64_t part, int64_t whole) {
  return whole == 0 ? std::numeric_limits<double>::quiet_NaN()
                    : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

EvalResult Evaluate(Network& network, const Forest& forest) {
  std::vector<int32_t> batch;
  batch.reserve(kEvalBatch);
  MinibatchLoss total;
  int64_t labelled = 0, correct = 0, roots = 0, correct_roots = 0;
  for (size_t begin = 0; begin < forest.trees(); begin += kEvalBatch) {
    batch.resize(std::min(kEvalBatch, forest.trees() - begin));
    std::iota(batch.begin(), batch.end(), static_cast<int32_t>(begin));
    const MinibatchLoss part = network.Forward(forest, batch);
    total.loss += part.loss;
    labelled += part.labelled;
    correct += part.correct;
    roots += part.roots;
    correct_roots += part.correct_roots;
  }
  EvalResult result;
  result.trees = static_cast<int64_t>(forest.trees());
  result.labelled = labelled;
  result.loss = forest.trees() == 0 ? 0 : total.loss / static_cast<double>(forest.trees());
  result.accuracy = Share(correct_roots, roots);
  result.node_accuracy = Share(correct, labelled);
  return result;
}

void EvaluateTrees(Network& network, const Forest& forest, bool gradients,
                   const std::function<void(const TreeEvaluation&)>& each) {
  const Schedule& schedule = network.schedule();
  const Classifier& classifier = network.classifier();
  for (size_t t = 0; t < forest.trees(); ++t) {
    const int32_t tree = static_cast<int32_t>(t);
    TreeEvaluation result;
    result.tree = tree;
    result.label = forest.label[static_cast<size_t>(forest.root(t))];
    result.loss = static_cast<float>(network.Forward(forest, {&tree, 1}).loss);
    for (size_t i = 0; i < schedule.labelled.size(); ++i) {
      if (!schedule.labelled[i].is_root) continue;
      const float* row = classifier.probabilities(i);
      result.probabilities.assign(row, row + classifier.classes());
    }
    if (gradients) {
      network.Backward();
      result.grad_norm_root = network.GradientNorm(schedule.root_row[0]);
      result.keyword_depth = schedule.keyword_depth[0];
      if (schedule.keyword_row[0] != kNone) {
        result.grad_norm_keyword = network.GradientNorm(schedule.keyword_row[0]);
      }
    }
    each(result);
  }
}

}  // namespace grove
