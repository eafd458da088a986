// Schedules are data: for small trees the literal level lists and indices.
#include "engine/trees/schedule.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "tests/engine/training/engine_oracle.h"

namespace grove {

namespace {

using Ints = std::vector<int32_t>;

std::vector<std::pair<int32_t, int32_t>> Pairs(const RowRanges& ranges) {
  std::vector<std::pair<int32_t, int32_t>> pairs;
  for (const simd::KRange& range : ranges) pairs.emplace_back(range.begin, range.count);
  return pairs;
}
using RangePairs = std::vector<std::pair<int32_t, int32_t>>;

std::vector<Ints> Begins(const Schedule& schedule) {
  std::vector<Ints> begins;
  for (const LevelRows& level : schedule.levels) {
    begins.emplace_back(level.begin.begin(), level.begin.end());
  }
  return begins;
}

// ((1 2) (3 1)) with label 5 at the root, keyword "3".
Forest SevenNodes() {
  Forest forest;
  const int32_t a = forest.AddLeaf(1);
  const int32_t b = forest.AddLeaf(2);
  const int32_t ab = forest.AddInner(a, b);
  const int32_t c = forest.AddLeaf(3);
  const int32_t d = forest.AddLeaf(1);
  const int32_t cd = forest.AddInner(c, d);
  forest.AddInner(ab, cd, 5);
  forest.FinishTree(c);
  return forest;
}

// ((1 2) (3 1)), then (4 (5 6)) with label 2 at its root and 3 at its inner node, then the leaf 7
// with label 1.
Forest ThreeTrees() {
  Forest forest = SevenNodes();
  const int32_t a = forest.AddLeaf(4);
  const int32_t b = forest.AddLeaf(5);
  const int32_t c = forest.AddLeaf(6);
  const int32_t bc = forest.AddInner(b, c, 3);
  forest.AddInner(a, bc, 2);
  forest.FinishTree();
  const int32_t lone = forest.AddLeaf(7, 1);
  forest.FinishTree(lone);
  return forest;
}

// The children whose ranges Build asks for, by index: all, left, right, those beside an inner node.
const ScheduleNeeds kBinary = {2, {{}, {0}, {1}, {ChildRows::kAnyPlace, true}}};

Schedule Build(const Forest& forest, const Ints& trees, const ScheduleNeeds& needs = kBinary) {
  Scheduler scheduler(10, needs);
  Schedule schedule;
  scheduler.Build(forest, trees, schedule);
  return schedule;
}

TEST(ScheduleTest, SevenNodes) {
  const Schedule s = Build(SevenNodes(), {0});
  EXPECT_EQ(s.rows, 7);
  EXPECT_EQ(s.leaves, 4);
  // Leaves: left 1, 3 | right 2, 1. Then (1 2) left | (3 1) right. Then the root.
  EXPECT_EQ(Begins(s), (std::vector<Ints>{{0, 2, 2, 2, 4, 4, 4, 4, 4},
                                          {4, 4, 5, 6, 6, 6, 6, 6, 6},
                                          {6, 6, 6, 6, 6, 6, 6, 6, 7}}));
  EXPECT_EQ(s.word, (Ints{1, 3, 2, 1}));
  EXPECT_EQ(s.child[0], (Ints{0, 1, 4}));
  EXPECT_EQ(s.child[1], (Ints{2, 3, 5}));
  EXPECT_EQ(Pairs(s.leaf_ranges[0]), (RangePairs{{0, 4}}));
  EXPECT_EQ(Pairs(s.leaf_ranges[1]), (RangePairs{{0, 2}}));
  EXPECT_EQ(Pairs(s.leaf_ranges[2]), (RangePairs{{2, 2}}));
  EXPECT_EQ(Pairs(s.leaf_ranges[3]), (RangePairs{}));
  EXPECT_EQ(Pairs(s.inner_ranges[3]), (RangePairs{{0, 2}}));
  EXPECT_EQ(Pairs(s.inner_ranges[0]), (RangePairs{{0, 2}}));
  EXPECT_EQ(Pairs(s.inner_ranges[1]), (RangePairs{{0, 1}}));
  EXPECT_EQ(Pairs(s.inner_ranges[2]), (RangePairs{{1, 1}}));
  EXPECT_EQ(s.root_row, (Ints{6}));
  EXPECT_EQ(s.keyword_row, (Ints{1}));
  EXPECT_EQ(s.keyword_depth, (Ints{2}));
  EXPECT_EQ(s.first_occurrences, (Ints{0, 1, 2}));
  EXPECT_EQ(s.repeats, (RangePairs{{3, 0}}));
  ASSERT_EQ(s.labelled.size(), 1u);
  EXPECT_EQ(s.labelled[0].row, 6);
  EXPECT_EQ(s.labelled[0].label, 5);
  EXPECT_TRUE(s.labelled[0].is_root);
  EXPECT_FALSE(s.labels_inside);
}

TEST(ScheduleTest, ForestInGivenOrder) {
  const Schedule s = Build(ThreeTrees(), {2, 1, 0});
  // Leaves, left: 5 1 3, beside an inner node 4 | right: 6 2 1 | root: 7. Level 1: left (1 2) |
  // right, beside an inner node (3 1), beside a leaf (5 6). Level 2: the two roots, of tree 1 and
  // of tree 0.
  EXPECT_EQ(Begins(s), (std::vector<Ints>{{0, 3, 4, 4, 7, 7, 7, 7, 8},
                                          {8, 8, 9, 10, 11, 11, 11, 11, 11},
                                          {11, 11, 11, 11, 11, 11, 11, 11, 13}}));
  EXPECT_EQ(s.word, (Ints{5, 1, 3, 4, 6, 2, 1, 7}));
  EXPECT_EQ(s.child[0], (Ints{1, 2, 0, 3, 8}));
  EXPECT_EQ(s.child[1], (Ints{5, 6, 4, 10, 9}));
  EXPECT_EQ(Pairs(s.leaf_ranges[3]), (RangePairs{{3, 1}}));
  EXPECT_EQ(Pairs(s.inner_ranges[3]), (RangePairs{{0, 2}}));
  EXPECT_EQ(s.root_row, (Ints{7, 11, 12}));
  EXPECT_EQ(s.keyword_row, (Ints{7, kNone, 2}));
  EXPECT_EQ(s.keyword_depth, (Ints{0, kNone, 2}));
  EXPECT_EQ(Pairs(s.inner_ranges[2]), (RangePairs{{1, 2}}));
  EXPECT_TRUE(s.labels_inside);
  Ints labelled_rows;
  for (const LabelledRow& node : s.labelled) labelled_rows.push_back(node.row);
  EXPECT_EQ(labelled_rows, (Ints{7, 10, 11, 12}));
  EXPECT_EQ(s.repeats, (RangePairs{{6, 1}}));
}

TEST(ScheduleTest, ChildrenComeBeforeParentsInEveryForest) {
  Ints sizes;
  for (int32_t l = 1; l <= 40; ++l) sizes.push_back(l);
  const Forest forest = RandomForest(sizes, 10, 3, true, 3);
  Ints trees(forest.trees());
  std::iota(trees.begin(), trees.end(), 0);
  const Schedule s = Build(forest, trees);
  EXPECT_EQ(static_cast<size_t>(s.rows), forest.nodes());
  std::vector<int> parents(static_cast<size_t>(s.rows), 0);
  for (size_t l = 1; l < s.levels.size(); ++l) {
    EXPECT_EQ(s.levels[l].first(), s.levels[l - 1].end());
    for (int32_t row = s.levels[l].first(); row < s.levels[l].end(); ++row) {
      const size_t i = static_cast<size_t>(row - s.leaves);
      const int32_t highest = std::max(s.child[0][i], s.child[1][i]);
      EXPECT_LT(highest, s.levels[l].first());
      EXPECT_GE(highest, s.levels[l - 1].first())
          << "a node stands directly above its higher child";
      ++parents[static_cast<size_t>(s.child[0][i])];
      ++parents[static_cast<size_t>(s.child[1][i])];
    }
  }
  // Exactly the children in [beside_begin, beside_end) have an inner node for a sibling.
  std::vector<bool> beside_inner(static_cast<size_t>(s.rows), false);
  for (size_t i = 0; i < s.child[0].size(); ++i) {
    beside_inner[static_cast<size_t>(s.child[0][i])] = s.child[1][i] >= s.leaves;
    beside_inner[static_cast<size_t>(s.child[1][i])] = s.child[0][i] >= s.leaves;
  }
  for (const LevelRows& level : s.levels) {
    const auto [first, last] = level.Of({ChildRows::kAnyPlace, true});
    for (int32_t row = level.first(); row < level.end(); ++row) {
      EXPECT_EQ(beside_inner[static_cast<size_t>(row)], row >= first && row < last);
    }
  }
  for (const int32_t root : s.root_row) EXPECT_EQ(parents[static_cast<size_t>(root)]++, 0);
  for (const int count : parents) EXPECT_EQ(count, 1);
}

TEST(ScheduleTest, ChainOfAHundredThousandNodes) {
  Forest forest;
  int32_t top = forest.AddLeaf(0);
  const int32_t keyword = top;
  for (int i = 0; i < 50000; ++i) top = forest.AddInner(top, forest.AddLeaf(1));
  forest.FinishTree(keyword);
  const Schedule s = Build(forest, {0});
  EXPECT_EQ(s.rows, 100001);
  EXPECT_EQ(s.levels.size(), 50001u);
  EXPECT_EQ(s.keyword_depth, (Ints{50000}));
}

// (1 2 3), (4) with a word at its root, 5: by place, with gaps, and as a list.
TEST(ScheduleTest, AnyNumberOfChildrenAndWordsInside) {
  Forest forest;
  const Ints three = {forest.AddLeaf(1), forest.AddLeaf(2), forest.AddLeaf(3)};
  forest.AddNode(three, kNone, 0);
  forest.FinishTree();
  const Ints one = {forest.AddLeaf(4)};
  forest.AddNode(one, 9, 0);
  forest.FinishTree();
  forest.AddLeaf(5, 0);
  forest.FinishTree();

  const Schedule places = Build(forest, {0, 1, 2}, {3, {{}, {2}}});
  // Leaves: first 1 4 | second 2 | third 3 | root 5. Then the two roots.
  EXPECT_EQ(places.leaves, 5);
  EXPECT_EQ(places.rows, 7);
  EXPECT_TRUE(places.has_gaps);
  EXPECT_EQ(places.child[0], (Ints{0, 1}));
  EXPECT_EQ(places.child[1], (Ints{2, 7}));
  EXPECT_EQ(places.child[2], (Ints{3, 7}));
  EXPECT_EQ(Pairs(places.leaf_ranges[0]), (RangePairs{{0, 4}}));
  EXPECT_EQ(Pairs(places.leaf_ranges[1]), (RangePairs{{3, 1}}));
  EXPECT_TRUE(places.words_inside);
  EXPECT_EQ(places.word, (Ints{1, 4, 2, 3, 5, kNone, 9}));
  EXPECT_EQ(places.first_occurrences, (Ints{0, 1, 2, 3, 4, 6}));

  const Schedule list = Build(forest, {0, 1, 2}, {0, {{}}});
  EXPECT_EQ(list.child_begin, (Ints{0, 3, 4}));
  EXPECT_EQ(list.children, (Ints{0, 2, 3, 1}));
  EXPECT_FALSE(list.has_gaps);
}

TEST(ScheduleTest, StarOfAHundredThousandChildren) {
  Forest forest;
  Ints children;
  for (int i = 0; i < 100000; ++i) children.push_back(forest.AddLeaf(i % 10));
  forest.AddNode(children, kNone, 0);
  forest.FinishTree(children[7]);
  const Schedule s = Build(forest, {0}, {0, {{}}});
  EXPECT_EQ(s.leaves, 100000);
  EXPECT_EQ(s.levels.size(), 2u);
  EXPECT_EQ(s.child_begin, (Ints{0, 100000}));
  EXPECT_EQ(s.keyword_depth, (Ints{1}));
}

}  // namespace
}  // namespace grove
