// Runs with the datasets they share, ready to be simulated.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "experiments/plan/job.h"
#include "experiments/plan/predictor.h"
#include "sched/simulate.h"

namespace grove {

struct Workload {
  std::vector<sched::SimulatedJob> jobs;           // by run; its resource is its dataset
  std::vector<std::string> keys;                   // by run
  std::vector<sched::SimulatedResource> datasets;  // in the order of their first runs
  std::vector<uint64_t> workspace_bytes;           // by run
  std::vector<uint64_t> dataset_bytes;             // by dataset
  std::vector<Uncertainty> spreads;                // by run
  std::vector<size_t> cells;                       // by run: 0, 1, ... for CellOf
};

// `predictions` belong to the `runs` one by one. The order goes by the cost model, as in a batch.
Workload MakeWorkload(const std::vector<const Job*>& runs,
                      const std::vector<Prediction>& predictions);

// What one run needs, its data included.
uint64_t BytesOf(const Job& run);

}  // namespace grove
