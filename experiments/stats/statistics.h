// The few statistics that the report needs. All are deterministic; none changes its arguments.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "engine/training/ratio_statistics.h"  // QuantileOfSorted, Quantile, Median, Mean

namespace grove {

// The mean of the middle half, the aggregate of rliable (Agarwal et al. 2021, "Deep reinforcement
// learning at the edge of the statistical precipice"): floor(n / 4) values are cut at each end, as
// scipy.stats.trim_mean(values, 0.25) does. Fewer than four values: their mean. NaN if there are
// none.
double InterquartileMean(std::vector<double> values);

// Indices of `values` such that these ascend; equal ones keep their order.
std::vector<size_t> AscendingOrder(std::span<const double> values);

// 1-based ranks; equal values share the mean of their ranks.
std::vector<double> Ranks(std::span<const double> values);

// Spearman's rank correlation: Pearson's correlation of the ranks. NaN with fewer than three pairs
// or where x or y is constant. x and y have the same length.
double SpearmanRho(std::span<const double> x, std::span<const double> y);

struct Interval {
  double low = 0;
  double high = 0;
};

// Values of the runs of each group (of each cell of an experiment, say).
using Groups = std::vector<std::vector<double>>;

// 95 % percentile bootstrap (Efron & Tibshirani 1993, chapter 13) over runs: 2,000 times, every
// group is drawn anew from itself with replacement, and the 2.5 % and 97.5 % quantiles of
// `statistic` are taken. With several groups this is the stratified bootstrap of rliable (Agarwal
// et al. 2021), where a group holds the runs of one task. `item` chooses the random stream: equal
// arguments give equal bits. NaN if some group has fewer than two runs, since then nothing is known
// of how runs vary.
Interval BootstrapInterval(const Groups& groups,
                           const std::function<double(const Groups&)>& statistic, uint32_t item);

}  // namespace grove
