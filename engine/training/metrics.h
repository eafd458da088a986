// What is read off counts of gold and predicted classes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "engine/training/network.h"
#include "engine/trees/forest.h"

namespace grove {

// How often each class was predicted where another, or the same, was right. Memory grows with what
// occurs, not with the square of the classes.
class Confusion {
 public:
  explicit Confusion(int classes);

  void Add(int32_t gold, int32_t predicted);

  int classes() const { return static_cast<int>(gold_.size()); }
  int64_t total() const { return total_; }
  int64_t Count(int32_t gold, int32_t predicted) const;
  // Share predicted right; NaN if there is nothing.
  double Accuracy() const;
  // 2 tp / (2 tp + fp + fn) of a class; NaN if it is neither gold nor predicted anywhere.
  double F1(int32_t c) const;
  // The mean of the F1 that are not NaN; NaN if there are none.
  double MacroF1() const;

 private:
  std::map<std::pair<int32_t, int32_t>, int64_t> counts_;  // by (gold, predicted)
  std::vector<int64_t> gold_, predicted_;                  // (C) sums over the other
  int64_t total_ = 0, right_ = 0;
};

// The binary accuracy of sentiment (Socher et al. 2013): the lower half of the classes against the
// upper half, by the larger sum of probabilities; what is gold in the middle of an odd number of
// classes does not count.
class BinaryAccuracy {
 public:
  void Add(int32_t gold, std::span<const float> probabilities);

  int64_t total() const { return total_; }
  double Accuracy() const;  // NaN if there is nothing

 private:
  int64_t total_ = 0, right_ = 0;
};

// Of labelled roots, or pairs with classes, and of all labelled nodes.
class Metrics {
 public:
  explicit Metrics(int classes) : roots_(classes), nodes_(classes) {}

  // Takes what the network has just made of the examples from `begin` on: see Evaluate.
  void Add(const Network& network, const Forest& forest, size_t begin, size_t end);

  const Confusion& roots() const { return roots_; }
  const Confusion& nodes() const { return nodes_; }
  const BinaryAccuracy& binary() const { return binary_; }  // of roots

 private:
  Confusion roots_, nodes_;
  BinaryAccuracy binary_;
};

}  // namespace grove
