#include "experiments/runs/ratios.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <tuple>

#include "experiments/runs/csv.h"

namespace grove {
namespace {

// `sorted` ascends and is not empty.
RatioSummary Summarise(int epoch, int depth, std::span<const double> sorted) {
  RatioSummary summary{StatisticsOfSorted(sorted), epoch, depth, {}};
  const size_t kept = std::min(sorted.size(), RatioSummary::kSampleSize);
  for (size_t i = 0; i < kept; ++i) {
    const size_t at = kept == 1 ? 0 : i * (sorted.size() - 1) / (kept - 1);
    summary.sample.push_back(sorted[at]);
  }
  return summary;
}

}  // namespace

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
    summaries.push_back(Summarise(epoch, depth, values));
    first = end;
  }
  return summaries;
}

std::vector<GradientRatio> ReadRatios(const std::string& path) {
  CsvReader reader(path, "epoch,depth,ratio");
  std::vector<GradientRatio> ratios;
  while (reader.Next()) {
    GradientRatio& ratio = ratios.emplace_back();
    reader.Take(ratio.epoch);
    reader.Take(ratio.depth);
    reader.Take(ratio.ratio);
    if (ratio.epoch < 1 || ratio.depth < 0 || ratio.ratio < 0) {
      reader.Fail("epoch must be at least 1, depth and ratio at least 0");
    }
  }
  return ratios;
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
