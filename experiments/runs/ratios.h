// What is kept of the gradient probe, which measures a ratio a training tree an epoch.
#pragma once

#include <vector>

#include "engine/training/ratio_statistics.h"
#include "engine/training/trainer.h"

namespace grove {

// The ratios |dJ/dx_keyword| / |dJ/dx_root| of all trees whose keyword stands at one depth, in one
// epoch; ratios that are not a number are left out.
struct RatioSummary : RatioStatistics {
  int epoch = 0;  // from 1
  int depth = 0;  // edges from the root

  bool operator==(const RatioSummary&) const = default;
};

// The summaries of one run, by epoch, then by depth.
std::vector<RatioSummary> SummariseRatios(std::vector<GradientRatio> ratios);

// The summary of (epoch, depth), or nullptr where no tree has its keyword there.
const RatioSummary* FindSummary(const std::vector<RatioSummary>& summaries, int epoch, int depth);

// The last epoch that has ratios; 0 without any.
int LastEpoch(const std::vector<RatioSummary>& summaries);

// Share of the ratios > 1 among the trees of all depths; NaN if the epoch has none.
double ShareAbove1(const std::vector<RatioSummary>& summaries, int epoch);

}  // namespace grove
