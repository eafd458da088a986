// What the observed runs show: gradients at every node, and what the gates do. Beyond the paper.
#pragma once

#include <string>
#include <vector>

#include "experiments/stats/stored_runs.h"

namespace grove {

// Of the observed runs of a model: the median over runs of a group's median ratio.
struct NodeRatioMedian {
  std::string model;
  int epoch = 0;     // 0: before training
  std::string kind;  // as in NodeRatioGroup
  int depth = 0;
  int runs = 0;
  double median = 0;
};

// Of the observed runs of rlstm: the median over runs of a gate's mean activation, all depths.
struct GateMean {
  int epoch = 0;
  std::string gate, place;  // as in GateGroup
  int runs = 0;
  double mean = 0;
};

struct Observed {
  std::vector<NodeRatioMedian> node_ratios;
  std::vector<GateMean> gates;
};

// Over the runs of default settings on the dataset of experiment 3, one a seed, that observed.
Observed SummariseObserved(const std::vector<StoredRun>& all);

}  // namespace grove
