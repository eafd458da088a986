// How the statistic of a condition is computed from the runs.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "experiments/stats/claims.h"
#include "experiments/stats/paper_runs.h"
#include "experiments/stats/statistics.h"

namespace grove {

// The runs' values that a condition rests on, and how the value comes from them.
struct StatisticInput {
  Groups groups;
  std::vector<CellName> cells;  // of the groups
  std::function<double(const Groups&)> statistic;
  std::string text;     // the figures, for people
  std::string missing;  // what is not there; empty: the statistic can be computed
  // Runs that failed or diverged. They stay among the values: with an accuracy of 0 %, or with a
  // ratio that is as bad for the claim as any can be.
  int failed = 0;
};

// Over test accuracies: one group a dataset (and model). Over gradient ratios: one group a model,
// one value a run; finished runs for which the statistic is undefined have none.
StatisticInput InputOf(const Condition& condition, const PaperRuns& runs);

}  // namespace grove
