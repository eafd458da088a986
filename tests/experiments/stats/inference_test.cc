// Published values, and oracles that count every case.
#include "experiments/stats/inference.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "engine/random.h"
#include "gtest/gtest.h"

namespace grove {
namespace {

const double kNaN = std::numeric_limits<double>::quiet_NaN();

// P(X >= successes) for X of Binomial(n, p), term by term.
double UpperTail(int successes, int n, double p) {
  double sum = 0;
  for (int k = successes; k <= n; ++k) {
    sum += std::exp(std::lgamma(n + 1.0) - std::lgamma(k + 1.0) - std::lgamma(n - k + 1.0) +
                    k * std::log(p) + (n - k) * std::log1p(-p));
  }
  return sum;
}

TEST(ClopperPearson, MatchesPublishedValues) {
  // R's help page of binom.test: Mendel's peas, 682 of 925 (Conover 1971, p. 97).
  const Interval peas = ClopperPearson(682, 925);
  EXPECT_NEAR(peas.low, 0.7076683, 5e-8);
  EXPECT_NEAR(peas.high, 0.7654066, 5e-8);
  // Tables of binomial confidence limits: 5 of 10.
  const Interval half = ClopperPearson(5, 10);
  EXPECT_NEAR(half.low, 0.1871, 5e-5);
  EXPECT_NEAR(half.high, 0.8129, 5e-5);
}

TEST(ClopperPearson, OfNoneOrAllHasAClosedForm) {
  for (int n : {1, 5, 10, 100}) {
    const double bound = 1 - std::pow(0.025, 1.0 / n);
    EXPECT_EQ(ClopperPearson(0, n).low, 0);
    EXPECT_NEAR(ClopperPearson(0, n).high, bound, 1e-12);
    EXPECT_NEAR(ClopperPearson(n, n).low, 1 - bound, 1e-12);
    EXPECT_EQ(ClopperPearson(n, n).high, 1);
  }
  EXPECT_EQ(ClopperPearson(0, 0).low, 0);
  EXPECT_EQ(ClopperPearson(0, 0).high, 1);
}

TEST(ClopperPearson, EachEndLeavesHalfOfTheErrorInItsTail) {
  for (double confidence : {0.9, 0.95, 0.99}) {
    for (int n : {3, 20, 57}) {
      for (int successes = 1; successes < n; ++successes) {
        const Interval interval = ClopperPearson(successes, n, confidence);
        const double tail = (1 - confidence) / 2;
        EXPECT_NEAR(UpperTail(successes, n, interval.low), tail, 1e-10);
        EXPECT_NEAR(UpperTail(successes + 1, n, interval.high), 1 - tail, 1e-10);
        const Interval mirrored = ClopperPearson(n - successes, n, confidence);
        EXPECT_NEAR(mirrored.low, 1 - interval.high, 1e-12);
      }
    }
  }
}

PairedTest TestOfDifferences(const std::vector<double>& differences) {
  return WilcoxonSignedRank(differences, std::vector<double>(differences.size(), 0.0));
}

TEST(WilcoxonSignedRank, MatchesPublishedValues) {
  // R's help page of wilcox.test: depression scores (Hollander & Wolfe 1973, p. 29). V = 40 and the
  // one-sided p is 0.01953 = 10 / 2^9; the two-sided one is twice that.
  const PairedTest scores = WilcoxonSignedRank(
      std::vector<double>{1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30},
      std::vector<double>{0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29});
  EXPECT_EQ(scores.n, 9);
  EXPECT_EQ(scores.zeros, 0);
  EXPECT_EQ(scores.statistic, 40);
  EXPECT_DOUBLE_EQ(scores.p, 20 / 512.0);
  EXPECT_NEAR(scores.median_difference, 0.49, 1e-12);
  // Darwin's maize, as in the documentation of scipy.stats.wilcoxon: 24 and 0.041259765625.
  const PairedTest maize =
      TestOfDifferences({6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75});
  EXPECT_EQ(maize.statistic, 15 * 16 / 2 - 24);
  EXPECT_DOUBLE_EQ(maize.p, 0.041259765625);
}

// The share of all 2^m signs under which the rank sum is at least as far from its mean.
double EnumeratedP(const std::vector<double>& differences) {
  std::vector<double> kept, sizes;
  for (double d : differences) {
    if (d != 0) kept.push_back(d), sizes.push_back(std::abs(d));
  }
  const std::vector<double> ranks = Ranks(sizes);
  const size_t m = kept.size();
  const auto distance = [&](auto positive) {
    double sum = 0;
    for (size_t i = 0; i < m; ++i) sum += positive(i) ? ranks[i] : -ranks[i];
    return std::abs(sum);
  };
  const double seen = distance([&](size_t i) { return kept[i] > 0; });
  int as_far = 0;
  for (unsigned signs = 0; signs < 1u << m; ++signs) {
    as_far += distance([&](size_t i) { return (signs >> i & 1) != 0; }) >= seen;
  }
  return as_far / std::ldexp(1.0, static_cast<int>(m));
}

TEST(WilcoxonSignedRank, AgreesWithTheCountOfAllSigns) {
  RandomStream random(1, Purpose::kBootstrap);
  int with_ties = 0, with_zeros = 0;
  for (int trial = 0; trial < 300; ++trial) {
    const uint32_t n = 1 + random.NextBelow(12), bound = trial % 2 == 0 ? 4 : 1000;
    std::vector<double> differences(n);
    for (double& d : differences) d = static_cast<double>(random.NextBelow(2 * bound + 1)) - bound;
    const PairedTest test = TestOfDifferences(differences);
    ASSERT_DOUBLE_EQ(test.p, EnumeratedP(differences)) << "trial " << trial;
    ASSERT_EQ(test.zeros, std::count(differences.begin(), differences.end(), 0.0));
    with_zeros += test.zeros > 0;
    with_ties += bound == 4 && n > 8;  // of at most four sizes
  }
  EXPECT_GT(with_ties, 20);
  EXPECT_GT(with_zeros, 20);
}

TEST(WilcoxonSignedRank, DifferencesOfDecimalsTieThoughTheirBitsDiffer) {
  const std::vector<double> x = {0.93, 0.83, 0.31, 0.7, 0.2}, y = {0.90, 0.80, 0.34, 0.1, 0.2};
  ASSERT_NE(x[0] - y[0], x[1] - y[1]);
  const PairedTest test = WilcoxonSignedRank(x, y);
  EXPECT_EQ(test.zeros, 1);
  EXPECT_EQ(test.statistic, 2 + 2 + 4);
  EXPECT_DOUBLE_EQ(test.p, EnumeratedP({3, 3, -3, 60, 0}));
}

TEST(WilcoxonSignedRank, SwappingTheSidesChangesOnlyTheSign) {
  const std::vector<double> x = {5, 1, 4, 9, 2, 2, 8}, y = {3, 2, 4, 1, 6, 1, 1};
  const PairedTest one = WilcoxonSignedRank(x, y), other = WilcoxonSignedRank(y, x);
  EXPECT_EQ(one.p, other.p);
  EXPECT_EQ(one.median_difference, -other.median_difference);
  EXPECT_EQ(one.statistic + other.statistic, 6 * 7 / 2);
}

TEST(WilcoxonSignedRank, OfTwoHundredPairs) {
  std::vector<double> differences(200);
  for (size_t i = 0; i < 200; ++i) differences[i] = static_cast<double>(i + 1);
  EXPECT_DOUBLE_EQ(TestOfDifferences(differences).p, std::ldexp(1.0, -199));
  // Near the centre the normal approximation, with its correction for continuity, is good.
  const double mean = 200 * 201 / 4.0, deviation = std::sqrt(200.0 * 201 * 401 / 24);
  RandomStream random(3, Purpose::kBootstrap);
  int compared = 0;
  for (int trial = 0; trial < 20; ++trial) {
    for (double& d : differences) d = random.NextBelow(2) == 0 ? d : -d;
    const PairedTest test = TestOfDifferences(differences);
    const double z = (std::abs(test.statistic - mean) - 0.5) / deviation;
    if (z < 0 || z > 2) continue;
    EXPECT_NEAR(test.p / std::erfc(z / std::sqrt(2.0)), 1, 0.005) << z;
    ++compared;
  }
  EXPECT_GT(compared, 15);
}

TEST(WilcoxonSignedRank, WithoutDifferences) {
  const std::vector<double> x = {0.5, 0.7};
  EXPECT_EQ(WilcoxonSignedRank(x, x).p, 1);
  EXPECT_EQ(WilcoxonSignedRank(x, x).zeros, 2);
  EXPECT_TRUE(std::isnan(WilcoxonSignedRank({}, {}).p));
  EXPECT_TRUE(std::isnan(WilcoxonSignedRank({}, {}).median_difference));
}

void ExpectNear(const std::vector<double>& values, const std::vector<double>& expected) {
  ASSERT_EQ(values.size(), expected.size());
  for (size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(expected[i])) {
      EXPECT_TRUE(std::isnan(values[i])) << i;
    } else {
      EXPECT_NEAR(values[i], expected[i], 1e-15) << i;
    }
  }
}

TEST(HolmAdjust, MatchesPublishedValues) {
  // The worked example of the Holm-Bonferroni method: 0.01, 0.04, 0.03, 0.005 at alpha = 0.05
  // rejects the first and the last; R: p.adjust(c(.01, .04, .03, .005), "holm").
  ExpectNear(HolmAdjust(std::vector<double>{0.01, 0.04, 0.03, 0.005}), {0.03, 0.06, 0.06, 0.02});
}

TEST(HolmAdjust, IsMonotoneCappedAndLeavesNaNOut) {
  ExpectNear(HolmAdjust(std::vector<double>{0.6, kNaN, 0.01, 0.7}), {1, kNaN, 0.03, 1});
  ExpectNear(HolmAdjust(std::vector<double>{0.02, 0.02}), {0.04, 0.04});
  ExpectNear(HolmAdjust(std::vector<double>{kNaN}), {kNaN});
  EXPECT_TRUE(HolmAdjust({}).empty());
}

// Step-down as Holm (1979) states it: go up the ordered p values while p <= alpha / (m - k).
TEST(HolmAdjust, RejectsWhatTheStepDownProcedureRejects) {
  RandomStream random(2, Purpose::kBootstrap);
  for (int trial = 0; trial < 200; ++trial) {
    std::vector<double> p(1 + random.NextBelow(8));
    for (double& value : p) value = 0.1 * random.NextUniform();
    const std::vector<double> adjusted = HolmAdjust(p);
    std::vector<double> sorted = p;
    std::sort(sorted.begin(), sorted.end());
    size_t rejected = 0;
    while (rejected < p.size() &&
           sorted[rejected] * static_cast<double>(p.size() - rejected) <= 0.05) {
      ++rejected;
    }
    for (size_t i = 0; i < p.size(); ++i) {
      const bool is_rejected = rejected > 0 && p[i] <= sorted[rejected - 1];
      EXPECT_EQ(adjusted[i] <= 0.05, is_rejected);
    }
  }
}

}  // namespace
}  // namespace grove
