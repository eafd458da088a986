#include "engine/trees/schedule.h"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <utility>

namespace grove {
namespace {

void AddRange(std::pair<int32_t, int32_t> rows, int32_t origin, RowRanges& ranges) {
  const auto [first, last] = rows;
  if (last > first) ranges.push_back({first - origin, last - first});
}

}  // namespace

std::pair<int32_t, int32_t> LevelRows::Of(const ChildRows& rows) const {
  switch (rows.place) {
    case 0:
      return {begin[rows.beside_inner ? kFirstBesideInner : kFirstBesideLeaf],
              begin[kSecondBesideInner]};
    case 1:
      return {begin[kSecondBesideInner], begin[rows.beside_inner ? kSecondBesideLeaf : kThird]};
    case 2:
      return {begin[kThird], begin[kFourth]};
    case 3:
      return {begin[kFourth], begin[kLater]};
    default:
      if (rows.beside_inner) return {begin[kFirstBesideInner], begin[kSecondBesideLeaf]};
      return {begin[0], begin[kRoot]};
  }
}

Scheduler::Scheduler(int vocabulary_size, ScheduleNeeds needs)
    : needs_(std::move(needs)), first_row_(static_cast<size_t>(vocabulary_size), kNone) {}

void Scheduler::Reserve(size_t nodes, size_t levels, size_t trees, Schedule& schedule) {
  most_nodes_ = nodes;
  most_levels_ = levels;
  most_trees_ = trees;
  for (auto* v : {&row_, &schedule.word, &schedule.children, &schedule.first_occurrences}) {
    v->reserve(nodes);
  }
  for (auto& rows : schedule.child) rows.reserve(needs_.places == 0 ? 0 : nodes);
  schedule.child_begin.reserve(nodes + 1);
  next_row_.reserve(levels * kPlaces);
  schedule.levels.reserve(levels);
  schedule.repeats.reserve(nodes);
  schedule.labelled.reserve(nodes);
  for (auto* v : {&schedule.root_row, &schedule.keyword_row, &schedule.keyword_depth}) {
    v->reserve(trees);
  }
  for (auto* ranges : {&schedule.leaf_ranges, &schedule.inner_ranges}) {
    ranges->resize(needs_.children.size());
    for (RowRanges& each : *ranges) each.reserve(levels);
  }
}

void Scheduler::CollectRanges(Schedule& schedule) const {
  for (auto* ranges : {&schedule.leaf_ranges, &schedule.inner_ranges}) {
    ranges->resize(needs_.children.size());
    for (RowRanges& each : *ranges) each.clear();
  }
  for (size_t l = 0; l < schedule.levels.size(); ++l) {
    auto& ranges = l == 0 ? schedule.leaf_ranges : schedule.inner_ranges;
    for (size_t i = 0; i < needs_.children.size(); ++i) {
      AddRange(schedule.levels[l].Of(needs_.children[i]), l == 0 ? 0 : schedule.leaves, ranges[i]);
    }
  }
}

void Scheduler::Build(const Forest& forest, std::span<const int32_t> trees, Schedule& schedule) {
  assert(trees.size() <= most_trees_);
  CountLevels(forest, trees, schedule);
  assert(static_cast<size_t>(schedule.rows) <= most_nodes_);
  assert(schedule.levels.size() <= most_levels_);
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
    for (size_t place = 0; place < kPlaces; ++place) {
      int32_t& slot = next_row_[l * kPlaces + place];
      level.begin[place] = row;
      row += slot;
      slot = level.begin[place];  // from counts to the next free row
    }
    level.begin[kPlaces] = row;
  }
  schedule.rows = row;
  schedule.leaves = schedule.levels.empty() ? 0 : schedule.levels[0].end();
  schedule.trees = static_cast<int32_t>(trees.size());
  row_.resize(static_cast<size_t>(row));
}

// Empties what AssignRows fills, and makes room for it.
void Scheduler::StartRows(Schedule& schedule) const {
  const auto leaves = static_cast<size_t>(schedule.leaves);
  const size_t inner = static_cast<size_t>(schedule.rows) - leaves;
  schedule.word.assign(leaves, kNone);
  for (size_t k = 0; k < static_cast<size_t>(needs_.places); ++k) schedule.child[k].resize(inner);
  schedule.child_begin.assign(needs_.places == 0 ? inner + 1 : 0, 0);
  schedule.labelled.clear();
  schedule.root_row.clear();
  schedule.keyword_row.clear();
  schedule.keyword_depth.clear();
  schedule.labels_inside = schedule.words_inside = schedule.has_gaps = false;
}

