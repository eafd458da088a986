// What is kept of the gradient ratios of one group of nodes.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace grove {

// Linear interpolation between order statistics: type 7 of Hyndman & Fan (1996), the default of R.
// `sorted` ascends and is not empty; 0 <= p <= 1.
double QuantileOfSorted(std::span<const double> sorted, double p);

// The same, and the median, of values in any order; NaN if there are none.
double Quantile(std::vector<double> values, double p);
double Median(std::vector<double> values);

// NaN if there are no values.
double Mean(std::span<const double> values);

// log10 of x > 0, with a relative error of at most 6e-16. A fixed sequence of IEEE operations, so
// that the bits do not depend on a math library as those of std::log10 do. Infinity gives infinity.
double Log10(double x);

// Ratios |dJ/dh| / |dJ/dh of the root|. Quantiles are of type 7.
struct RatioStatistics {
  size_t n = 0;        // ratios
  size_t above_1 = 0;  // ratios > 1
  double q05 = 0, q25 = 0, median = 0, q75 = 0, q95 = 0;
  double mean_log10 = 0;  // over the ratios > 0; NaN if there are none

  bool operator==(const RatioStatistics&) const = default;
  double share_above_1() const { return static_cast<double>(above_1) / static_cast<double>(n); }
};

// `sorted` ascends, is not empty and holds no NaN.
RatioStatistics StatisticsOfSorted(std::span<const double> sorted);

}  // namespace grove
