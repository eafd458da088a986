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

double Quality(double accuracy, const ScoreSums& scores) {
  if (scores.count == 0) return accuracy;
  const double r = scores.Pearson();
  return r > 0 ? r : 0;
}

size_t EvaluationBatchEnd(const Forest& forest, size_t begin) {
  size_t end = begin + 1;
  const auto nodes_to = [&](size_t example) {
    return static_cast<size_t>(forest.tree_begin[forest.first_tree(example)] -
                               forest.tree_begin[forest.first_tree(begin)]);
  };
  while (end < forest.examples() && nodes_to(end + 1) <= kEvalNodes) ++end;
  return end;
}

void IncludeEvaluation(const Forest& forest, MinibatchLimits& limits) {
  for (size_t begin = 0; begin < forest.examples();) {
    const size_t end = EvaluationBatchEnd(forest, begin);
    limits.Include(forest, begin, end);
    begin = end;
  }
}

std::optional<EvalResult> Evaluate(Network& network, const Forest& forest,
                                   const std::atomic<bool>& stop, const AfterBatch& after) {
  EvalResult result;
  double loss = 0;
  int64_t correct = 0, roots = 0, correct_roots = 0;
  for (size_t begin = 0; begin < forest.examples();) {
    if (stop.load(std::memory_order_relaxed)) return std::nullopt;
    const size_t end = EvaluationBatchEnd(forest, begin);
    const MinibatchLoss part = network.Forward(forest, begin, end, Keep::kNothing);
    loss += part.loss;
    result.labelled += part.labelled;
    result.scores.Add(part.scores);
    correct += part.correct;
    roots += part.roots;
    correct_roots += part.correct_roots;
    if (after) after(begin, end);
    begin = end;
  }
  result.examples = static_cast<int64_t>(forest.examples());
  result.loss = result.examples == 0 ? 0 : loss / static_cast<double>(result.examples);
  result.accuracy = Share(correct_roots, roots);
  result.node_accuracy = Share(correct, result.labelled);
  return result;
}

EvalResult Evaluate(Network& network, const Forest& forest, const AfterBatch& after) {
  return *Evaluate(network, forest, std::atomic<bool>(false), after);
}

void EvaluateEach(Network& network, const Forest& forest, bool gradients,
                  const std::function<void(const ExampleEvaluation&)>& each) {
  const Schedule& schedule = network.schedule();
  const bool pairs = forest.trees_per_example == 2;
  for (size_t e = 0; e < forest.examples(); ++e) {
    const auto example = static_cast<int32_t>(e);
    ExampleEvaluation result;
    result.example = example;
    if (!pairs) result.label = forest.label[static_cast<size_t>(forest.root(e))];
    if (!forest.pair_label.empty()) result.label = forest.pair_label[e];
    if (!forest.pair_score.empty()) result.score = forest.pair_score[e];
    result.loss = static_cast<float>(network.Forward(forest, {&example, 1}).loss);
    const std::span<const float> probabilities = network.head().Probabilities(schedule, 0);
    result.probabilities.assign(probabilities.begin(), probabilities.end());
    if (gradients && !pairs) {
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
