#include "engine/training/ratio_statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
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

double Log10(double x) {
  if (std::isinf(x)) return x;
  int k = 0;
  double m = std::frexp(x, &k);  // x = m 2^k, exactly
  if (m < std::numbers::sqrt2 / 2) {
    m *= 2;
    --k;
  }
  // ln m = 2 atanh s = 2 (s + s^3 / 3 + s^5 / 5 + ...) with |s| <= 0.172: twelve terms leave 1e-19.
  const double s = (m - 1) / (m + 1);
  double sum = 0;
  for (int i = 23; i >= 1; i -= 2) sum = sum * (s * s) + 1.0 / i;
  constexpr double kLog10Of2 = 0.30102999566398119521;
  return k * kLog10Of2 + s * sum * (2 * std::numbers::log10e);
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
    sum += Log10(ratio);
    ++positive;
  }
  statistics.mean_log10 = positive == 0 ? std::numeric_limits<double>::quiet_NaN()
                                        : sum / static_cast<double>(positive);
  return statistics;
}

}  // namespace grove
