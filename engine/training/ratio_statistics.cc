#include "engine/training/ratio_statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace grove {

double QuantileOfSorted(std::span<const double> sorted, double p) {
  const double position = p * static_cast<double>(sorted.size() - 1);
  const size_t below = static_cast<size_t>(position);
  const double fraction = position - static_cast<double>(below);
  // No interpolation where none is needed: infinite values must not become NaN.
  if (fraction == 0) return sorted[below];
  return sorted[below] + fraction * (sorted[below + 1] - sorted[below]);
}

double Quantile(std::vector<double> values, double p) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::sort(values.begin(), values.end());
  return QuantileOfSorted(values, p);
}

double Median(std::vector<double> values) { return Quantile(std::move(values), 0.5); }

double Mean(std::span<const double> values) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

RatioStatistics StatisticsOfSorted(std::span<const double> sorted) {
  RatioStatistics statistics;
  statistics.n = sorted.size();
  statistics.above_1 =
      static_cast<size_t>(sorted.end() - std::upper_bound(sorted.begin(), sorted.end(), 1.0));
  statistics.q05 = QuantileOfSorted(sorted, 0.05);
  statistics.q25 = QuantileOfSorted(sorted, 0.25);
  statistics.median = QuantileOfSorted(sorted, 0.5);
  statistics.q75 = QuantileOfSorted(sorted, 0.75);
  statistics.q95 = QuantileOfSorted(sorted, 0.95);
  double sum = 0;
  size_t positive = 0;
  for (const double ratio : sorted) {
    if (ratio <= 0) continue;
    sum += std::log10(ratio);
    ++positive;
  }
  statistics.mean_log10 = positive == 0 ? std::numeric_limits<double>::quiet_NaN()
                                        : sum / static_cast<double>(positive);
  return statistics;
}

}  // namespace grove
