#include "engine/trees/data_stats.h"

#include <unordered_set>
#include <vector>

namespace grove {
namespace {

// The value at `rank`, from 0, of the values in order.
template <typename Number>
Number ValueAtRank(const std::map<Number, int64_t>& counts, int64_t rank) {
  for (const auto& [value, count] : counts) {
    if (rank < count) return value;
    rank -= count;
  }
  return 0;
}

template <typename Number>
void Finish(DistributionOf<Number>& distribution) {
  if (distribution.counts.empty()) return;
  double sum = 0;
  for (const auto& [value, count] : distribution.counts) {
    distribution.total += count;
    sum += static_cast<double>(value) * static_cast<double>(count);
  }
  distribution.min = distribution.counts.begin()->first;
  distribution.max = distribution.counts.rbegin()->first;
  distribution.mean = sum / static_cast<double>(distribution.total);
  distribution.median =
      (static_cast<double>(ValueAtRank(distribution.counts, (distribution.total - 1) / 2)) +
       static_cast<double>(ValueAtRank(distribution.counts, distribution.total / 2))) /
      2;
}

}  // namespace

ForestStats ComputeStats(const Forest& forest) {
  const std::vector<int32_t> depths = Depths(forest);
  const std::vector<int32_t> heights = Heights(forest);
  std::unordered_set<int32_t> words;
  ForestStats stats;
  stats.trees = static_cast<int64_t>(forest.trees());
  stats.nodes = static_cast<int64_t>(forest.nodes());
  for (size_t t = 0; t < forest.trees(); ++t) {
    const int32_t root = forest.root(t);
    ++stats.lengths.counts[static_cast<int32_t>(forest.leaves(t))];
    ++stats.heights.counts[heights[root]];
    if (forest.keyword[t] != kNone) ++stats.keyword_depths.counts[depths[forest.keyword[t]]];
    for (int32_t i = forest.tree_begin[t]; i <= root; ++i) {
      const bool leaf = forest.IsLeaf(i);
      if (forest.word[i] != kNone) words.insert(forest.word[i]);
      if (leaf) ++stats.leaf_depths.counts[depths[i]];
      auto& labels = i == root ? stats.root_labels : leaf ? stats.leaf_labels : stats.inner_labels;
      ++labels[forest.label[i]];
    }
  }
  if (forest.trees_per_example == 2) stats.pairs = static_cast<int64_t>(forest.examples());
  for (const int32_t label : forest.pair_label) ++stats.pair_labels[label];
  for (const float score : forest.pair_score) ++stats.scores.counts[score];
  stats.distinct_words = static_cast<int64_t>(words.size());
  for (Distribution* each :
       {&stats.lengths, &stats.heights, &stats.leaf_depths, &stats.keyword_depths}) {
    Finish(*each);
  }
  Finish(stats.scores);
  return stats;
}

}  // namespace grove
