// The cells as DyNet graphs, a tree node at a time; DyNet finds what can be computed together.
#pragma once

#include <dynet/expr.h>

#include <memory>

#include "perf/peers/dynet/weights.h"

namespace grove::peers {

// Of a tree node. A leaf that is no cell is its word vector, and has no c.
struct State {
  dynet::Expression h, c;
  bool is_leaf = false;
};

class Cell {
 public:
  virtual ~Cell() = default;
  // The weights' part of a new graph; before any node of it.
  virtual void Begin(dynet::ComputationGraph& graph) = 0;
  virtual State Leaf(const dynet::Expression& word) { return {word, {}, true}; }
  virtual State Inner(const State& left, const State& right) = 0;
};

// Takes what it needs from `weights`, which must outlive it. Throws std::runtime_error for a model
// that the peer does not have.
std::unique_ptr<Cell> MakeCell(const Settings& settings, Weights& weights);

}  // namespace grove::peers
