#include "experiments/stats/claims.h"

#include <algorithm>
#include <cmath>

#include "experiments/stats/claim_statistics.h"

namespace grove {
namespace {

using S = Statistic;

// Runs of the condition's cells that ended without a result.
size_t LostRuns(const Condition& condition, const ReportData& data) {
  const std::string model = condition.model;
  return static_cast<size_t>(
      std::count_if(data.runs.begin(), data.runs.end(), [&](const RunRecord& run) {
        if (IsDone(run) || run.experiment != condition.experiment || !run.axes.empty())
          return false;
        if (!model.empty() && run.model != model) return false;
        if (IsRatioStatistic(condition.statistic)) return true;
        return (run.dataset >= condition.first && run.dataset <= condition.last) ||
               (run.dataset >= condition.other_first && run.dataset <= condition.other_last);
      }));
}

Measurement Measure(const Condition& condition, const ReportData& data, uint32_t item) {
  const bool is_ratio = IsRatioStatistic(condition.statistic);
  StatisticInput input = is_ratio ? RatioInput(condition, data) : AccuracyInput(condition, data);
  Measurement measurement;
  measurement.available = input.missing.empty();
  measurement.text = measurement.available ? input.text : input.missing;
  if (measurement.available) {
    measurement.value = input.statistic(input.groups);
    measurement.interval = BootstrapInterval(input.groups, input.statistic, item);
    measurement.holds = Meets(measurement.value, condition);
  }
  if (const size_t lost = LostRuns(condition, data); lost > 0) {
    measurement.text += "; " + std::to_string(lost) +
                        (lost == 1 ? " run that failed or diverged is left out"
                                   : " runs that failed or diverged are left out");
  }
  return measurement;
}

}  // namespace

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

std::string Claim::measured() const {
  std::string all;
  for (const Measurement& m : measurements) {
    if (!all.empty()) all += "; ";
    all += m.text;
  }
  return all;
}

std::vector<Claim> EvaluateClaims(const ReportData& data) {
  std::vector<Claim> claims;
  uint32_t item = 0;  // a bootstrap stream a condition
  for (const ClaimSpec& spec : ClaimTable()) {
    Claim claim;
    claim.spec = &spec;
    for (const Condition& condition : spec.conditions) {
      claim.measurements.push_back(Measure(condition, data, item++));
    }
    const auto& all = claim.measurements;
    auto decisive =
        std::find_if(all.begin(), all.end(), [](const Measurement& m) { return !m.available; });
    if (decisive != all.end()) {
      claim.verdict = Verdict::kNoData;
    } else {
      decisive =
          std::find_if(all.begin(), all.end(), [](const Measurement& m) { return !m.holds; });
      claim.verdict = decisive == all.end() ? Verdict::kHolds : Verdict::kDoesNotHold;
      if (decisive == all.end()) decisive = all.begin();
    }
    claim.decisive = static_cast<size_t>(decisive - all.begin());
    claims.push_back(std::move(claim));
  }
  return claims;
}

std::string ToString(Verdict verdict) {
  switch (verdict) {
    case Verdict::kHolds:
      return "holds";
    case Verdict::kDoesNotHold:
      return "does not hold";
    case Verdict::kNoData:
      return "no data";
  }
  return "";
}

std::string ToString(Relation relation) {
  switch (relation) {
    case Relation::kAtLeast:
      return ">=";
    case Relation::kAbove:
      return ">";
    case Relation::kAtMost:
      return "<=";
    case Relation::kBelow:
      return "<";
  }
  return "";
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

std::string VerdictLine(const std::vector<Claim>& claims) {
  const auto count = [&](Verdict verdict) {
    return std::count_if(claims.begin(), claims.end(),
                         [&](const Claim& claim) { return claim.verdict == verdict; });
  };
  const auto holds = count(Verdict::kHolds);
  const auto fails = count(Verdict::kDoesNotHold);
  const auto unknown = count(Verdict::kNoData);
  std::string line = std::to_string(holds) + " of " + std::to_string(claims.size()) +
                     (holds == 1 ? " claims holds" : " claims hold");
  if (fails > 0) line += ", " + std::to_string(fails) + (fails == 1 ? " does not" : " do not");
  if (unknown > 0) {
    line +=
        ", " + std::to_string(unknown) + (unknown == 1 ? " has no data yet" : " have no data yet");
  }
  return line;
}

}  // namespace grove
