// What so many cores would make of runs: the time, its interval, the load of the cores, the memory.
// Runs are taken to be as fast beside each other as alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "experiments/plan/cluster.h"
#include "experiments/plan/workload.h"

namespace grove {

// In seconds. How runs vary costs time, because some core gets the long ones: so the time, its
// bound, the work and the balance are medians over draws of the runs' times and of the nodes'
// failures. What failures cost and what is idle are means: most draws may have no failure at all.
struct CorePlan {
  double seconds = 0;        // until the last run has ended
  double low = 0, high = 0;  // 5 % and 95 % of `seconds`
  // What no order of the runs can beat, if nothing fails: the work over all cores, or the longest
  // run with the making of its dataset.
  double bound = 0;
  double core_seconds = 0;  // of work: runs, and the making of datasets, nothing twice
  double balance = 1;       // work / (all cores * seconds); 1 if there is nothing to do
  double lost = 0;          // mean share of all cores' time that failures cost
  double idle = 0;          // mean of the rest, in which cores have nothing to do
  double failures = 0;      // mean, of nodes with work left
  double speedup = 1;       // over one core that does not fail: all cores * balance
  // If every run takes what is predicted and nothing fails.
  std::vector<double> busy;  // by core, node by node
  LastRun last;
  uint64_t bytes = 0;  // at most, of the node that needs most (ClusterSimulator::Calm)
};

// Called with the share that is done, in [0, 1].
using ForecastProgress = std::function<void(double)>;

// Throws Error if nodes fail so often that nothing ends.
CorePlan PlanCores(const Workload& workload, const Cluster& cluster,
                   const ForecastProgress& on_progress = {});

// How many draws an interval rests on, of up to 10,000 runs; fewer of more. They are the same for
// every cluster and every call.
inline constexpr int kPlanDraws = 200;

// The run that no number of cores can shorten.
struct LongestRun {
  size_t run = 0;
  double seconds = 0;    // with the making of its dataset
  int useful_cores = 1;  // fewest of one node that take at most 5 % more; to 1 % if many
};

// `workload` must have a run.
LongestRun FindLongestRun(const Workload& workload);

}  // namespace grove
