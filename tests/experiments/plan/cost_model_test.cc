#include "experiments/plan/cost_model.h"

#include <gtest/gtest.h>

#include "tests/experiments/specs.h"

namespace grove {
namespace {

using test::Lengths;
using test::Model;

// A tree of 3 leaves at n = 10, counted by hand: 3 leaves and 1 inner node are children, 2 nodes
// are inner. rlstm: 3 * 6 + 10 + 2 = 30 matrices forward; rnn: 4. Backward is twice that.
TEST(CostModel, CountsMultiplyAdds) {
  RunSpec run = Model("rlstm");
  run.dim = 10;
  EXPECT_DOUBLE_EQ(MultiplyAddsPerTree(run, 3), 3 * 30 * 100.0);
  run.model = "rnn";
  EXPECT_DOUBLE_EQ(MultiplyAddsPerTree(run, 3), 3 * 4 * 100.0);
  EXPECT_DOUBLE_EQ(MultiplyAddsPerTree(run, 1), 0);
}

TEST(CostModel, OrdersRunsByLengthAndModel) {
  EXPECT_GT(PredictSeconds(Model("rlstm"), Lengths(91, 100)),
            PredictSeconds(Model("rlstm"), Lengths(81, 90)));
  EXPECT_GT(PredictSeconds(Model("rlstm"), Lengths(21, 30)),
            PredictSeconds(Model("rnn"), Lengths(91, 100)));
}

// All but the updates of the weights is done for both trees.
TEST(CostModel, KnowsTheTwoTreesOfAPair) {
  RunSpec run = Model("rlstm");
  run.batch = 1000;
  const double trees = PredictSeconds(run, Lengths(21, 30));
  run.comparison = "tai";
  EXPECT_NEAR(PredictSeconds(run, Lengths(21, 30)), 2 * trees, 0.01 * trees);
}

TEST(CostModel, KnowsTheBoundOnEpochs) {
  RunSpec run = Model("rnn");
  run.epochs = 2;
  EXPECT_DOUBLE_EQ(ExpectedEpochs(run, Lengths(1, 10)), 2);
  EXPECT_GT(PredictSeconds(run, Lengths(1, 10)), 0);
}

// So that a journal, which knows a run's epochs, can correct the time and the epochs apart.
TEST(CostModel, SeparatesTheTimeOfAnEpochFromTheirNumber) {
  const RunSpec run = Model("rlstm");
  const DatasetSpec data = Lengths(21, 30);
  EXPECT_DOUBLE_EQ(PredictSeconds(run, data), PredictSeconds(run, data, ExpectedEpochs(run, data)));
  const double test = PredictSeconds(run, data, 0);
  EXPECT_NEAR(PredictSeconds(run, data, 6) - test, 2 * (PredictSeconds(run, data, 3) - test), 1e-9);
}

TEST(CostModel, DrawingTreesForADepthTakesLonger) {
  DatasetSpec data = Lengths(21, 30);
  const double any = PredictBuildSeconds(data);
  EXPECT_GT(any, 0);
  data.max_keyword_depth = 3;
  EXPECT_GT(PredictBuildSeconds(data), any);
}

}  // namespace
}  // namespace grove
