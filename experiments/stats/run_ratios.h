// What the gradient ratios of one run say: the figures of experiment 3 before any median over runs.
#pragma once

#include <string>
#include <vector>

#include "experiments/runs/ratios.h"
#include "experiments/runs/record.h"
#include "experiments/stats/claims.h"

namespace grove {

// The (first) epoch with the largest share of ratios > 1.
struct RatioPeak {
  int epoch = 0;
  double share = -1;
};
RatioPeak FindPeak(const std::vector<RatioSummary>& summaries);

// Median ratio of an epoch at a depth; NaN if no tree has its keyword there.
double MedianRatio(const std::vector<RatioSummary>& summaries, int epoch, int depth);

// Spearman's rho of the median ratio at a depth and the dev accuracy, over the epochs up to `after`
// behind the peak.
struct DevRho {
  double rho = 0;  // NaN where undefined
  int epochs = 0;  // that it rests on
};
inline constexpr int kEpochsAfterPeak = 2;  // of claim E3.7
DevRho DevRhoOf(const RunRecord& run, const std::vector<RatioSummary>& summaries, int depth,
                int after);

// What one run gives for a condition over ratios; NaN where it gives nothing.
double RatioFigure(const Condition& condition, const RunRecord& run,
                   const std::vector<RatioSummary>& summaries);

// Its name: "peak share of ratios > 1 (%)".
std::string RatioFigureName(const Condition& condition);

}  // namespace grove
