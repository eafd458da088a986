#include "engine/training/predict.h"

#include <algorithm>

#include "engine/training/evaluate.h"

namespace grove {

// The head looks at labelled nodes only. Which label it is changes the loss, and nothing else.
void TreePredictor::LabelAll() {
  const bool nodes = of_ == Of::kNodes;
  std::fill(forest_.pair_label.begin(), forest_.pair_label.end(), 0);
  std::fill(forest_.pair_score.begin(), forest_.pair_score.end(), 1.0f);
  std::fill(forest_.label.begin(), forest_.label.end(), nodes ? 0 : kNone);
  if (forest_.trees_per_example == 2) return;
  for (size_t t = 0; t < forest_.trees(); ++t) {
    forest_.label[static_cast<size_t>(forest_.root(t))] = 0;
  }
}

// Grows by doubling, because reserving takes as long as some evaluations.
void TreePredictor::MakeRoom() {
  MinibatchLimits needed;
  IncludeEvaluation(forest_, needed);
  bool grown = false;
  for (size_t MinibatchLimits::*limit :
       {&MinibatchLimits::nodes, &MinibatchLimits::levels, &MinibatchLimits::trees,
        &MinibatchLimits::examples, &MinibatchLimits::labelled}) {
    if (needed.*limit <= limits_.*limit) continue;
    limits_.*limit = std::max(needed.*limit, 2 * (limits_.*limit));
    grown = true;
  }
  limits_.inner = limits_.nodes;
  if (grown) network_.Reserve(limits_);
}

void TreePredictor::Predict(const Forest& forest, const std::function<void(size_t)>& each) {
  forest_ = forest;
  LabelAll();
  MakeRoom();
  for (size_t begin = 0; begin < forest_.examples();) {
    const size_t end = EvaluationBatchEnd(forest_, begin);
    network_.Forward(forest_, begin, end, Keep::kNothing);
    first_example_ = begin;
    first_node_ = forest_.tree_begin[forest_.first_tree(begin)];
    const std::vector<LabelledRow>& labelled = network_.schedule().labelled;
    root_place_.resize(end - begin);
    for (size_t i = 0; i < labelled.size(); ++i) {
      if (labelled[i].is_root) root_place_[static_cast<size_t>(labelled[i].tree)] = i;
    }
    for (example_ = begin; example_ < end; ++example_) each(example_);
    begin = end;
  }
}

std::span<const float> TreePredictor::Probabilities() const {
  const size_t i = example_ - first_example_;
  return network_.head().ProbabilitiesAt(forest_.trees_per_example == 2 ? i : root_place_[i]);
}

// Every row has a label then, and they stand in the order of rows.
std::span<const float> TreePredictor::ProbabilitiesOf(int32_t node) const {
  return network_.head().ProbabilitiesAt(Row(node));
}

std::span<const float> TreePredictor::StateOf(int32_t node) const {
  const float* h = network_.states().h.From(static_cast<int32_t>(Row(node))).data;
  return {h, static_cast<size_t>(network_.dim())};
}

int32_t MostProbable(std::span<const float> probabilities) {
  return static_cast<int32_t>(std::max_element(probabilities.begin(), probabilities.end()) -
                              probabilities.begin());
}

}  // namespace grove
