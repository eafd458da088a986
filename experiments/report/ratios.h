// The gradient probe's files: DIR/ratios/KEY.csv, one line `epoch,depth,ratio` a training tree an
// epoch, and what the report keeps of them.
#pragma once

#include <string>
#include <vector>

#include "engine/trainer.h"

namespace grove {

// The ratios |dJ/dx_keyword| / |dJ/dx_root| of all trees whose keyword stands at one depth, in one
// epoch. Quantiles are of type 7 (statistics.h).
struct RatioSummary {
  int epoch = 0;       // from 1
  int depth = 0;       // edges from the root
  size_t n = 0;        // trees; ratios that are not a number are left out
  size_t above_1 = 0;  // trees with a ratio > 1
  double q05 = 0, q25 = 0, median = 0, q75 = 0, q95 = 0;
  double mean_log10 = 0;       // over the ratios > 0
  std::vector<double> sample;  // at most kSampleSize ratios, evenly spaced order statistics

  static constexpr size_t kSampleSize = 40;
  double share_above_1() const { return static_cast<double>(above_1) / static_cast<double>(n); }
};

// The summaries of one run, by epoch, then by depth.
std::vector<RatioSummary> SummariseRatios(std::vector<GradientRatio> ratios);

// Reads a ratio file; throws Error with file and line at the first bad one.
std::vector<GradientRatio> ReadRatios(const std::string& path);

// The summary of (epoch, depth), or nullptr where no tree has its keyword there.
const RatioSummary* FindSummary(const std::vector<RatioSummary>& summaries, int epoch, int depth);

// The last epoch that has ratios; 0 without any.
int LastEpoch(const std::vector<RatioSummary>& summaries);

// Share of the ratios > 1 among the trees of all depths; NaN if the epoch has none.
double ShareAbove1(const std::vector<RatioSummary>& summaries, int epoch);

}  // namespace grove
