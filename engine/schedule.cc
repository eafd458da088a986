#include "engine/schedule.h"

#include <algorithm>
#include <cassert>

namespace grove {
namespace {

constexpr int32_t kLeft = 0, kRight = 1, kRoot = 2, kSides = 3;

void AddRange(int32_t begin, int32_t end, RowRanges& ranges) {
  if (end > begin) ranges.push_back({begin, end - begin});
}

}  // namespace

Scheduler::Scheduler(int vocabulary_size)
    : first_row_(static_cast<size_t>(vocabulary_size), kNone) {}

void Scheduler::Reserve(size_t nodes, size_t levels, size_t trees, Schedule& schedule) {
  for (auto* v : {&height_, &side_, &row_, &schedule.word, &schedule.left, &schedule.right,
                  &schedule.left_cell, &schedule.right_cell, &schedule.first_occurrences}) {
    v->reserve(nodes);
  }
  next_row_.reserve(levels * kSides);
  schedule.levels.reserve(levels);
  schedule.repeats.reserve(nodes);
  schedule.labelled.reserve(nodes);
  for (auto* v : {&schedule.root_row, &schedule.keyword_row, &schedule.keyword_depth}) {
    v->reserve(trees);
  }
  for (RowRanges* ranges : AllRanges(schedule)) ranges->reserve(levels);
}

std::array<RowRanges*, 10> Scheduler::AllRanges(Schedule& schedule) {
  return {&schedule.children,       &schedule.left_children, &schedule.right_children,
          &schedule.leaf_children,  &schedule.left_leaves,   &schedule.right_leaves,
          &schedule.inner_children, &schedule.left_inner,    &schedule.right_inner,
          &schedule.inner_rows};
}

void Scheduler::CollectRanges(Schedule& schedule) {
  for (RowRanges* ranges : AllRanges(schedule)) ranges->clear();
  const int32_t leaves = schedule.leaves;
  for (size_t l = 0; l < schedule.levels.size(); ++l) {
    const LevelRows& level = schedule.levels[l];
    AddRange(level.begin, level.root_begin, schedule.children);
    AddRange(level.begin, level.right_begin, schedule.left_children);
    AddRange(level.right_begin, level.root_begin, schedule.right_children);
    if (l == 0) {
      AddRange(level.begin, level.root_begin, schedule.leaf_children);
      AddRange(level.begin, level.right_begin, schedule.left_leaves);
      AddRange(level.right_begin, level.root_begin, schedule.right_leaves);
    } else {
      AddRange(level.begin - leaves, level.root_begin - leaves, schedule.inner_children);
      AddRange(level.begin - leaves, level.right_begin - leaves, schedule.left_inner);
      AddRange(level.right_begin - leaves, level.root_begin - leaves, schedule.right_inner);
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

// Heights and sides of all nodes; from their counts the rows of each level.
void Scheduler::CountLevels(const Forest& forest, std::span<const int32_t> trees,
                            Schedule& schedule) {
  size_t nodes = 0;
  for (const int32_t t : trees) {
    nodes += static_cast<size_t>(forest.tree_begin[static_cast<size_t>(t) + 1] -
                                 forest.tree_begin[static_cast<size_t>(t)]);
  }
  height_.resize(nodes);
  side_.resize(nodes);
  row_.resize(nodes);
  next_row_.clear();
  size_t offset = 0;
  for (const int32_t t : trees) {
    const size_t begin = static_cast<size_t>(forest.tree_begin[static_cast<size_t>(t)]);
    const size_t end = static_cast<size_t>(forest.tree_begin[static_cast<size_t>(t) + 1]);
    for (size_t v = begin; v < end; ++v) {
      const size_t i = offset + (v - begin);
      side_[i] = kRoot;  // until its parent, which comes later, says otherwise
      if (forest.word[v] >= 0) {
        height_[i] = 0;
        continue;
      }
      const size_t left = offset + (static_cast<size_t>(forest.left[v]) - begin);
      const size_t right = offset + (static_cast<size_t>(forest.right[v]) - begin);
      height_[i] = std::max(height_[left], height_[right]) + 1;
      side_[left] = kLeft;
      side_[right] = kRight;
    }
    offset += end - begin;
  }
  for (size_t i = 0; i < nodes; ++i) {
    const size_t slot = static_cast<size_t>(height_[i] * kSides + side_[i]);
    if (slot >= next_row_.size()) {
      next_row_.resize(static_cast<size_t>(height_[i] + 1) * kSides, 0);
    }
    ++next_row_[slot];
  }
  schedule.levels.resize(next_row_.size() / kSides);
  int32_t row = 0;
  for (size_t l = 0; l < schedule.levels.size(); ++l) {
    LevelRows& level = schedule.levels[l];
    const auto take = [&](int32_t side) {
      int32_t& slot = next_row_[l * kSides + static_cast<size_t>(side)];
      const int32_t first = row;
      row += slot;
      slot = first;  // from counts to the next free row
      return first;
    };
    level.begin = take(kLeft);
    level.right_begin = take(kRight);
    level.root_begin = take(kRoot);
    level.end = row;
  }
  schedule.rows = row;
  schedule.leaves = schedule.levels.empty() ? 0 : schedule.levels[0].end;
  schedule.trees = static_cast<int32_t>(trees.size());
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

  size_t offset = 0;
  for (size_t b = 0; b < trees.size(); ++b) {
    const size_t t = static_cast<size_t>(trees[b]);
    const size_t begin = static_cast<size_t>(forest.tree_begin[t]);
    const size_t end = static_cast<size_t>(forest.tree_begin[t + 1]);
    for (size_t v = begin; v < end; ++v) {
      const size_t i = offset + (v - begin);
      const bool is_root = v + 1 == end;
      const int32_t row = next_row_[static_cast<size_t>(height_[i] * kSides + side_[i])]++;
      row_[i] = row;
      if (forest.word[v] >= 0) {
        schedule.word[static_cast<size_t>(row)] = forest.word[v];
      } else {
        const size_t at = static_cast<size_t>(row - leaves);
        const int32_t left = row_[offset + (static_cast<size_t>(forest.left[v]) - begin)];
        const int32_t right = row_[offset + (static_cast<size_t>(forest.right[v]) - begin)];
        schedule.left[at] = left;
        schedule.right[at] = right;
        schedule.left_cell[at] = std::max(0, left - leaves + 1);
        schedule.right_cell[at] = std::max(0, right - leaves + 1);
      }
      if (forest.label[v] >= 0) {
        schedule.labelled.push_back({row, forest.label[v], static_cast<int32_t>(b), is_root});
        schedule.labels_inside |= !is_root;
      }
    }
    schedule.root_row.push_back(row_[offset + (end - begin) - 1]);
    const int32_t keyword = forest.keyword[t];
    int32_t depth = kNone;
    if (keyword != kNone) {
      // Up from the keyword: in post-order a parent is the next node whose subtree holds it.
      depth = 0;
      int32_t node = keyword;
      for (size_t v = static_cast<size_t>(keyword) + 1; v < end; ++v) {
        if (forest.word[v] < 0 && (forest.left[v] == node || forest.right[v] == node)) {
          node = static_cast<int32_t>(v);
          ++depth;
        }
      }
    }
    schedule.keyword_row.push_back(
        keyword == kNone ? kNone : row_[offset + (static_cast<size_t>(keyword) - begin)]);
    schedule.keyword_depth.push_back(depth);
    offset += end - begin;
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
