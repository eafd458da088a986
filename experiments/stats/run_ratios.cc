#include "experiments/stats/run_ratios.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "experiments/stats/numbers.h"
#include "experiments/stats/statistics.h"

namespace grove {
namespace {

using S = Statistic;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double HighestMedianOfEpoch(const std::vector<RatioSummary>& summaries, int epoch, int from_depth) {
  double highest = kNaN;
  for (const RatioSummary& s : summaries) {
    if (s.epoch == epoch && s.depth >= from_depth) highest = std::fmax(highest, s.median);
  }
  return highest;
}

double LowestMedianOfEpoch(const std::vector<RatioSummary>& summaries, int epoch, int first,
                           int last) {
  double lowest = std::numeric_limits<double>::infinity();
  for (int depth = first; depth <= last; ++depth) {
    const double median = MedianRatio(summaries, epoch, depth);
    if (std::isnan(median)) return kNaN;
    lowest = std::min(lowest, median);
  }
  return lowest;
}

double DepthRho(const std::vector<RatioSummary>& summaries, int epoch) {
  std::vector<double> depths, medians;
  for (const RatioSummary& s : summaries) {
    if (s.epoch != epoch) continue;
    depths.push_back(s.depth);
    medians.push_back(s.median);
  }
  return SpearmanRho(depths, medians);
}

}  // namespace

RatioPeak FindPeak(const std::vector<RatioSummary>& summaries) {
  RatioPeak peak;
  for (int epoch = 1; epoch <= LastEpoch(summaries); ++epoch) {
    const double share = ShareAbove1(summaries, epoch);
    if (share > peak.share) peak = {epoch, share};
  }
  return peak;
}

double MedianRatio(const std::vector<RatioSummary>& summaries, int epoch, int depth) {
  const RatioSummary* found = FindSummary(summaries, epoch, depth);
  return found == nullptr ? kNaN : found->median;
}

DevRho DevRhoOf(const RunRecord& run, const std::vector<RatioSummary>& summaries, int depth,
                int after) {
  const int last = FindPeak(summaries).epoch + after;
  std::vector<double> ratios, accuracies;
  for (const EpochRecord& epoch : run.history) {
    const double median = MedianRatio(summaries, epoch.epoch, depth);
    if (epoch.epoch > last || std::isnan(median)) continue;
    ratios.push_back(median);
    accuracies.push_back(epoch.dev_accuracy);
  }
  return {SpearmanRho(ratios, accuracies), static_cast<int>(ratios.size())};
}

double RatioFigure(const Condition& condition, const RunRecord& run,
                   const std::vector<RatioSummary>& summaries) {
  const int last_epoch = LastEpoch(summaries);
  const int depth = condition.first;
  switch (condition.statistic) {
    case S::kFirstEpoch:
      return HighestMedianOfEpoch(summaries, 1, depth);
    case S::kGrowth:
      return MedianRatio(summaries, last_epoch, depth) / MedianRatio(summaries, 1, depth);
    case S::kDepthRho:
      return DepthRho(summaries, last_epoch);
    case S::kPeakShare:
      return Percent(FindPeak(summaries).share);
    case S::kFirstShare:
      return Percent(ShareAbove1(summaries, 1));
    case S::kLastOverPeak:
      return RoundDecimals(ShareAbove1(summaries, last_epoch) / FindPeak(summaries).share);
    case S::kLastEpoch:
      return LowestMedianOfEpoch(summaries, last_epoch, condition.first, condition.last);
    case S::kDevRho:
      return DevRhoOf(run, summaries, depth, kEpochsAfterPeak).rho;
    case S::kRlstmOverRnn:
      return MedianRatio(summaries, last_epoch, depth);
    default:
      return kNaN;
  }
}

std::string RatioFigureName(const Condition& condition) {
  const std::string depth = "depth " + std::to_string(condition.first);
  switch (condition.statistic) {
    case S::kFirstEpoch:
      return "highest median ratio of epoch 1 from " + depth;
    case S::kGrowth:
      return "median ratio at " + depth + ", last epoch / epoch 1";
    case S::kDepthRho:
      return "rho(depth, median ratio) in the last epoch";
    case S::kPeakShare:
      return "peak share of ratios > 1 (%)";
    case S::kFirstShare:
      return "share of ratios > 1 in epoch 1 (%)";
    case S::kLastOverPeak:
      return "share > 1, last epoch / peak";
    case S::kLastEpoch:
      return "lower median ratio of depths 12 and 13, last epoch";
    case S::kDevRho:
      return "rho(median ratio at " + depth + ", dev accuracy) up to e*+2";
    default:
      return "median ratio at " + depth + ", last epoch";
  }
}

}  // namespace grove
