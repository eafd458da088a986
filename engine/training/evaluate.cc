#include "engine/training/evaluate.h"

#include <limits>
#include <span>

namespace grove {
namespace {

double Share(int64_t part, int64_t whole) {
  return whole == 0 ? std::numeric_limits<double>::quiet_NaN()
                    : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

size_t EvaluationBatchEnd(const Forest& forest, size_t begin) {
  size_t end = begin + 1;
  const auto nodes_to = [&](size_t tree) {
    return static_cast<size_t>(forest.tree_begin[tree] - forest.tree_begin[begin]);
  };
  while (end < forest.trees() && nodes_to(end + 1) <= kEvalNodes) ++end;
  return end;
}

void IncludeEvaluation(const Forest& forest, MinibatchLimits& limits) {
  for (size_t begin = 0; begin < forest.trees();) {
    const size_t end = EvaluationBatchEnd(forest, begin);
    limits.Include(forest, begin, end);
    begin = end;
  }
}

EvalResult Evaluate(Network& network, const Forest& forest) {
  return *Evaluate(network, forest, std::atomic<bool>(false));
}

std::optional<EvalResult> Evaluate(Network& network, const Forest& forest,
                                   const std::atomic<bool>& stop) {
  MinibatchLoss total;
  int64_t labelled = 0, correct = 0, roots = 0, correct_roots = 0;
  for (size_t begin = 0; begin < forest.trees();) {
    if (stop.load(std::memory_order_relaxed)) return std::nullopt;
    const size_t end = EvaluationBatchEnd(forest, begin);
    const MinibatchLoss part = network.Forward(forest, begin, end, Keep::kNothing);
    total.loss += part.loss;
    labelled += part.labelled;
    correct += part.correct;
    roots += part.roots;
    correct_roots += part.correct_roots;
    begin = end;
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
  for (size_t t = 0; t < forest.trees(); ++t) {
    const int32_t tree = static_cast<int32_t>(t);
    TreeEvaluation result;
    result.tree = tree;
    result.label = forest.label[static_cast<size_t>(forest.root(t))];
    result.loss = static_cast<float>(network.Forward(forest, {&tree, 1}).loss);
    const std::span<const float> probabilities = network.head().Probabilities(schedule, 0);
    result.probabilities.assign(probabilities.begin(), probabilities.end());
    if (gradients) {
      network.Backward();
      result.grad_norm_root = static_cast<float>(network.GradientNorm(schedule.root_row[0]));
      result.keyword_depth = schedule.keyword_depth[0];
      if (schedule.keyword_row[0] != kNone) {
        result.grad_norm_keyword =
            static_cast<float>(network.GradientNorm(schedule.keyword_row[0]));
      }
    }
    each(result);
  }
}

}  // namespace grove
