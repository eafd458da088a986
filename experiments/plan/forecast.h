// What so many cores would make of runs: the time, its interval, the load of the cores, the memory.
// Runs are taken to be as fast beside each other as alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "experiments/plan/job.h"
#include "experiments/plan/predictor.h"
#include "sched/simulate.h"

namespace grove {

// Runs with the datasets they share, ready for the simulation of the graph that `grove run` makes.
struct Workload {
  std::vector<sched::SimulatedJob> jobs;           // by run; its resource is its dataset
  std::vector<sched::SimulatedResource> datasets;  // in the order of their first runs
  std::vector<uint64_t> workspace_bytes;           // by run
  std::vector<uint64_t> dataset_bytes;             // by dataset
  std::vector<Uncertainty> spreads;                // by run
  std::vector<size_t> cells;                       // by run: 0, 1, ... for CellOf
};

// `predictions` belong to the `runs` one by one. The order goes by the cost model, as in a batch.
Workload MakeWorkload(const std::vector<Job>& runs, const std::vector<Prediction>& predictions);

// In seconds. How runs vary costs time, because some core gets the long ones: so the time, the work
// and the balance are medians over draws of the runs' times.
struct CorePlan {
  int cores = 1;
  double seconds = 0;        // until the last run has ended
  double low = 0, high = 0;  // 5 % and 95 % of `seconds`
  double core_seconds = 0;   // of work: runs, and the making of datasets
  double balance = 1;        // work / (cores * seconds); 1 if there is nothing to do
  double speedup = 1;        // over one core: cores * balance
  std::vector<double> busy;  // by core, if every run takes what is predicted
  // At most: the program, the largest workspace for each run at a time, and the most that the
  // datasets held at a time need.
  uint64_t bytes = 0;
};

// What one run needs, its data included.
uint64_t BytesOf(const Job& run);

CorePlan PlanCores(const Workload& workload, int cores);

// How many draws an interval rests on, of up to 10,000 runs; fewer of more. They are the same for
// every number of cores and every call.
inline constexpr int kPlanDraws = 200;

// The run that no number of cores can shorten.
struct LongestRun {
  size_t run = 0;
  double seconds = 0;    // with the making of its dataset
  int useful_cores = 1;  // fewest that take at most 5 % more than this
};

// `workload` must have a run.
LongestRun FindLongestRun(const Workload& workload);

}  // namespace grove
