// How each statistic of a claim is computed from the runs.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "experiments/stats/claims.h"
#include "experiments/stats/statistics.h"

namespace grove {

// The runs' values that a condition rests on, and how the value comes from them.
struct StatisticInput {
  Groups groups;
  std::vector<std::string> cells;  // of the groups: "exp1 3 rlstm"
  std::function<double(const Groups&)> statistic;
  std::string text;     // the figures, for people
  std::string missing;  // what is not there; empty: the statistic can be computed
};

// Over test accuracies: one group a dataset (and model).
StatisticInput AccuracyInput(const Condition& condition, const ReportData& data);

// Over gradient ratios: one group a model, one value a run.
StatisticInput RatioInput(const Condition& condition, const ReportData& data);

bool IsRatioStatistic(Statistic statistic);

// Shortest text with at most `digits` significant digits.
std::string FormatNumber(double value, int digits = 3);

// A share as percent, rounded to 1e-9 so that 0.29 is 29 and not a hair less.
double Percent(double share);

}  // namespace grove
