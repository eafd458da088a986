// Operations counted from the tables, against those that LevelModel does, which a backend of its
// own counts as they are done; and by hand.
#include "engine/cells/operations.h"

#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "engine/cells/level_model.h"
#include "engine/cells/model.h"
#include "tests/engine/cells/reference_cases.h"
#include "tests/engine/training/cell_cases.h"

namespace grove {
namespace {

// Multiply-adds of forward and of both passes over the trees as one minibatch.
std::pair<double, double> Done(CellTable cell, const Forest& forest) {
  cell.gemm = GemmBackend::kCounted;
  ParameterLayout layout;
  LevelModel model(std::move(cell), layout);
  layout.Finish();
  Parameters parameters(layout, 9, model.cell().word_width, simd::Rule::kAdagrad);
  Scheduler scheduler(9, model.needs());
  Schedule schedule;
  std::vector<int32_t> trees(forest.trees());
  std::iota(trees.begin(), trees.end(), 0);
  scheduler.Build(forest, trees, schedule);
  const auto rows = static_cast<size_t>(schedule.rows) + 1;
  const size_t stride = simd::PadRow(static_cast<size_t>(model.state_width()));
  simd::AlignedArray<float> h(rows * stride), dh(rows * stride), gradients(layout.size());
  simd::AlignedArray<float> x(rows * parameters.word_stride), dx(rows * parameters.word_stride);
  const NodeStates states = {{h.data(), stride},
                             {dh.data(), stride},
                             {x.data(), parameters.word_stride},
                             {dx.data(), parameters.word_stride}};
  model.Reserve(rows, static_cast<size_t>(schedule.leaves));
  const uint64_t start = CountedMultiplyAdds();
  model.Forward(parameters, schedule, states, Keep::kForBackward);
  const uint64_t forward = CountedMultiplyAdds() - start;
  model.Backward(parameters, schedule, states, gradients.data());
  return {static_cast<double>(forward), static_cast<double>(CountedMultiplyAdds() - start)};
}

TEST(Operations, AreThoseThatAreDone) {
  for (const std::string& model : ModelNames()) {
    for (const char* leaves : {"own", "shared"}) {
      for (const int word_dim : {0, 3}) {
        RunSpec spec;
        spec.model = model;
        spec.leaf_weights = leaves;
        spec.dim = 4;
        spec.word_dim = word_dim;
        const CellTable cell = MakeCell(spec);
        const reference::Cell oracle = reference::CellOf({.model = model, .dim = 4, .classes = 3});
        const Forest forest = ForestOf(reference::Shapes(oracle));
        const double counted = MultiplyAdds(cell, forest, 0, forest.trees(), Counted::kExecuted);
        const auto [forward, both] = Done(cell, forest);
        EXPECT_EQ(forward, counted) << model << " " << leaves << " " << word_dim;
        EXPECT_EQ(both, 3 * counted) << model << " " << leaves << " " << word_dim;
        EXPECT_LE(counted, MultiplyAdds(cell, forest, 0, forest.trees(), Counted::kEquations) +
                               (cell.words_inside ? 1e9 : 0));
      }
    }
  }
}

// Binary trees of L leaves by the equations.
TEST(Operations, ByHand) {
  const auto count = [](const char* model, int n, int w, double leaves) {
    RunSpec spec;
    spec.model = model;
    spec.dim = n;
    spec.word_dim = w;
    return MultiplyAddsOfTree(MakeCell(spec), leaves);
  };
  // Three leaves: as children 3 leaves and 1 inner node, 2 inner nodes.
  EXPECT_DOUBLE_EQ(count("rnn", 10, 0, 3), 4 * 100);
  EXPECT_DOUBLE_EQ(count("rlstm", 10, 0, 3), (3 * 6 + 10 + 2) * 100);
  EXPECT_DOUBLE_EQ(count("rnn", 10, 0, 1), 0);
  // Tai et al. 2015: 3 L n w + 5 (L - 1) 2 n^2.
  EXPECT_DOUBLE_EQ(count("tai_binary", 150, 300, 19.1),
                   3 * 19.1 * 150 * 300 + 5 * 18.1 * 2 * 150 * 150);
  // zhu: a child by 5, an inner one by 3 more for its cell, and W_co.
  EXPECT_DOUBLE_EQ(count("zhu", 10, 0, 3), (4 * 5 + 3 + 2) * 100);
  EXPECT_DOUBLE_EQ(count("gru", 10, 0, 3), (4 * 3 + 2 * 2) * 100);
  EXPECT_DOUBLE_EQ(count("grc", 10, 0, 3), (4 * 4 + 2 * 16) * 100);
  // child_sum: words by 3, sums by 3, a child's own forget gate.
  EXPECT_DOUBLE_EQ(count("child_sum", 10, 0, 3), (3 * 3 + 2 * 3 + 4) * 100);
}

}  // namespace
}  // namespace grove
