// What a file or a generated split holds, in numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "engine/trees/forest.h"

namespace grove {

// A histogram of numbers and what is read off it.
template <typename Number>
struct DistributionOf {
  std::map<Number, int64_t> counts;  // by value; only values that occur
  int64_t total = 0;
  // All 0 where total is 0. The median of an even total is the mean of the two in the middle.
  Number min = 0;
  Number max = 0;
  double mean = 0;
  double median = 0;
};
using Distribution = DistributionOf<int32_t>;

struct ForestStats {
  int64_t pairs = 0;  // 0: the trees are single
  int64_t trees = 0;
  int64_t nodes = 0;
  int64_t distinct_words = 0;
  Distribution lengths;         // leaves, one value a tree
  Distribution heights;         // edges from the root to its deepest leaf, one value a tree
  Distribution leaf_depths;     // edges from the root, one value a leaf
  Distribution keyword_depths;  // edges from the root, one value a tree that has a keyword
  // Nodes by label; kNone: unlabelled.
  std::map<int32_t, int64_t> root_labels;
  std::map<int32_t, int64_t> inner_labels;  // nodes that are neither root nor leaf
  std::map<int32_t, int64_t> leaf_labels;   // leaves that are not the root
  // Of pairs, which have the one or the other:
  std::map<int32_t, int64_t> pair_labels;
  DistributionOf<float> scores;
};

// Of forests that come one after the other, words numbered alike.
class StatsCounter {
 public:
  void Add(const Forest& forest);
  ForestStats Finish();

 private:
  void CountWord(size_t word);

  ForestStats stats_;
  std::vector<bool> seen_;  // words, by id
};

ForestStats ComputeStats(const Forest& forest);

}  // namespace grove
