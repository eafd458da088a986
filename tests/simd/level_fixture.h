// One level for the kernels of any cell: nodes, their children, and arrays filled at random.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "simd/activation.h"
#include "simd/level.h"
#include "tests/reference/tape.h"
#include "tests/simd/float_rows.h"

namespace grove::simd {

// Five nodes in the rows behind those of their children, of which 9 and 14 belong to nobody.
inline constexpr int32_t kNodes = 5, kFirst = 20, kMissing = 19;
inline const std::vector<int32_t> kChild[kMaxPlaces] = {
    {15, 0, 8, 12, 3}, {1, 17, 4, 16, 19}, {6, 18, 11, 5, 19}, {13, 19, 10, 7, 19}};
// Of a cell of any number of children; the last node has none.
inline const std::vector<int32_t> kChildBegin = {0, 3, 4, 5, 8, 8};
inline const std::vector<int32_t> kChildren = {15, 1, 6, 0, 17, 4, 8, 12};
// What no kernel may read would show anywhere.
inline constexpr float kUnread = 1e30f;

struct Segment {
  std::string name;
  size_t width = 1;  // in units of n
};

// Segments one behind the other: those of activations are padded.
struct Segments {
  std::vector<Segment> each;
  bool padded = false;

  size_t Width(const Segment& segment, size_t n) const {
    return padded ? PadRow(segment.width * n) : segment.width * n;
  }
  size_t Width(size_t n) const {
    size_t width = 0;
    for (const Segment& segment : each) width += Width(segment, n);
    return width;
  }
  size_t Begin(const std::string& name, size_t n) const {
    size_t begin = 0;
    for (const Segment& segment : each) {
      if (segment.name == name) return begin;
      begin += Width(segment, n);
    }
    ADD_FAILURE() << "no segment " << name;
    return 0;
  }
};

struct Node;  // tests/simd/level_cells.h

using Kernel = std::function<void(Activation g, size_t n, const Level& level)>;

// A cell as its kernels see it (the comments of simd/*_cell.h).
struct LevelCell {
  std::string name;
  size_t places = 2;  // 0: any number of children
  Segments state = {}, projections = {}, sums = {}, biases = {}, activations = {};
  Kernel forward = {}, backward = {};
  // What a node's row holds after forward: "h", "c", and activations X whose gradient backward
  // finds in the segment "dX".
  std::function<std::vector<std::pair<std::string, reference::Var>>(const Node& x)> equations = {};
  bool words = true;              // of the nodes
  bool leaves_have_cells = true;  // else all have that of the last leaf, which is zero
  bool above_leaves = false, of_leaves = false;
};

class LevelArrays {
 public:
  LevelArrays(const LevelCell& of, size_t width)
      : cell(of),
        n(width),
        leaves(of.above_leaves ? kMissing + 1 : 8),
        state(kFirst + kNodes, of.state.Width(n), of.state.Width(n) + 2),
        dstate(kFirst + kNodes, of.state.Width(n), of.state.Width(n) + 2),
        projections(kFirst, of.projections.Width(n), of.projections.Width(n) + 3),
        sums(kNodes, of.sums.Width(n), of.sums.Width(n) + 1),
        activations(kNodes, of.activations.Width(n), of.activations.Width(n)),
        biases(1, of.biases.Width(n), of.biases.Width(n) + 1),
        dbiases(1, of.biases.Width(n), of.biases.Width(n) + 1) {
    std::mt19937 generator(static_cast<uint32_t>(n));
    for (FloatRows* rows : All()) rows->FillRandom(generator, 1);
    std::fill_n(state.Row(kMissing), state.n(), 0.0f);
    std::fill_n(projections.Row(kMissing), projections.n(), 0.0f);
  }

  std::vector<FloatRows*> All() {
    return {&state, &dstate, &projections, &sums, &activations, &biases, &dbiases};
  }
  // Rows of a node's children, place by place.
  std::vector<int32_t> Children(int32_t node) const {
    const auto r = static_cast<size_t>(node);
    std::vector<int32_t> rows;
    if (cell.places == 0) {
      rows.assign(kChildren.begin() + kChildBegin[r], kChildren.begin() + kChildBegin[r + 1]);
    }
    for (size_t k = 0; k < cell.places; ++k) rows.push_back(kChild[k][r]);
    return cell.of_leaves ? std::vector<int32_t>() : rows;
  }
  // The row of a child's c.
  int32_t CellRow(int32_t child) const {
    return cell.leaves_have_cells ? child : std::max(child, leaves - 1);
  }
  // Sets a segment to what must not be read, or to zeros.
  void Fill(FloatRows& rows, int32_t row, const Segments& segments, const char* name, float value) {
    if (row == kMissing) return;
    std::fill_n(rows.Row(static_cast<size_t>(row)) + segments.Begin(name, n), n, value);
  }

  Level Arguments() {
    Level level;
    level.rows = kNodes;
    level.first = kFirst;
    level.leaves = leaves;
    level.of_leaves = cell.of_leaves;
    level.above_leaves = cell.above_leaves;
    level.has_words = cell.words;
    for (size_t k = 0; k < cell.places; ++k) level.child[k] = kChild[k].data();
    level.missing = kMissing;
    level.child_begin = kChildBegin.data();
    level.children = kChildren.data();
    level.state = {state.data(), state.stride()};
    level.dstate = {dstate.data(), dstate.stride()};
    level.out = level.state.From(kFirst);
    level.dout = level.dstate.From(kFirst);
    level.projections = {projections.data(), projections.stride()};
    level.sums = {sums.data(), sums.stride()};
    level.activations = {activations.data(), activations.stride()};
    level.biases = biases.data();
    level.dbiases = dbiases.data();
    return level;
  }

  const LevelCell& cell;
  const size_t n;
  const int32_t leaves;
  FloatRows state, dstate, projections, sums, activations, biases, dbiases;
};

}  // namespace grove::simd
