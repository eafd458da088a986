#include "engine/training/metrics.h"

#include <cmath>
#include <limits>
#include <numeric>

#include "engine/training/predict.h"

namespace grove {
namespace {

double Share(int64_t part, int64_t whole) {
  return whole == 0 ? std::numeric_limits<double>::quiet_NaN()
                    : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

Confusion::Confusion(int classes)
    : gold_(static_cast<size_t>(classes)), predicted_(static_cast<size_t>(classes)) {}

void Confusion::Add(int32_t gold, int32_t predicted) {
  ++counts_[{gold, predicted}];
  ++gold_[static_cast<size_t>(gold)];
  ++predicted_[static_cast<size_t>(predicted)];
  ++total_;
  right_ += gold == predicted ? 1 : 0;
}

int64_t Confusion::Count(int32_t gold, int32_t predicted) const {
  const auto found = counts_.find({gold, predicted});
  return found == counts_.end() ? 0 : found->second;
}

double Confusion::Accuracy() const { return Share(right_, total_); }

// Every tp is both gold and predicted: 2 tp + fp + fn is the sum of the two.
double Confusion::F1(int32_t c) const {
  const auto at = static_cast<size_t>(c);
  return Share(2 * Count(c, c), gold_[at] + predicted_[at]);
}

double Confusion::MacroF1() const {
  double sum = 0;
  int64_t present = 0;
  for (int c = 0; c < classes(); ++c) {
    const double f1 = F1(c);
    if (std::isnan(f1)) continue;
    sum += f1;
    ++present;
  }
  return present == 0 ? std::numeric_limits<double>::quiet_NaN()
                      : sum / static_cast<double>(present);
}

void BinaryAccuracy::Add(int32_t gold, std::span<const float> probabilities) {
  const size_t half = probabilities.size() / 2, upper = probabilities.size() - half;
  const auto at = static_cast<size_t>(gold);
  if (at >= half && at < upper) return;
  const auto sum = [](std::span<const float> part) {
    return std::accumulate(part.begin(), part.end(), 0.0);
  };
  const bool predicted = sum(probabilities.subspan(upper)) > sum(probabilities.first(half));
  ++total_;
  right_ += predicted == (at >= upper) ? 1 : 0;
}

double BinaryAccuracy::Accuracy() const { return Share(right_, total_); }

void Metrics::Add(const Network& network, const Forest& forest, size_t begin, size_t end) {
  const Head& head = network.head();
  if (forest.trees_per_example == 2) {
    for (size_t e = begin; e < end && !forest.pair_label.empty(); ++e) {
      roots_.Add(forest.pair_label[e], MostProbable(head.ProbabilitiesAt(e - begin)));
    }
    return;
  }
  const std::vector<LabelledRow>& labelled = network.schedule().labelled;
  for (size_t i = 0; i < labelled.size(); ++i) {
    const std::span<const float> probabilities = head.ProbabilitiesAt(i);
    const int32_t gold = labelled[i].label, predicted = MostProbable(probabilities);
    nodes_.Add(gold, predicted);
    if (!labelled[i].is_root) continue;
    roots_.Add(gold, predicted);
    binary_.Add(gold, probabilities);
  }
}

}  // namespace grove
