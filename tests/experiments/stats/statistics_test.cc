#include "experiments/stats/statistics.h"

#include <cmath>
#include <limits>
#include <numeric>

#include "gtest/gtest.h"

namespace grove {
namespace {

TEST(Quantile, IsTypeSeven) {
  // R: quantile(c(1, 2, 4, 8, 16), c(0, .1, .25, .5, .6, 1)) gives 1 1.4 2 4 5.6 16.
  const std::vector<double> values = {16, 1, 8, 2, 4};
  EXPECT_DOUBLE_EQ(Quantile(values, 0), 1);
  EXPECT_DOUBLE_EQ(Quantile(values, 0.1), 1.4);
  EXPECT_DOUBLE_EQ(Quantile(values, 0.25), 2);
  EXPECT_DOUBLE_EQ(Quantile(values, 0.5), 4);
  EXPECT_DOUBLE_EQ(Quantile(values, 0.6), 5.6);
  EXPECT_DOUBLE_EQ(Quantile(values, 1), 16);
  // An even number: quantile(1:4, .25) is 1.75.
  EXPECT_DOUBLE_EQ(Quantile({1, 2, 3, 4}, 0.25), 1.75);
  EXPECT_DOUBLE_EQ(Median({1, 2, 3, 4}), 2.5);
}

TEST(Quantile, OfOneOrNoneOrInfinite) {
  const double inf = std::numeric_limits<double>::infinity();
  EXPECT_EQ(Quantile({7}, 0.95), 7);
  EXPECT_TRUE(std::isnan(Median({})));
  EXPECT_TRUE(std::isnan(Mean({})));
  EXPECT_EQ(Median({1, inf, 2}), 2);
  EXPECT_EQ(Quantile({1, 2, inf}, 1), inf);
}

TEST(InterquartileMean, CutsAQuarterOfTheValuesAtEachEnd) {
  // scipy.stats.trim_mean(range(20), 0.25) is 9.5 (its documentation); outliers do not count.
  std::vector<double> values(20);
  std::iota(values.rbegin(), values.rend(), 0.0);
  EXPECT_DOUBLE_EQ(InterquartileMean(values), 9.5);
  values[0] = 1e9;
  values[19] = -std::numeric_limits<double>::infinity();
  EXPECT_DOUBLE_EQ(InterquartileMean(values), 9.5);
  // floor(5 / 4) and floor(7 / 4) are 1, floor(8 / 4) is 2.
  EXPECT_DOUBLE_EQ(InterquartileMean({100, 1, 3, 8, -50}), 4);
  EXPECT_DOUBLE_EQ(InterquartileMean({0, 1, 2, 3, 4, 10, 99}), 4);
  EXPECT_DOUBLE_EQ(InterquartileMean({0, 1, 2, 3, 4, 11, 60, 99}), 5);
}

TEST(InterquartileMean, OfFewValuesIsTheirMean) {
  EXPECT_DOUBLE_EQ(InterquartileMean({1, 2, 9}), 4);
  EXPECT_EQ(InterquartileMean({7}), 7);
  EXPECT_TRUE(std::isnan(InterquartileMean({})));
}

TEST(Ranks, TiesShareTheMeanRank) {
  const std::vector<double> values = {30, 10, 20, 20, 10, 10};
  EXPECT_EQ(Ranks(values), (std::vector<double>{6, 2, 4.5, 4.5, 2, 2}));
}

TEST(SpearmanRho, MatchesHandComputedValues) {
  const std::vector<double> x = {1, 2, 3, 4, 5};
  // Without ties rho = 1 - 6 sum d^2 / (n (n^2 - 1)); here d = (1, -1, 0, 1, -1).
  EXPECT_DOUBLE_EQ(SpearmanRho(x, std::vector<double>{20, 10, 30, 50, 40}), 1 - 6 * 4 / 120.0);
  EXPECT_DOUBLE_EQ(SpearmanRho(x, std::vector<double>{1, 8, 27, 64, 125}), 1);
  EXPECT_DOUBLE_EQ(SpearmanRho(x, std::vector<double>{5, 4, 3, 2, 1}), -1);
  // Ties: ranks of y are 1.5 1.5 3 4.5 4.5; covariance 9, variances 10 and 9.
  EXPECT_NEAR(SpearmanRho(x, std::vector<double>{1, 1, 2, 3, 3}), 9 / std::sqrt(90.0), 1e-15);
}

TEST(SpearmanRho, IsUndefinedForConstantOrFewValues) {
  const std::vector<double> x = {1, 2, 3};
  EXPECT_TRUE(std::isnan(SpearmanRho(x, std::vector<double>{4, 4, 4})));
  EXPECT_TRUE(std::isnan(SpearmanRho(std::vector<double>{1, 2}, std::vector<double>{1, 2})));
}

double MeanOfFirst(const Groups& groups) { return Mean(groups[0]); }

TEST(BootstrapInterval, CoversWhatAnExactCountGives) {
  // The mean of 10 draws from {0, 1} with equal weights is Binomial(10, 1/2) / 10: its 2.5 % and
  // 97.5 % quantiles are 0.2 and 0.8.
  const Groups groups = {{0, 1, 0, 1, 0, 1, 0, 1, 0, 1}};
  const Interval interval = BootstrapInterval(groups, MeanOfFirst, 3);
  EXPECT_DOUBLE_EQ(interval.low, 0.2);
  EXPECT_DOUBLE_EQ(interval.high, 0.8);
}

TEST(BootstrapInterval, IsTheSameTwiceAndDependsOnItsStream) {
  const Groups groups = {{0.31, 0.52, 0.93, 0.14, 0.75}};
  const Interval first = BootstrapInterval(groups, MeanOfFirst, 1);
  const Interval again = BootstrapInterval(groups, MeanOfFirst, 1);
  const Interval other = BootstrapInterval(groups, MeanOfFirst, 2);
  EXPECT_EQ(first.low, again.low);
  EXPECT_EQ(first.high, again.high);
  EXPECT_TRUE(first.low != other.low || first.high != other.high);
}

TEST(BootstrapInterval, GroupsAreDrawnFromThemselvesOnly) {
  const Groups groups = {{1, 1, 1}, {5, 5}};
  const auto difference = [](const Groups& g) { return Mean(g[1]) - Mean(g[0]); };
  const Interval interval = BootstrapInterval(groups, difference, 1);
  EXPECT_EQ(interval.low, 4);
  EXPECT_EQ(interval.high, 4);
}

TEST(BootstrapInterval, NeedsTwoRunsInEveryGroup) {
  EXPECT_TRUE(std::isnan(BootstrapInterval({{1, 2, 3}, {4}}, MeanOfFirst, 1).low));
  EXPECT_TRUE(std::isnan(BootstrapInterval({}, MeanOfFirst, 1).high));
}

}  // namespace
}  // namespace grove
