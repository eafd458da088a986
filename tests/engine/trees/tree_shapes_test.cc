// Every shape is a whole binary tree in post-order; the random ones have the distribution they
// claim.
#include "engine/trees/tree_shapes.h"

#include <gtest/gtest.h>

#include <boost/math/distributions/chi_squared.hpp>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/error.h"
#include "engine/trees/forest.h"

namespace grove {
namespace {

RandomStream Stream(uint32_t item) { return RandomStream(2016, Purpose::kTrainData, item); }

// "((..)(..))": the bracketing, a dot a leaf. For small trees only.
std::string Brackets(const std::vector<ShapeNode>& tree) {
  std::vector<std::string> text(tree.size());
  for (size_t i = 0; i < tree.size(); ++i) {
    text[i] = tree[i].left == kNone ? "." : "(" + text[tree[i].left] + text[tree[i].right] + ")";
  }
  return text.back();
}

std::set<int> LeafDepths(const std::vector<ShapeNode>& tree) {
  std::vector<int> depth(tree.size(), 0);
  std::set<int> depths;
  for (size_t i = tree.size(); i-- > 0;) {
    if (tree[i].left == kNone) {
      depths.insert(depth[i]);
    } else {
      depth[tree[i].left] = depth[tree[i].right] = depth[i] + 1;
    }
  }
  return depths;
}

// Draws trees and compares the counts with the probabilities by Pearson's chi-square at 0.1 %.
void ExpectDistribution(TreeShape shape, int leaves,
                        const std::map<std::string, double>& probabilities) {
  constexpr int kDraws = 60000;
  std::map<std::string, int> counts;
  for (int i = 0; i < kDraws; ++i) {
    RandomStream random = Stream(i);
    ++counts[Brackets(DrawTree(shape, leaves, random))];
  }
  double statistic = 0;
  for (const auto& [tree, probability] : probabilities) {
    const double expected = kDraws * probability;
    statistic += (counts[tree] - expected) * (counts[tree] - expected) / expected;
  }
  ASSERT_EQ(counts.size(), probabilities.size()) << "a tree that cannot be";
  const boost::math::chi_squared distribution(static_cast<double>(probabilities.size() - 1));
  EXPECT_LT(statistic, boost::math::quantile(distribution, 0.999));
}

// Of four leaves the first split falls on the middle gap with 1/3; else three leaves remain, which
// split in two ways.
const std::map<std::string, double> kSplitOfFour = {{"((..)(..))", 1 / 3.0},
                                                    {"(((..).).)", 1 / 6.0},
                                                    {"((.(..)).)", 1 / 6.0},
                                                    {"(.((..).))", 1 / 6.0},
                                                    {"(.(.(..)))", 1 / 6.0}};

TEST(TreeShapesTest, SplitOfFourLeaves) { ExpectDistribution(TreeShape::kSplit, 4, kSplitOfFour); }

TEST(TreeShapesTest, CatalanOfFourLeavesIsUniform) {
  std::map<std::string, double> uniform = kSplitOfFour;
  for (auto& [tree, probability] : uniform) probability = 1 / 5.0;
  ExpectDistribution(TreeShape::kCatalan, 4, uniform);
}

// The balanced tree by joining the outer pairs in either order, 2 * 1/3 * 1/2; every other tree by
// one order of three, 1/3 * 1/2.
TEST(TreeShapesTest, MergeOfFourLeaves) { ExpectDistribution(TreeShape::kMerge, 4, kSplitOfFour); }

// Six leaves: 42 trees. A tree's probability under split is the product of 1 / (l - 1) over its
// inner nodes, and under merge the same (tree_shapes.h).
TEST(TreeShapesTest, SixLeaves) {
  std::map<std::string, double> split, uniform;
  const auto enumerate = [&](const auto& self, int leaves) -> std::map<std::string, double> {
    if (leaves == 1) return {{".", 1.0}};
    std::map<std::string, double> trees;
    for (int left = 1; left < leaves; ++left) {
      for (const auto& [l, p] : self(self, left)) {
        for (const auto& [r, q] : self(self, leaves - left)) {
          trees["(" + l + r + ")"] = p * q / (leaves - 1);
        }
      }
    }
    return trees;
  };
  split = enumerate(enumerate, 6);
  ASSERT_EQ(split.size(), 42u);
  for (const auto& [tree, probability] : split) uniform[tree] = 1 / 42.0;
  ExpectDistribution(TreeShape::kSplit, 6, split);
  ExpectDistribution(TreeShape::kMerge, 6, split);
  ExpectDistribution(TreeShape::kCatalan, 6, uniform);
}

TEST(TreeShapesTest, RegularShapes) {
  RandomStream random = Stream(0);
  EXPECT_EQ(
      DrawTree(TreeShape::kLeft, 3, random),
      (std::vector<ShapeNode>{{kNone, kNone}, {kNone, kNone}, {0, 1}, {kNone, kNone}, {2, 3}}));
  EXPECT_EQ(Brackets(DrawTree(TreeShape::kLeft, 4, random)), "(((..).).)");
  EXPECT_EQ(Brackets(DrawTree(TreeShape::kRight, 4, random)), "(.(.(..)))");
  EXPECT_EQ(Brackets(DrawTree(TreeShape::kBalanced, 4, random)), "((..)(..))");
  EXPECT_EQ(Brackets(DrawTree(TreeShape::kBalanced, 5, random)), "((..)(.(..)))");
  RandomStream untouched = Stream(0);
  EXPECT_EQ(random.NextBits(), untouched.NextBits());
}

TEST(TreeShapesTest, EveryTreeIsAWholePostOrderOfItsLeaves) {
  for (const std::string& name : TreeShapeNames()) {
    for (int leaves = 1; leaves <= 70; ++leaves) {
      RandomStream random = Stream(leaves);
      const std::vector<ShapeNode> tree = DrawTree(ParseTreeShape(name), leaves, random);
      ASSERT_EQ(tree.size(), 2u * leaves - 1) << name;
      std::vector<int> first(tree.size());  // position of the first node of each subtree
      for (int i = 0; i < static_cast<int>(tree.size()); ++i) {
        first[i] = i;
        if (tree[i].left == kNone) continue;
        ASSERT_EQ(tree[i].right, i - 1) << name;
        ASSERT_EQ(tree[i].left, first[tree[i].right] - 1) << name;
        first[i] = first[tree[i].left];
      }
      ASSERT_EQ(first.back(), 0) << name;
    }
  }
}

TEST(TreeShapesTest, LeafDepthsAreThoseForetold) {
  for (const std::string& name : TreeShapeNames()) {
    const TreeShape shape = ParseTreeShape(name);
    for (int leaves = 1; leaves <= 40; ++leaves) {
      const DepthRange range = LeafDepthRange(shape, leaves);
      std::set<int> foretold, seen;
      for (int depth = range.min; depth <= range.max; ++depth) foretold.insert(depth);
      // Few leaves: enough draws to see every tree. Many: what is seen must have been foretold.
      for (int i = 0; i < (leaves <= 6 ? 2000 : 20); ++i) {
        RandomStream random = Stream(i);
        seen.merge(LeafDepths(DrawTree(shape, leaves, random)));
      }
      if (leaves <= 6 || shape >= TreeShape::kLeft) {
        ASSERT_EQ(seen, foretold) << name << " " << leaves;
      } else {
        for (int depth : seen) ASSERT_TRUE(foretold.contains(depth)) << name << " " << leaves;
      }
    }
  }
}

TEST(TreeShapesTest, AHundredThousandLeaves) {
  constexpr int kLeaves = 100000;
  for (const std::string& name : TreeShapeNames()) {
    RandomStream random = Stream(1);
    const std::vector<ShapeNode> tree = DrawTree(ParseTreeShape(name), kLeaves, random);
    ASSERT_EQ(tree.size(), 2u * kLeaves - 1) << name;
    if (name == "left" || name == "right") {
      EXPECT_EQ(*LeafDepths(tree).rbegin(), kLeaves - 1) << name;
    }
  }
}

TEST(TreeShapesTest, AnUnknownNameIsAnErrorThatNamesTheOthers) {
  try {
    ParseTreeShape("spilt", "dataset.tree");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "dataset.tree: 'spilt' is not a tree shape; allowed: split, catalan, merge, left, "
                 "right, balanced");
  }
}

}  // namespace
}  // namespace grove
