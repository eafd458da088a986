#include "experiments/stats/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "engine/random.h"

namespace grove {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr int kResamples = 2000;
constexpr uint64_t kBootstrapSeed = 1;

bool IsConstant(std::span<const double> values) {
  return std::all_of(values.begin(), values.end(), [&](double v) { return v == values.front(); });
}

}  // namespace

double InterquartileMean(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const size_t cut = values.size() / 4;
  return Mean(std::span<const double>(values).subspan(cut, values.size() - 2 * cut));
}

std::vector<size_t> AscendingOrder(std::span<const double> values) {
  std::vector<size_t> order(values.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return values[a] < values[b]; });
  return order;
}

std::vector<double> Ranks(std::span<const double> values) {
  const std::vector<size_t> order = AscendingOrder(values);
  std::vector<double> ranks(values.size());
  for (size_t first = 0; first < order.size();) {
    size_t last = first;  // of the values equal to order[first]
    while (last + 1 < order.size() && values[order[last + 1]] == values[order[first]]) ++last;
    for (size_t i = first; i <= last; ++i) {
      ranks[order[i]] = 0.5 * static_cast<double>(first + last) + 1;
    }
    first = last + 1;
  }
  return ranks;
}

double SpearmanRho(std::span<const double> x, std::span<const double> y) {
  if (x.size() < 3 || IsConstant(x) || IsConstant(y)) return kNaN;
  const std::vector<double> x_ranks = Ranks(x), y_ranks = Ranks(y);
  const double mean = 0.5 * static_cast<double>(x.size() + 1);  // of any ranks
  double xy = 0, xx = 0, yy = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    const double dx = x_ranks[i] - mean, dy = y_ranks[i] - mean;
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  }
  return xy / std::sqrt(xx * yy);
}

Interval BootstrapInterval(const Groups& groups,
                           const std::function<double(const Groups&)>& statistic, uint32_t item) {
  const bool enough =
      std::all_of(groups.begin(), groups.end(),
                  [](const std::vector<double>& group) { return group.size() > 1; });
  if (groups.empty() || !enough) return {kNaN, kNaN};
  RandomStream random(kBootstrapSeed, Purpose::kBootstrap, item);
  Groups resampled = groups;
  std::vector<double> values(kResamples);
  for (double& value : values) {
    for (size_t g = 0; g < groups.size(); ++g) {
      const uint32_t runs = static_cast<uint32_t>(groups[g].size());
      for (double& drawn : resampled[g]) drawn = groups[g][random.NextBelow(runs)];
    }
    value = statistic(resampled);
  }
  std::sort(values.begin(), values.end());
  return {QuantileOfSorted(values, 0.025), QuantileOfSorted(values, 0.975)};
}

}  // namespace grove
