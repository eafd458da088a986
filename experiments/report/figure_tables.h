// The tables that figures are drawn from and that nothing else needs yet. RFC 4180, percent.
#pragma once

#include <string>
#include <vector>

#include "experiments/stats/paper_runs.h"

namespace grove {

// Every run of the cells of experiments 1 and 2, a row a run; one that failed or diverged has 0 %.
std::string CellRunsCsv(const PaperRuns& runs);

// Of the runs of experiment 3 that reach an epoch, at least `least_runs`: median and quartiles of a
// run's median ratio at `depth`.
struct RatioMedian {
  std::string model;
  int epoch = 0;
  int runs = 0;
  double q25 = 0, median = 0, q75 = 0;
};
std::vector<RatioMedian> RatioMedians(const PaperRuns& runs, int depth, size_t least_runs);
std::string RatioMediansCsv(const std::vector<RatioMedian>& medians, int depth);

}  // namespace grove
