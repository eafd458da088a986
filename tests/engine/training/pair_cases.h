// Small forests of pairs, and the same pairs for the oracle.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tests/engine/training/engine_oracle.h"
#include "tests/reference/pair_head.h"

namespace grove {

// One pair for every two numbers of leaves. Scores are whole, halves, and the ends of the range.
inline Forest PairsOf(const std::vector<int>& leaves, int vocabulary, int classes, bool scores,
                      uint64_t seed) {
  Forest forest = RandomForest(leaves, vocabulary, classes, /*inner_labels=*/false, seed);
  forest.label.assign(forest.nodes(), kNone);
  forest.trees_per_example = 2;
  constexpr float kEach[] = {1, 3.5f, 5, 4, 2.7f, 4.9f};
  for (size_t e = 0; e < forest.examples(); ++e) {
    if (scores) {
      forest.pair_score.push_back(kEach[e % 6]);
    } else {
      forest.pair_label.push_back(static_cast<int32_t>(e) % classes);
    }
  }
  return forest;
}

inline reference::Pair PairOf(const Forest& forest, size_t example) {
  reference::Pair pair;
  for (size_t side = 0; side < 2; ++side) {
    pair.trees[side] = reference::TreeOf(forest, 2 * example + side);
  }
  if (!forest.pair_label.empty()) pair.label = static_cast<size_t>(forest.pair_label[example]);
  if (!forest.pair_score.empty()) pair.score = static_cast<double>(forest.pair_score[example]);
  return pair;
}

inline std::vector<reference::Pair> PairsOf(const Forest& forest,
                                            const std::vector<int32_t>& examples) {
  std::vector<reference::Pair> pairs;
  for (const int32_t e : examples) pairs.push_back(PairOf(forest, static_cast<size_t>(e)));
  return pairs;
}

}  // namespace grove
