#include "engine/trees/schedule.h"

#include <algorithm>
#include <cassert>

namespace grove {
namespace {

void AddRange(int32_t begin, int32_t end, RowRanges& ranges) {
  if (end > begin) ranges.push_back({begin, end - begin});
}

}  // namespace

Scheduler::Scheduler(int vocabulary_size)
    : first_row_(static_cast<size_t>(vocabulary_size), kNone) {}

void Scheduler::Reserve(size_t nodes, size_t levels, size_t trees, Schedule& schedule) {
  for (auto* v : {&row_, &schedule.word, &schedule.left, &schedule.right, &schedule.left_cell,
                  &schedule.right_cell, &schedule.first_occurrences}) {
    v->reserve(nodes);
  }
  next_row_.reserve(levels * kPlaces);
  schedule.levels.reserve(levels);
  schedule.repeats.reserve(nodes);
  schedule.labelled.reserve(nodes);
  for (auto* v : {&schedule.root_row, &schedule.keyword_row, &schedule.keyword_depth}) {
    v->reserve(trees);
  }
  for (RowRanges* ranges : AllRanges(schedule)) ranges->reserve(levels);
}

std::array<RowRanges*, 9> Scheduler::AllRanges(Schedule& schedule) {
  return {&schedule.leaf_children,       &schedule.left_leaves,        &schedule.right_leaves,
          &schedule.leaves_beside_inner, &schedule.inner_children,     &schedule.left_inner,
          &schedule.right_inner,         &schedule.inner_beside_inner, &schedule.inner_rows};
}

void Scheduler::CollectRanges(Schedule& schedule) {
  for (RowRanges* ranges : AllRanges(schedule)) ranges->clear();
  const int32_t leaves = schedule.leaves;
  for (size_t l = 0; l < schedule.levels.size(); ++l) {
    const LevelRows& level = schedule.levels[l];
    if (l == 0) {
      AddRange(level.begin, level.root_begin, schedule.leaf_children);
      AddRange(level.begin, level.right_begin, schedule.left_leaves);
      AddRange(level.right_begin, level.root_begin, schedule.right_leaves);
      AddRange(level.beside_begin, level.beside_end, schedule.leaves_beside_inner);
    } else {
      AddRange(level.begin - leaves, level.root_begin - leaves, schedule.inner_children);
      AddRange(level.begin - leaves, level.right_begin - leaves, schedule.left_inner);
      AddRange(level.right_begin - leaves, level.root_begin - leaves, schedule.right_inner);
      AddRange(level.beside_begin - leaves, level.beside_end - leaves, schedule.inner_beside_inner);
    }
  }
  AddRange(0, schedule.rows - leaves, schedule.inner_rows);
}

void Scheduler::Build(const Forest& forest, std::span<const int32_t> trees, Schedule& schedule) {
  CountLevels(forest, trees, schedule);
  AssignRows(forest, trees, schedule);
  CollectRanges(schedule);
  FindRepeats(schedule);
}

// The rows of each level, from the numbers of nodes in each slot.
void Scheduler::CountLevels(const Forest& forest, std::span<const int32_t> trees,
                            Schedule& schedule) {
  next_row_.clear();
  for (const int32_t t : trees) {
    const auto begin = static_cast<size_t>(forest.tree_begin[static_cast<size_t>(t)]);
    const auto end = static_cast<size_t>(forest.tree_begin[static_cast<size_t>(t) + 1]);
    const auto slots = static_cast<size_t>(forest.slot[end - 1]) + 1;  // the root is the highest
    if (next_row_.size() < slots) next_row_.resize(slots, 0);
    for (size_t v = begin; v < end; ++v) ++next_row_[static_cast<size_t>(forest.slot[v])];
  }
  schedule.levels.resize(next_row_.size() / kPlaces);
  int32_t row = 0;
  for (size_t l = 0; l < schedule.levels.size(); ++l) {
    LevelRows& level = schedule.levels[l];
    const auto take = [&](Place place) {
      int32_t& slot = next_row_[l * kPlaces + static_cast<size_t>(place)];
      const int32_t first = row;
      row += slot;
      slot = first;  // from counts to the next free row
      return first;
    };
    level.begin = take(kLeftBesideLeaf);
    level.beside_begin = take(kLeftBesideInner);
    level.right_begin = take(kRightBesideInner);
    level.beside_end = take(kRightBesideLeaf);
    level.root_begin = take(kRoot);
    level.end = row;
  }
  schedule.rows = row;
  schedule.leaves = schedule.levels.empty() ? 0 : schedule.levels[0].end;
  schedule.trees = static_cast<int32_t>(trees.size());
  row_.resize(static_cast<size_t>(row));
}

void Scheduler::AssignRows(const Forest& forest, std::span<const int32_t> trees,
                           Schedule& schedule) {
  const int32_t leaves = schedule.leaves;
  const size_t inner = static_cast<size_t>(schedule.rows - leaves);
  schedule.word.resize(static_cast<size_t>(leaves));
  for (auto* v : {&schedule.left, &schedule.right, &schedule.left_cell, &schedule.right_cell}) {
    v->resize(inner);
  }
  schedule.labelled.clear();
  schedule.root_row.clear();
  schedule.keyword_row.clear();
  schedule.keyword_depth.clear();
  schedule.labels_inside = false;

  int32_t* row_of = row_.data();  // of the node at position v: row_of[v - begin]
  for (size_t b = 0; b < trees.size(); ++b) {
    const auto t = static_cast<size_t>(trees[b]);
    const int32_t begin = forest.tree_begin[t];
    const int32_t root = forest.root(t);
    for (int32_t v = begin; v <= root; ++v) {
      const auto at = static_cast<size_t>(v);
      const int32_t row = next_row_[static_cast<size_t>(forest.slot[at])]++;
      row_of[v - begin] = row;
      if (forest.word[at] >= 0) {
        schedule.word[static_cast<size_t>(row)] = forest.word[at];
      } else {
        const auto inner_row = static_cast<size_t>(row - leaves);
        const int32_t left = row_of[forest.left[at] - begin];
        const int32_t right = row_of[forest.right[at] - begin];
        schedule.left[inner_row] = left;
        schedule.right[inner_row] = right;
        schedule.left_cell[inner_row] = std::max(0, left - leaves + 1);
        schedule.right_cell[inner_row] = std::max(0, right - leaves + 1);
      }
      if (forest.label[at] >= 0) {
        schedule.labelled.push_back({row, forest.label[at], static_cast<int32_t>(b), v == root});
        schedule.labels_inside |= v != root;
      }
    }
    const int32_t keyword = forest.keyword[t];
    schedule.root_row.push_back(row_of[root - begin]);
    schedule.keyword_row.push_back(keyword == kNone ? kNone : row_of[keyword - begin]);
    schedule.keyword_depth.push_back(forest.keyword_depth[t]);
    row_of += root - begin + 1;
  }
  std::sort(schedule.labelled.begin(), schedule.labelled.end(),
            [](const LabelledRow& a, const LabelledRow& b) { return a.row < b.row; });
}

void Scheduler::FindRepeats(Schedule& schedule) {
  schedule.first_occurrences.clear();
  schedule.repeats.clear();
  for (int32_t row = 0; row < schedule.leaves; ++row) {
    const size_t word = static_cast<size_t>(schedule.word[static_cast<size_t>(row)]);
    assert(word < first_row_.size());
    if (first_row_[word] == kNone) {
      first_row_[word] = row;
      schedule.first_occurrences.push_back(row);
    } else {
      schedule.repeats.emplace_back(row, first_row_[word]);
    }
  }
  for (const int32_t word : schedule.word) first_row_[static_cast<size_t>(word)] = kNone;
}

}  // namespace grove
