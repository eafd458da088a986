// One network on its trees: it goes on where it was whenever it is asked for more.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "perf/peers/dynet/cells.h"
#include "perf/peers/dynet/files.h"
#include "perf/peers/dynet/weights.h"

namespace grove::peers {

// Of some trees.
struct Outcome {
  size_t trees = 0;
  double loss = 0;           // summed over the trees
  size_t right_answers = 0;  // at roots
};

class Session {
 public:
  // Throws std::runtime_error if the trees or the settings are not for this peer.
  Session(const std::string& trees, const Checkpoint& start);

  // Trains on all trees once, in file order.
  Outcome Epoch();
  // Trains for so many seconds of processor time; the first time, as long before that to warm up.
  double TreesPerSecond(double seconds);
  // The weights as they are now.
  Tensors Named() const { return weights_.Named(); }

 private:
  // What a minibatch brings to its graph.
  struct Targets {
    std::vector<dynet::Expression> h;  // of the labelled nodes
    std::vector<unsigned> labels;
    std::vector<size_t> roots;  // which of these are roots
  };

  Outcome TrainMinibatch();
  void AddTree(const Tree& tree, dynet::ComputationGraph& graph, Targets& targets);

  const Settings settings_;
  Weights weights_;
  const std::unique_ptr<Cell> cell_;
  const dynet::Parameter softmax_, softmax_bias_;
  const std::vector<Tree> trees_;
  size_t next_ = 0;  // tree
  bool warm_ = false;
  std::vector<State> states_;  // of the nodes of a tree
};

}  // namespace grove::peers
