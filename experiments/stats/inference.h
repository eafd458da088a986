// Exact tests and intervals: what a comparison of runs allows one to say. All are deterministic.
#pragma once

#include <span>
#include <vector>

#include "experiments/stats/statistics.h"

namespace grove {

// Interval of a share, of which `successes` of `n` were seen (Clopper & Pearson 1934): it covers
// the truth with at least `confidence`. 0 <= successes <= n; nothing seen (n = 0) gives [0, 1].
Interval ClopperPearson(int successes, int n, double confidence = 0.95);

struct PairedTest {
  int n = 0;                     // pairs
  int zeros = 0;                 // of them equal: dropped before ranking
  double statistic = 0;          // sum of the ranks of the positive differences x - y (R's V)
  double p = 1;                  // two-sided, exact
  double median_difference = 0;  // of x - y over all n pairs
};

// Signed-rank test that x - y is symmetric about zero (Wilcoxon 1945). Zero differences are dropped
// and the test is conditional on those left, which is Wilcoxon's way (Pratt's keeps them); equal
// absolute differences share the mean of their ranks. The null distribution is exact, ties
// included: all 2^m signs of the m ranks are equally likely; n up to 1,000 or so.
//
// Differences closer to each other than 1e-12 of the largest value count as equal, since those of
// decimal fractions are: 0.93 - 0.90 and 0.83 - 0.80 differ in their last bits only.
//
// x and y have the same length and are finite. Without pairs p and the median are NaN; with equal
// pairs only, p is 1.
PairedTest WilcoxonSignedRank(std::span<const double> x, std::span<const double> y);

// Adjusted p values for a family of tests (Holm 1979), in the order given: those <= alpha are
// rejected with a family-wise error of at most alpha. NaN stays NaN and is no member of the family.
std::vector<double> HolmAdjust(std::span<const double> p);

}  // namespace grove
