// What a trained network says of trees, whether they have labels or not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "engine/training/network.h"
#include "engine/trees/forest.h"

namespace grove {

class TreePredictor {
 public:
  enum class Of { kRoots, kNodes };  // kRoots: of each tree its root, or of pairs each pair

  // The network must outlive the predictor, which makes the room in it that trees need.
  TreePredictor(Network& network, Of of) : network_(network), of_(of) {}

  // Calls `each` for every example of the forest, in order; the functions below then speak of that
  // example. The numbers do not depend on the other examples, to the bit. Labels, targets of pairs
  // included, are not looked at.
  void Predict(const Forest& forest, const std::function<void(size_t example)>& each);

  // (C) of the root, or of the pair. Of a score they are those of 1 to C.
  std::span<const float> Probabilities() const;
  // (C) of any node of the example's tree, with kNodes; `node` is its position in the forest.
  std::span<const float> ProbabilitiesOf(int32_t node) const;
  // (n) h of any node of the example's trees.
  std::span<const float> StateOf(int32_t node) const;

 private:
  void LabelAll();
  void MakeRoom();
  size_t Row(int32_t node) const {
    return static_cast<size_t>(network_.node_rows()[static_cast<size_t>(node - first_node_)]);
  }

  Network& network_;
  Of of_;
  MinibatchLimits limits_;          // of what was reserved
  Forest forest_;                   // with a label wherever something is asked for
  std::vector<size_t> root_place_;  // of each tree of the batch: of its root among labelled nodes
  int32_t first_node_ = 0;          // of the batch
  size_t first_example_ = 0, example_ = 0;
};

// The most probable class; of equal ones the lowest.
int32_t MostProbable(std::span<const float> probabilities);

}  // namespace grove