void Scheduler::AssignRows(const Forest& forest, std::span<const int32_t> trees,
                           Schedule& schedule) {
  StartRows(schedule);
  const auto leaves = static_cast<size_t>(schedule.leaves);
  const auto places = static_cast<size_t>(needs_.places);
  std::array<int32_t*, simd::kMaxPlaces> child = {};
  for (size_t k = 0; k < places; ++k) child[k] = schedule.child[k].data();
  int32_t* row_of = row_.data();  // of the node at position v: row_of[v - begin]
  for (size_t b = 0; b < trees.size(); ++b) {
    const auto t = static_cast<size_t>(trees[b]);
    const int32_t begin = forest.tree_begin[t];
    const int32_t root = forest.root(t);
    for (int32_t v = begin; v <= root; ++v) {
      const auto at = static_cast<size_t>(v);
      const int32_t row = next_row_[static_cast<size_t>(forest.slot[at])]++;
      row_of[v - begin] = row;
      if (forest.word[at] != kNone) {
        // Inner nodes come after all leaves of their tree, but not after all leaves.
        if (row >= schedule.leaves && !schedule.words_inside) {
          schedule.words_inside = true;
          schedule.word.resize(static_cast<size_t>(schedule.rows), kNone);
        }
        schedule.word[static_cast<size_t>(row)] = forest.word[at];
      }
      if (row >= schedule.leaves) {
        const std::span<const int32_t> children = forest.Children(v);
        const auto inner_row = static_cast<size_t>(row) - leaves;
        if (places == 0) {
          schedule.child_begin[inner_row + 1] = static_cast<int32_t>(children.size());
        }
        assert(places == 0 || children.size() <= places);
        for (size_t k = 0; k < places; ++k) {
          child[k][inner_row] = k < children.size() ? row_of[children[k] - begin] : schedule.rows;
        }
        schedule.has_gaps |= children.size() < places;
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
  if (needs_.places == 0) ListChildren(forest, trees, schedule);
  std::sort(schedule.labelled.begin(), schedule.labelled.end(),
            [](const LabelledRow& a, const LabelledRow& b) { return a.row < b.row; });
}

// From the numbers of children to their list, by row.
void Scheduler::ListChildren(const Forest& forest, std::span<const int32_t> trees,
                             Schedule& schedule) const {
  std::partial_sum(schedule.child_begin.begin(), schedule.child_begin.end(),
                   schedule.child_begin.begin());
  schedule.children.resize(static_cast<size_t>(schedule.child_begin.back()));
  const int32_t* row_of = row_.data();
  for (const int32_t t : trees) {
    const int32_t begin = forest.tree_begin[static_cast<size_t>(t)];
    const int32_t root = forest.root(static_cast<size_t>(t));
    for (int32_t v = begin; v <= root; ++v) {
      const int32_t inner_row = row_of[v - begin] - schedule.leaves;
      if (inner_row < 0) continue;
      int32_t* to = schedule.children.data() + schedule.child_begin[static_cast<size_t>(inner_row)];
      for (const int32_t c : forest.Children(v)) *to++ = row_of[c - begin];
    }
    row_of += root - begin + 1;
  }
}

void Scheduler::FindRepeats(Schedule& schedule) {
  schedule.first_occurrences.clear();
  schedule.repeats.clear();
  for (int32_t row = 0; row < static_cast<int32_t>(schedule.word.size()); ++row) {
    if (schedule.word[static_cast<size_t>(row)] == kNone) continue;
    const size_t word = static_cast<size_t>(schedule.word[static_cast<size_t>(row)]);
    assert(word < first_row_.size());
    if (first_row_[word] == kNone) {
      first_row_[word] = row;
      schedule.first_occurrences.push_back(row);
    } else {
      schedule.repeats.emplace_back(row, first_row_[word]);
    }
  }
  for (const int32_t word : schedule.word) {
    if (word != kNone) first_row_[static_cast<size_t>(word)] = kNone;
  }
}

}  // namespace grove
