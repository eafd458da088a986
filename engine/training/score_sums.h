// How well predicted scores agree with the true ones, from sums that can be kept and added.
#pragma once

#include <cstdint>

namespace grove {

struct ScoreSums {
  int64_t count = 0;
  // Of the scores less the middle of their range, so that little cancels.
  double predicted = 0, target = 0, predicted_squares = 0, target_squares = 0, products = 0;
  double squared_errors = 0;

  void Add(double predicted_score, double target_score);
  void Add(const ScoreSums& other);

  // Pearson's correlation r, from -1 to 1; NaN if all predictions or all targets are the same.
  double Pearson() const;
  // NaN if there are no scores.
  double MeanSquaredError() const;

  bool operator==(const ScoreSums&) const = default;
};

// Calls visit(field) for every sum, but not for the count.
template <typename Sums, typename Visitor>
void ForEachSum(Sums& sums, const Visitor& visit) {
  visit(sums.predicted);
  visit(sums.target);
  visit(sums.predicted_squares);
  visit(sums.target_squares);
  visit(sums.products);
  visit(sums.squared_errors);
}

}  // namespace grove
