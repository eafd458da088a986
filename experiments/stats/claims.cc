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
  if (IsRatioStatistic(condition.statistic)) return condition;  // all come from one dataset
  if (condition.statistic == S::kHighestBest || condition.statistic == S::kLargestGap) {
    condition.last = condition.first;
  } else {
    condition.first = condition.last;
    condition.other_first = condition.other_last;
  }
  return condition;
}

std::string ToString(Relation relation) {
  static constexpr const char* kTexts[] = {">=", ">", "<=", "<"};
  return kTexts[static_cast<size_t>(relation)];
}

std::string Unit(Statistic statistic) {
  if (statistic == S::kMeanDrop || statistic == S::kLargestGap) return "points";
  const bool share = statistic == S::kPeakShare || statistic == S::kFirstShare;
  return share || !IsRatioStatistic(statistic) ? "%" : "";
}

}  // namespace grove
