// What the gradient ratios of experiment 3 say: the figures of one run, and medians over runs.
#pragma once

#include <string>
#include <vector>

#include "experiments/stats/claims.h"
#include "experiments/stats/paper_runs.h"

namespace grove {

inline constexpr int kRatioDepth = 10;      // the depth at which ratios are told by epoch
inline constexpr int kEpochsAfterPeak = 2;  // of claim E3.7

// What one run with the gradient probe gives for a condition over ratios; NaN where it gives
// nothing.
double RatioFigure(const Condition& condition, const StoredRun& run);

// Its name: "peak share of ratios > 1 (%)".
std::string RatioFigureName(const Condition& condition);

// Spearman's rho of the median ratio at kRatioDepth and the dev accuracy, over the epochs up to
// `after` behind the (first) one with the largest share of ratios > 1, by run of rlstm.
struct DevRho {
  double rho = 0;  // NaN where undefined
  int epochs = 0;  // that it rests on
};
std::vector<DevRho> DevRhos(const PaperRuns& runs, int after);

// E3.8 at one epoch of training for both models: rlstm's median over runs of the median ratio at
// kRatioDepth over rnn's; NaN where a model has no run of that many epochs.
double RatioAdvantage(const PaperRuns& runs, int epoch);

// Of the runs that reach an epoch: median and quartiles of a run's median ratio at kRatioDepth. For
// each model the epochs from the first on that at least kLeastRatioRuns reach.
struct RatioMedian {
  std::string model;
  int epoch = 0;
  int runs = 0;
  double q25 = 0, median = 0, q75 = 0;
};
inline constexpr size_t kLeastRatioRuns = 5;
std::vector<RatioMedian> RatioMedians(const PaperRuns& runs);

}  // namespace grove
