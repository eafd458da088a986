// The numbers of a dry run: how the chosen runs stand, and what cores would make of them.
#pragma once

#include <string>
#include <vector>

#include "experiments/cli/run_choice.h"
#include "experiments/plan/forecast.h"
#include "experiments/plan/predictor.h"

namespace grove {

// A chosen run as it stands.
struct Standing {
  const Job* job = nullptr;
  std::string status;     // pending, interrupted, or that of its record
  bool is_final = false;  // it needs no more work
  bool counts = false;    // it is one of those that the forecast is about
  Prediction prediction;
};

struct Forecast {
  size_t chosen = 0;
  size_t done = 0;
  std::vector<Job> jobs;                // those that it is about
  std::vector<Prediction> predictions;  // by job
  std::vector<CorePlan> rows;           // by number of cores
  LongestRun longest;                   // if there are jobs
};

Forecast MakeForecast(const std::vector<Standing>& runs, const std::vector<int>& cores);

// "the cost model alone (150 runs)", and so on for each basis that there is.
std::string DescribeBases(const std::vector<Prediction>& predictions);

// Prints a line for each point of the sweeps, or for each file if there are too many points: its
// runs, and their time on so many cores. Runs that are not chosen do not count.
void PrintShares(const RunList& all, const std::vector<Standing>& runs, int cores);

}  // namespace grove
