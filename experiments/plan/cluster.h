// Machines that share the runs of a plan and fail now and then, simulated. All times are seconds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "experiments/plan/workload.h"
#include "sched/simulate.h"

namespace grove {

// Nodes that are alike. Each takes a shard of the runs (experiments/plan/shards.h) and makes the
// datasets of its runs itself. A node that fails is back after `restart` and goes on from the
// states of its runs (sched::Breakdowns).
struct Cluster {
  int cores = 1;  // of each node
  int nodes = 1;
  double mtbf = 0;          // mean time between the failures of a node, exponential; 0: none fails
  double state_every = 10;  // between the states of a run; 0: after every minibatch
  double restart = 60;      // until the program runs again

  size_t AllCores() const { return static_cast<size_t>(cores) * static_cast<size_t>(nodes); }
};

struct ClusterOutcome {
  double seconds = 0;   // until the last run has ended
  double work = 0;      // of all cores: runs, and the making of datasets, nothing twice
  double lost = 0;      // of all cores, through failures (sched::Simulation::lost)
  size_t failures = 0;  // of nodes with work left
};

// The run that ends last, and when it begins: late, and another order of the runs could be faster.
struct LastRun {
  size_t run = 0;  // of the workload; the first of several
  double begin = 0, end = 0;
};

// Deals the runs once, to simulate them with any times.
class ClusterSimulator {
 public:
  // `workload` must outlive it.
  ClusterSimulator(const Workload& workload, const Cluster& cluster);

  // `seconds`: by run. Failures are those of that draw: the same ones at every call. Throws Error
  // if nodes fail so often that nothing ends.
  ClusterOutcome Run(std::span<const double> seconds, int draw) const;

  // Without failures, if every run takes what the workload says.
  struct Calm {
    std::vector<double> busy;  // by core, node by node
    LastRun last;
    // Of the node that needs most, at most: the program, the largest workspace for each run at a
    // time, and the most that the datasets held at a time need.
    uint64_t bytes = 0;
  };
  Calm RunCalm() const;

 private:
  struct Shard {
    std::vector<size_t> runs;      // of the workload
    std::vector<size_t> datasets;  // of the workload
    sched::Simulator simulator;
  };

  Shard MakeShard(std::vector<size_t> runs) const;
  std::vector<double> Times(const Shard& shard, std::span<const double> seconds) const;
  uint64_t PeakBytes(const Shard& shard, const sched::Simulation& calm) const;

  const Workload& workload_;
  Cluster cluster_;
  std::vector<Shard> shards_;  // by node
};

}  // namespace grove
