#include "experiments/runs/ratios.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace grove {

std::vector<RatioSummary> SummariseRatios(std::vector<GradientRatio> ratios) {
  std::erase_if(ratios, [](const GradientRatio& r) { return std::isnan(r.ratio); });
  std::sort(ratios.begin(), ratios.end(), [](const GradientRatio& a, const GradientRatio& b) {
    return std::tie(a.epoch, a.depth, a.ratio) < std::tie(b.epoch, b.depth, b.ratio);
  });
  std::vector<RatioSummary> summaries;
  std::vector<double> values;
  for (size_t first = 0; first < ratios.size();) {
    const auto [epoch, depth, unused] = ratios[first];
    size_t end = first;
    values.clear();
    for (; end < ratios.size() && ratios[end].epoch == epoch && ratios[end].depth == depth; ++end) {
      values.push_back(ratios[end].ratio);
    }
    summaries.push_back({StatisticsOfSorted(values), epoch, depth});
    first = end;
  }
  return summaries;
}

const RatioSummary* FindSummary(const std::vector<RatioSummary>& summaries, int epoch, int depth) {
  const auto found = std::lower_bound(
      summaries.begin(), summaries.end(), std::tie(epoch, depth),
      [](const RatioSummary& s, const auto& at) { return std::tie(s.epoch, s.depth) < at; });
  if (found == summaries.end() || found->epoch != epoch || found->depth != depth) return nullptr;
  return &*found;
}

int LastEpoch(const std::vector<RatioSummary>& summaries) {
  return summaries.empty() ? 0 : summaries.back().epoch;
}

double ShareAbove1(const std::vector<RatioSummary>& summaries, int epoch) {
  size_t n = 0, above_1 = 0;
  for (const RatioSummary& summary : summaries) {
    if (summary.epoch != epoch) continue;
    n += summary.n;
    above_1 += summary.above_1;
  }
  return static_cast<double>(above_1) / static_cast<double>(n);
}

}  // namespace grove
