// What the equations of a cell make of a level in double: results and gradients.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/reference/tape.h"
#include "tests/simd/float_rows.h"
#include "tests/simd/level_fixture.h"

namespace grove::simd {

using Results = std::vector<std::pair<std::string, reference::Var>>;

// A node as its equations see it: the tensors "projections.i" and so on have a row for each row.
struct Node {
  const LevelArrays& arrays;
  reference::Tape& tape;
  std::string activation;
  int32_t node = 0;

  size_t children() const { return arrays.Children(node).size(); }
  int32_t Child(size_t k) const { return arrays.Children(node)[k]; }
  reference::Var Row(const std::string& tensor, int32_t row, size_t width = 1) const {
    return tape.Row(tensor, static_cast<size_t>(row), width * arrays.n);
  }
  reference::Var P(size_t k, const std::string& name, size_t width = 1) const {
    return Row("projections." + name, Child(k), width);
  }
  reference::Var h(size_t k) const { return Row("state.h", Child(k)); }
  reference::Var c(size_t k) const { return Row("state.c", arrays.CellRow(Child(k))); }
  // What enters a gate of its own bias and sum.
  reference::Var Own(const std::string& name) const {
    return Row("sums." + name, node) + tape.Tensor("biases." + name);
  }
  // What enters a gate of the projections of both children.
  reference::Var Both(const std::string& left, const std::string& right, const std::string& bias,
                      size_t width = 1) const {
    return P(0, left, width) + P(1, right, width) + tape.Tensor("biases." + bias);
  }
  reference::Var g(reference::Var x) const { return reference::Activation(activation, x); }
};

// What no kernel may read is set to kUnread; in the oracle it is zero.
inline void HideUnread(LevelArrays& arrays) {
  const LevelCell& cell = arrays.cell;
  for (int32_t r = 0; r < kNodes && !cell.words; ++r) {
    for (const char* sum : {"i", "o", "u", "f"}) {
      // The other sums of child_sum are those of its children.
      const bool unread = cell.places > 0 || std::string(sum) == "f";
      if (unread) arrays.Fill(arrays.sums, r, cell.sums, sum, kUnread);
    }
  }
  if (cell.leaves_have_cells) return;
  arrays.Fill(arrays.state, arrays.leaves - 1, cell.state, "c", 0);
  for (int32_t r = 0; r < kNodes; ++r) {
    for (const size_t k : {0, 1}) {
      const int32_t child = arrays.Children(r)[k], sibling = arrays.Children(r)[1 - k];
      if (child >= arrays.leaves) continue;
      arrays.Fill(arrays.projections, child, cell.projections, "f_own", kUnread);
      arrays.Fill(arrays.projections, sibling, cell.projections, "f_sibling", kUnread);
    }
  }
}

// The segment of all rows; what must not be read is zero.
inline std::vector<double> Tensor(const FloatRows& rows, const Segments& segments,
                                  const Segment& segment, size_t n) {
  const size_t begin = segments.Begin(segment.name, n);
  std::vector<double> values;
  for (size_t r = 0; r < rows.rows(); ++r) {
    for (size_t j = 0; j < segment.width * n; ++j) {
      const float value = rows.At(r, begin + j);
      values.push_back(value == kUnread ? 0 : static_cast<double>(value));
    }
  }
  return values;
}

// Where a result of a node stands, and where its gradient does.
inline const float* ValueOf(const LevelArrays& arrays, const std::string& name, int32_t node) {
  const LevelCell& cell = arrays.cell;
  if (name != "h" && name != "c") {
    return arrays.activations.Row(node) + cell.activations.Begin(name, arrays.n);
  }
  return arrays.state.Row(kFirst + node) + cell.state.Begin(name, arrays.n);
}
inline const float* GradientOf(const LevelArrays& arrays, const std::string& name, int32_t node) {
  const LevelCell& cell = arrays.cell;
  if (name != "h" && name != "c") {
    return arrays.activations.Row(node) + cell.activations.Begin("d" + name, arrays.n);
  }
  return arrays.dstate.Row(kFirst + node) + cell.state.Begin(name, arrays.n);
}

class LevelOracle {
 public:
  // Of a level before forward; the gradients are those of the sum of all results, each element
  // times what stands at its gradient.
  LevelOracle(const LevelArrays& arrays, const std::string& activation) {
    const LevelCell& cell = arrays.cell;
    AddTensors("projections.", arrays.projections, cell.projections, arrays.n);
    AddTensors("sums.", arrays.sums, cell.sums, arrays.n);
    AddTensors("biases.", arrays.biases, cell.biases, arrays.n);
    AddTensors("state.", arrays.state, cell.state, arrays.n);
    reference::Tape tape(tensors_);
    reference::Var loss;
    for (int32_t r = 0; r < kNodes; ++r) {
      for (const auto& [name, var] : cell.equations(Node{arrays, tape, activation, r})) {
        if (var.nothing()) continue;  // a sum of no children
        results_[{name, r}] = tape.Value(var);
        const float* gradient = GradientOf(arrays, name, r);
        loss = loss + Sum(tape.Constant({gradient, gradient + results_[{name, r}].size()}) * var);
      }
    }
    tape.Backward(loss, gradients_);
  }

  // By name and node.
  const std::map<std::pair<std::string, int32_t>, std::vector<double>>& results() const {
    return results_;
  }
  // Of element j of row r.
  double Gradient(const std::string& tensor, const Segment& segment, size_t n, size_t r,
                  size_t j) const {
    return gradients_.at(tensor + segment.name)[r * segment.width * n + j];
  }

 private:
  void AddTensors(const std::string& prefix, const FloatRows& rows, const Segments& segments,
                  size_t n) {
    for (const Segment& segment : segments.each) {
      std::vector<double> values = Tensor(rows, segments, segment, n);
      gradients_[prefix + segment.name].resize(values.size());
      tensors_[prefix + segment.name] = std::move(values);
    }
  }

  reference::Tensors tensors_, gradients_;
  std::map<std::pair<std::string, int32_t>, std::vector<double>> results_;
};

}  // namespace grove::simd
