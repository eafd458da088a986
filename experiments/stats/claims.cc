#include "experiments/stats/claims.h"

namespace grove {

using S = Statistic;

bool IsRatioStatistic(Statistic statistic) { return statistic >= S::kFirstEpoch; }

bool Meets(double value, const Condition& condition) {
  switch (condition.relation) {
    case Relation::kAtLeast:
      return value >= condition.threshold;
    case Relation::kAbove:
      return value > condition.threshold;
    case Relation::kAtMost:
      return value <= condition.threshold;
    case Relation::kBelow:
      return value < condition.threshold;
  }
  return false;
}

Condition Deciding(Condition condition) {
  switch (condition.statistic) {
    case S::kLowestBest:
    case S::kLowestMedian:
      condition.first = condition.last;
      break;
    case S::kMeanDrop:
      condition.first = condition.last;
      condition.other_first = condition.other_last;
      break;
    case S::kHighestBest:
    case S::kLargestGap:
      condition.last = condition.first;
      break;
    default:
      break;  // ratios all come from one dataset
  }
  return condition;
}

std::string ToString(Relation relation) {
  static constexpr const char* kTexts[] = {">=", ">", "<=", "<"};
  return kTexts[static_cast<size_t>(relation)];
}

std::string Unit(Statistic statistic) {
  switch (statistic) {
    case S::kLowestBest:
    case S::kHighestBest:
    case S::kLowestMedian:
    case S::kPeakShare:
    case S::kFirstShare:
      return "%";
    case S::kMeanDrop:
    case S::kLargestGap:
      return "points";
    default:
      return "";
  }
}

}  // namespace grove
