#include "engine/trees/data_stats.h"

#include <utility>
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
void FinishCounts(DistributionOf<Number>& distribution) {
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

void StatsCounter::Add(const Forest& forest) {
  const std::vector<int32_t> depths = Depths(forest);
  const std::vector<int32_t> heights = Heights(forest);
  stats_.trees += static_cast<int64_t>(forest.trees());
  stats_.nodes += static_cast<int64_t>(forest.nodes());
  for (size_t t = 0; t < forest.trees(); ++t) {
    const int32_t root = forest.root(t);
    ++stats_.lengths.counts[static_cast<int32_t>(forest.leaves(t))];
    ++stats_.heights.counts[heights[root]];
    if (forest.keyword[t] != kNone) ++stats_.keyword_depths.counts[depths[forest.keyword[t]]];
    for (int32_t i = forest.tree_begin[t]; i <= root; ++i) {
      const bool leaf = forest.IsLeaf(i);
      if (forest.word[i] != kNone) CountWord(static_cast<size_t>(forest.word[i]));
      if (leaf) ++stats_.leaf_depths.counts[depths[i]];
      auto& labels = i == root ? stats_.root_labels
                     : leaf    ? stats_.leaf_labels
                               : stats_.inner_labels;
      ++labels[forest.label[i]];
    }
  }
  if (forest.trees_per_example == 2) stats_.pairs += static_cast<int64_t>(forest.examples());
  for (const int32_t label : forest.pair_label) ++stats_.pair_labels[label];
  for (const float score : forest.pair_score) ++stats_.scores.counts[score];
}

void StatsCounter::CountWord(size_t word) {
  if (word >= seen_.size()) seen_.resize(2 * word + 1);
  if (seen_[word]) return;
  seen_[word] = true;
  ++stats_.distinct_words;
}

ForestStats StatsCounter::Finish() {
  for (Distribution* each :
       {&stats_.lengths, &stats_.heights, &stats_.leaf_depths, &stats_.keyword_depths}) {
    FinishCounts(*each);
  }
  FinishCounts(stats_.scores);
  return std::move(stats_);
}

ForestStats ComputeStats(const Forest& forest) {
  StatsCounter counter;
  counter.Add(forest);
  return counter.Finish();
}

}  // namespace grove
