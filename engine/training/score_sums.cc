#include "engine/training/score_sums.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/trees/forest.h"

namespace grove {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kMiddle = (1 + kScores) / 2.0;

}  // namespace

void ScoreSums::Add(double predicted_score, double target_score) {
  const double p = predicted_score - kMiddle, t = target_score - kMiddle;
  Add({.count = 1,
       .predicted = p,
       .target = t,
       .predicted_squares = p * p,
       .target_squares = t * t,
       .products = p * t,
       .squared_errors = (p - t) * (p - t)});
}

void ScoreSums::Add(const ScoreSums& other) {
  count += other.count;
  predicted += other.predicted;
  target += other.target;
  predicted_squares += other.predicted_squares;
  target_squares += other.target_squares;
  products += other.products;
  squared_errors += other.squared_errors;
}

double ScoreSums::Pearson() const {
  const auto n = static_cast<double>(count);
  const double predicted_variance = n * predicted_squares - predicted * predicted;
  const double target_variance = n * target_squares - target * target;
  // What rounding leaves of equal numbers is no variance.
  const auto none = [n](double variance, double squares) {
    return !(variance > 1e-12 * n * squares);
  };
  if (none(predicted_variance, predicted_squares) || none(target_variance, target_squares)) {
    return kNaN;
  }
  const double r = (n * products - predicted * target) /
                   (std::sqrt(predicted_variance) * std::sqrt(target_variance));
  return std::clamp(r, -1.0, 1.0);
}

double ScoreSums::MeanSquaredError() const {
  return count == 0 ? kNaN : squared_errors / static_cast<double>(count);
}

}  // namespace grove
