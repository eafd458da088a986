// Which nodes of a minibatch are evaluated together: pure data, made from the trees alone.
//
// Every node of the minibatch gets a *row*. Rows are grouped by level (height; leaves are level 0),
// and within a level into left children | right children | roots, so that whatever multiplies the
// left children of a level, or all children, reads consecutive rows and nothing is copied. The left
// children whose sibling is an inner node come last among the left ones and first among the right
// ones: they too are together.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "engine/trees/forest.h"
#include "simd/gemm.h"

namespace grove {

// Rows of one level: left children [begin, right_begin), right children [right_begin, root_begin),
// roots [root_begin, end); children beside an inner node [beside_begin, beside_end), where begin <=
// beside_begin <= right_begin <= beside_end <= root_begin. Any part may be empty.
struct LevelRows {
  int32_t begin = 0;
  int32_t right_begin = 0;
  int32_t root_begin = 0;
  int32_t end = 0;
  int32_t beside_begin = 0;
  int32_t beside_end = 0;

  bool operator==(const LevelRows&) const = default;
};

struct LabelledRow {
  int32_t row = 0;
  int32_t label = 0;
  int32_t tree = 0;  // index in the minibatch
  bool is_root = false;
};

// Runs of rows [begin, begin + count), in row order: the terms of a weight gradient.
using RowRanges = std::vector<simd::KRange>;

// Reused from minibatch to minibatch: after the largest one nothing is allocated.
struct Schedule {
  int32_t rows = 0;    // nodes of the minibatch
  int32_t leaves = 0;  // rows [0, leaves); inner nodes follow
  int32_t trees = 0;   // B

  std::vector<LevelRows> levels;  // level 0 first
  std::vector<int32_t> word;      // (leaves) word id
  // (rows - leaves) children of inner row r at [r - leaves]: rows, and rows among the cells, where
  // 0 stands for every leaf and inner row r has r - leaves + 1.
  std::vector<int32_t> left, right, left_cell, right_cell;

  // Leaves that occur as children; `leaves_beside_inner` have an inner node for a sibling.
  RowRanges leaf_children, left_leaves, right_leaves, leaves_beside_inner;
  // The inner nodes among them, counted from row `leaves`; `inner_rows` has the roots as well.
  RowRanges inner_children, left_inner, right_inner, inner_beside_inner, inner_rows;

  std::vector<LabelledRow> labelled;   // in row order
  bool labels_inside = false;          // some labelled node is not a root
  std::vector<int32_t> root_row;       // (trees)
  std::vector<int32_t> keyword_row;    // (trees) kNone where the tree has no keyword
  std::vector<int32_t> keyword_depth;  // (trees) edges from the root; kNone likewise

  // Leaf rows whose word occurs for the first time, and pairs (row, first row) of the others.
  std::vector<int32_t> first_occurrences;
  std::vector<std::pair<int32_t, int32_t>> repeats;
};

// Builds schedules; keeps its scratch memory.
class Scheduler {
 public:
  explicit Scheduler(int vocabulary_size);

  // The schedule of the given trees of `forest`, in that order. Every word id must be below the
  // vocabulary size.
  void Build(const Forest& forest, std::span<const int32_t> trees, Schedule& schedule);

  // Makes sure that no minibatch of up to `nodes` nodes, `levels` levels and `trees` trees
  // allocates.
  void Reserve(size_t nodes, size_t levels, size_t trees, Schedule& schedule);

 private:
  static std::array<RowRanges*, 9> AllRanges(Schedule& schedule);
  static void CollectRanges(Schedule& schedule);
  void CountLevels(const Forest& forest, std::span<const int32_t> trees, Schedule& schedule);
  void AssignRows(const Forest& forest, std::span<const int32_t> trees, Schedule& schedule);
  void FindRepeats(Schedule& schedule);

  std::vector<int32_t> row_;        // of each node of the minibatch
  std::vector<int32_t> next_row_;   // (levels * kPlaces), by Forest::slot
  std::vector<int32_t> first_row_;  // (V) of the word in this minibatch, kNone between calls
};

}  // namespace grove
