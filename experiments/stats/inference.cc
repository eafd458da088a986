#include "experiments/stats/inference.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>

namespace grove {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kTieTolerance = 1e-12;  // of the largest value

// Makes values equal that are no further than `tolerance` above the lowest of their like.
void MergeTies(std::span<double> values, double tolerance) {
  double lowest = -std::numeric_limits<double>::infinity();
  for (size_t i : AscendingOrder(values)) {
    if (values[i] - lowest > tolerance) lowest = values[i];
    values[i] = lowest;
  }
}

// P(S <= s), where S is the sum of those `doubled_ranks` (twice the ranks, hence integers) whose
// coin shows heads. Term by term: the sum is r with heads, else unchanged.
double SignedRankTail(std::span<const int> doubled_ranks, int s) {
  std::vector<double> probability(static_cast<size_t>(s) + 1, 0.0);  // of each sum up to s
  probability[0] = 1;
  for (int rank : doubled_ranks) {
    for (int sum = s; sum >= 0; --sum) {
      const double heads = sum >= rank ? probability[static_cast<size_t>(sum - rank)] : 0;
      double& at = probability[static_cast<size_t>(sum)];
      at = 0.5 * (at + heads);
    }
  }
  return std::accumulate(probability.begin(), probability.end(), 0.0);
}

}  // namespace

Interval ClopperPearson(int successes, int n, double confidence) {
  assert(0 <= successes && successes <= n && 0 < confidence && confidence < 1);
  if (n == 0) return {0, 1};
  using Binomial = boost::math::binomial_distribution<double>;
  const double tail = (1 - confidence) / 2;
  return {Binomial::find_lower_bound_on_p(n, successes, tail),
          Binomial::find_upper_bound_on_p(n, successes, tail)};
}

PairedTest WilcoxonSignedRank(std::span<const double> x, std::span<const double> y) {
  assert(x.size() == y.size());
  double largest = 0;
  std::vector<double> all, differences, sizes;
  for (size_t i = 0; i < x.size(); ++i) {
    assert(std::isfinite(x[i]) && std::isfinite(y[i]));
    largest = std::max({largest, std::abs(x[i]), std::abs(y[i])});
    all.push_back(x[i] - y[i]);
  }
  const double tolerance = kTieTolerance * largest;
  for (double d : all) {
    if (std::abs(d) <= tolerance) continue;
    differences.push_back(d);
    sizes.push_back(std::abs(d));
  }
  MergeTies(sizes, tolerance);
  int positive = 0, total = 0;  // sums of doubled ranks
  std::vector<int> doubled_ranks;
  const std::vector<double> ranks = Ranks(sizes);
  for (size_t i = 0; i < ranks.size(); ++i) {
    doubled_ranks.push_back(static_cast<int>(std::lround(2 * ranks[i])));
    total += doubled_ranks.back();
    if (differences[i] > 0) positive += doubled_ranks.back();
  }
  PairedTest test;
  test.n = static_cast<int>(x.size());
  test.zeros = static_cast<int>(all.size() - differences.size());
  test.statistic = 0.5 * positive;
  // The distribution is symmetric, so that both tails are as heavy as the lower one.
  test.p =
      all.empty()
          ? kNaN
          : std::min(1.0, 2 * SignedRankTail(doubled_ranks, std::min(positive, total - positive)));
  test.median_difference = Median(std::move(all));
  return test;
}

std::vector<double> HolmAdjust(std::span<const double> p) {
  std::vector<double> adjusted(p.begin(), p.end());
  std::vector<size_t> members;
  for (size_t i = 0; i < p.size(); ++i) {
    if (!std::isnan(p[i])) members.push_back(i);
  }
  std::stable_sort(members.begin(), members.end(), [&](size_t a, size_t b) { return p[a] < p[b]; });
  double highest = 0;
  for (size_t k = 0; k < members.size(); ++k) {
    const double factor = static_cast<double>(members.size() - k);
    highest = std::max(highest, std::min(1.0, factor * p[members[k]]));
    adjusted[members[k]] = highest;
  }
  return adjusted;
}

}  // namespace grove
