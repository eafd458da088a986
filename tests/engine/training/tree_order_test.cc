// The order of training trees: a permutation, another one for every epoch and seed, and each as
// likely as any other.
#include "engine/training/tree_order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <vector>

namespace grove {
namespace {

using Order = std::vector<int32_t>;

Order OrderOf(const std::string& shuffle, uint64_t seed, int epoch, size_t trees) {
  RunSpec spec;
  spec.shuffle = shuffle;
  spec.seed = seed;
  Order order(trees, -1);
  OrderTrees(spec, epoch, order);
  return order;
}

// Sum of (observed - expected)^2 / expected over cells of equal expectation.
double ChiSquare(const std::vector<int>& counts, double expected) {
  double sum = 0;
  for (const int count : counts) sum += (count - expected) * (count - expected) / expected;
  return sum;
}

TEST(TreeOrderTest, IsAPermutation) {
  for (const char* shuffle : {"epoch", "once", "none"}) {
    for (const size_t trees : {0, 1, 2, 3, 1000}) {
      for (const int epoch : {1, 2, 77}) {
        Order order = OrderOf(shuffle, 3, epoch, trees);
        std::sort(order.begin(), order.end());
        Order all(trees);
        std::iota(all.begin(), all.end(), 0);
        EXPECT_EQ(order, all) << shuffle << " " << trees;
      }
    }
  }
}

TEST(TreeOrderTest, DiffersByEpochAndSeed) {
  std::set<Order> orders;
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    for (int epoch = 1; epoch <= 20; ++epoch) orders.insert(OrderOf("epoch", seed, epoch, 100));
  }
  EXPECT_EQ(orders.size(), 200u);
  EXPECT_EQ(OrderOf("epoch", 4, 9, 100), OrderOf("epoch", 4, 9, 100));
}

TEST(TreeOrderTest, OnceIsTheFirstOrderAndNoneIsThatOfTheFile) {
  Order file(50);
  std::iota(file.begin(), file.end(), 0);
  for (const int epoch : {1, 2, 30}) {
    EXPECT_EQ(OrderOf("once", 5, epoch, 50), OrderOf("epoch", 5, 1, 50));
    EXPECT_EQ(OrderOf("none", 5, epoch, 50), file);
  }
  EXPECT_NE(OrderOf("once", 5, 1, 50), OrderOf("once", 6, 1, 50));
}

// All 24 orders of four trees, over the epochs of one run and over the first epochs of many.
TEST(TreeOrderTest, EveryOrderIsAsLikely) {
  constexpr int kDraws = 24000;
  for (const bool by_epoch : {true, false}) {
    std::map<Order, int> seen;
    for (int i = 1; i <= kDraws; ++i) {
      ++seen[by_epoch ? OrderOf("epoch", 11, i, 4)
                      : OrderOf("epoch", static_cast<uint64_t>(i), 1, 4)];
    }
    ASSERT_EQ(seen.size(), 24u);
    std::vector<int> counts;
    for (const auto& [order, count] : seen) counts.push_back(count);
    // 23 degrees of freedom: exceeded once in 10,000 times.
    EXPECT_LT(ChiSquare(counts, kDraws / 24.0), 58.6) << "by epoch: " << by_epoch;
  }
}

// Every tree comes at every place, and what comes at one place says nothing of the same place in
// the next epoch.
TEST(TreeOrderTest, PlacesAreUniformAndIndependentFromEpochToEpoch) {
  constexpr int kTrees = 10, kEpochs = 10001;
  constexpr size_t kCells = size_t{kTrees} * kTrees;
  std::vector<int> places(kCells), pairs(kCells);
  const auto cell = [](int32_t row, int32_t column) {
    return static_cast<size_t>(row) * kTrees + static_cast<size_t>(column);
  };
  Order before = OrderOf("epoch", 2, 1, kTrees);
  for (int epoch = 2; epoch <= kEpochs; ++epoch) {
    const Order order = OrderOf("epoch", 2, epoch, kTrees);
    for (int place = 0; place < kTrees; ++place) {
      ++places[cell(place, order[static_cast<size_t>(place)])];
    }
    ++pairs[cell(before[0], order[0])];
    before = order;
  }
  // 81 degrees of freedom: rows and columns have fixed sums. Of the pairs there are 99.
  EXPECT_LT(ChiSquare(places, (kEpochs - 1) / 10.0), 134);
  EXPECT_LT(ChiSquare(pairs, (kEpochs - 1) / 100.0), 157);
}

}  // namespace
}  // namespace grove
