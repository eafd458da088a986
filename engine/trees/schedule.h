// Which nodes of a minibatch are evaluated together: pure data, made from the trees alone.
//
// Every node of the minibatch gets a *row*. Rows are grouped by level (height; leaves are level 0),
// and within a level by the node's place among its siblings, roots last:
//
//   | first children        | second children       | third | fourth | later | roots |
//   |          beside inner | beside inner          |
//
// so that whatever multiplies the first children of a level, or all children, or those whose
// sibling is an inner node, reads consecutive rows and nothing is copied.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "engine/trees/forest.h"
#include "simd/gemm.h"
#include "simd/level.h"

namespace grove {

// Children of any place among their siblings, or of one (0: first, 1: second, ...); all of them, or
// of the first and second those whose sibling is an inner node.
struct ChildRows {
  int place = kAnyPlace;
  bool beside_inner = false;

  static constexpr int kAnyPlace = -1;
  bool operator==(const ChildRows&) const = default;
};

// Rows of one level: those with a Place of kPlaces are [begin[place], begin[place + 1]).
struct LevelRows {
  std::array<int32_t, kPlaces + 1> begin = {};

  int32_t first() const { return begin[0]; }
  int32_t roots() const { return begin[kRoot]; }
  int32_t end() const { return begin[kPlaces]; }
  // [first, last) of these children.
  std::pair<int32_t, int32_t> Of(const ChildRows& rows) const;

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
  // Children of inner row r, by place, at [place][r - leaves]: rows; `rows` where there is none.
  // For a model with places.
  std::array<std::vector<int32_t>, simd::kMaxPlaces> child;
  bool has_gaps = false;  // some inner node has fewer children than the model has places
  // The same for a model that takes any number of children: those of inner row r are
  // children[child_begin[r - leaves]] to children[child_begin[r - leaves + 1]].
  std::vector<int32_t> child_begin, children;

  // Calls visit(place, row) for the children of an inner row, in order.
  template <typename Visitor>
  void ForEachChild(int32_t row, Visitor&& visit) const {
    const auto inner = static_cast<size_t>(row - leaves);
    if (!child_begin.empty()) {
      for (int32_t i = child_begin[inner]; i < child_begin[inner + 1]; ++i) {
        visit(static_cast<int>(i - child_begin[inner]), children[static_cast<size_t>(i)]);
      }
      return;
    }
    for (size_t k = 0; k < child.size() && inner < child[k].size(); ++k) {
      if (child[k][inner] != rows) visit(static_cast<int>(k), child[k][inner]);
    }
  }

  // By the index of ScheduleNeeds::children: the leaves among these children, and the inner nodes,
  // counted from row `leaves`.
  std::vector<RowRanges> leaf_ranges, inner_ranges;

  std::vector<LabelledRow> labelled;   // in row order
  bool labels_inside = false;          // some labelled node is not a root
  std::vector<int32_t> root_row;       // (trees)
  std::vector<int32_t> keyword_row;    // (trees) kNone where the tree has no keyword
  std::vector<int32_t> keyword_depth;  // (trees) edges from the root; kNone likewise

  // Word ids of rows [0, word.size()): of the leaves, or of all rows if inner nodes have words too,
  // then kNone where there is none.
  std::vector<int32_t> word;
  bool words_inside = false;
  // Rows whose word occurs for the first time, and pairs (row, first row) of the others.
  std::vector<int32_t> first_occurrences;
  std::vector<std::pair<int32_t, int32_t>> repeats;
};

// What a model asks of its schedules.
struct ScheduleNeeds {
  int places = 2;                   // for children; 0: any number of them
  std::vector<ChildRows> children;  // whose ranges it needs
};

// Builds schedules; keeps its scratch memory.
class Scheduler {
 public:
  Scheduler(int vocabulary_size, ScheduleNeeds needs);

  // The schedule of the given trees of `forest`, in that order. Every word id must be below the
  // vocabulary size, and no node may have more children than there are places.
  void Build(const Forest& forest, std::span<const int32_t> trees, Schedule& schedule);

  // The row of each node of the last minibatch: tree by tree, and within a tree as in the forest.
  std::span<const int32_t> rows() const { return row_; }

  // Makes sure that no minibatch of up to `nodes` nodes, `levels` levels and `trees` trees
  // allocates. Larger ones must not come then (asserted); without a Reserve any may.
  void Reserve(size_t nodes, size_t levels, size_t trees, Schedule& schedule);

 private:
  void CollectRanges(Schedule& schedule) const;
  void CountLevels(const Forest& forest, std::span<const int32_t> trees, Schedule& schedule);
  void StartRows(Schedule& schedule) const;
  void AssignRows(const Forest& forest, std::span<const int32_t> trees, Schedule& schedule);
  void ListChildren(const Forest& forest, std::span<const int32_t> trees, Schedule& schedule) const;
  void FindRepeats(Schedule& schedule);

  ScheduleNeeds needs_;
  // As reserved.
  size_t most_nodes_ = SIZE_MAX, most_levels_ = SIZE_MAX, most_trees_ = SIZE_MAX;
  std::vector<int32_t> row_;        // of each node of the minibatch
  std::vector<int32_t> next_row_;   // (levels * kPlaces), by Forest::slot
  std::vector<int32_t> first_row_;  // (V) of the word in this minibatch, kNone between calls
};

}  // namespace grove
