// A network with trees to train on, as one run has them: what the benchmarks of whole steps and the
// profile work on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/training/network.h"
#include "engine/trees/dataset.h"

namespace grove::perf {

struct Work {
  std::string model;
  int dim = 50;
  int min_length = 21, max_length = 30;
  int batch = 0;     // 0: the model's own
  int word_dim = 0;  // 0: as dim
  // Trees as of a dependency parse, so many words each: a word at every node, and one, two or three
  // children, each as often, at nodes that have any. For child_sum.
  bool dependencies = false;
  // A file of trees that take the place of generated ones; lengths then mean nothing.
  std::string file = {};
};

// How many trees make an epoch of a fraction of a second: as many operations as 2,000 trees of
// 21-30 leaves at dim 50 have for `rlstm` (half of them for wide networks, whose updates weigh as
// much), in whole minibatches, and never more than 2,000.
size_t EpochTrees(const Work& work);

class Steps {
 public:
  // Generates `trees` trees, or reads all of work.file, and initialises the network. Throws Error
  // if `work` is out of range, or the file cannot be read or has trees that the model does not
  // take.
  Steps(const Work& work, size_t trees);

  // Forward, backward and update over all minibatches, in order.
  void TrainEpoch();
  // The loss of the same trees, without training.
  double EvaluateAll();

  size_t trees() const { return dataset_.train.trees(); }
  // Useful operations (engine/cells/operations.h) of one pass over the trees, and which share of
  // them is executed.
  double train_flops() const { return 3 * forward_flops_; }
  double evaluate_flops() const { return forward_flops_; }
  double executed_share() const { return executed_share_; }

 private:
  RunSpec spec_;
  Dataset dataset_;
  std::unique_ptr<Network> network_;
  std::vector<int32_t> order_;
  double forward_flops_ = 0;
  double executed_share_ = 0;
};

}  // namespace grove::perf
