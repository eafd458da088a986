#include "engine/trees/forest.h"

#include <gtest/gtest.h>

#include <vector>

namespace grove {
namespace {

// ((w0 w1) w2), then a single leaf, then (w3 w4).
Forest ThreeTrees() {
  Forest forest;
  const int32_t a = forest.AddLeaf(0);
  const int32_t b = forest.AddLeaf(1);
  const int32_t ab = forest.AddInner(a, b, 2);
  forest.AddInner(ab, forest.AddLeaf(2), 1);
  forest.FinishTree(b);
  forest.AddLeaf(7, 3);
  forest.FinishTree();
  const int32_t d = forest.AddLeaf(3);
  const int32_t e = forest.AddLeaf(4);
  forest.AddInner(d, e);
  forest.FinishTree();
  return forest;
}

TEST(ForestTest, CountsAndRoots) {
  const Forest forest = ThreeTrees();
  EXPECT_EQ(forest.trees(), 3u);
  EXPECT_EQ(forest.nodes(), 9u);
  EXPECT_EQ(forest.tree_begin, (std::vector<int32_t>{0, 5, 6, 9}));
  EXPECT_EQ(forest.root(0), 4);
  EXPECT_EQ(forest.root(1), 5);
  EXPECT_EQ(forest.leaves(0), 3u);
  EXPECT_EQ(forest.leaves(1), 1u);
  EXPECT_EQ(forest.leaves(2), 2u);
  EXPECT_EQ(forest.keyword, (std::vector<int32_t>{1, kNone, kNone}));
}

TEST(ForestTest, DepthsAndHeights) {
  const Forest forest = ThreeTrees();
  EXPECT_EQ(Depths(forest), (std::vector<int32_t>{2, 2, 1, 1, 0, 0, 1, 1, 0}));
  EXPECT_EQ(Heights(forest), (std::vector<int32_t>{0, 0, 1, 0, 2, 0, 0, 0, 1}));
}

TEST(ForestTest, ALongChainIsAsGoodAsAnyTree) {
  constexpr int32_t kLeaves = 100000;
  Forest forest;
  int32_t top = forest.AddLeaf(0);
  for (int32_t i = 1; i < kLeaves; ++i) top = forest.AddInner(top, forest.AddLeaf(i));
  forest.FinishTree();
  EXPECT_EQ(Depths(forest)[0], kLeaves - 1);
  EXPECT_EQ(Heights(forest)[forest.root(0)], kLeaves - 1);
}

}  // namespace
}  // namespace grove
