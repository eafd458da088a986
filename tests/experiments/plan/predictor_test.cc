#include "experiments/plan/predictor.h"

#include <gtest/gtest.h>

#include <cmath>

#include "experiments/plan/cost_model.h"
#include "tests/experiments/specs.h"

namespace grove {
namespace {

using test::Lengths;
using test::Model;

// A run `speed` times as slow as the cost model says, with `epochs` times the epochs it expects.
MeasuredRun Measured(const char* model, const DatasetSpec& data, double speed, double epochs) {
  MeasuredRun measured{Model(model), data, 0, 0};
  measured.epochs = static_cast<int>(std::lround(epochs * ExpectedEpochs(measured.run, data)));
  measured.seconds = speed * PredictSeconds(measured.run, data, measured.epochs);
  return measured;
}

TEST(Predictor, WithoutRunsItIsTheCostModel) {
  const Prediction prediction = Predictor({}).Predict(Model("rlstm"), Lengths(21, 30));
  EXPECT_DOUBLE_EQ(prediction.seconds, PredictSeconds(Model("rlstm"), Lengths(21, 30)));
  EXPECT_DOUBLE_EQ(prediction.epochs, ExpectedEpochs(Model("rlstm"), Lengths(21, 30)));
  EXPECT_EQ(prediction.basis, Basis::kCostModel);
  EXPECT_DOUBLE_EQ(prediction.spread.machine, Predictor::kMachineSpread);
}

// rnn of length 21-30: 9 epochs are expected.
TEST(Predictor, LearnsFromTheMostParticularGroup) {
  const DatasetSpec here = Lengths(21, 30), there = Lengths(31, 40);
  const Predictor predictor({Measured("rnn", here, 2, 1), Measured("rnn", here, 3, 2),
                             Measured("rnn", here, 9, 3), Measured("rnn", there, 1.5, 1),
                             Measured("rnn", there, 1.5, 1)});
  const Prediction cell = predictor.Predict(Model("rnn"), here);
  EXPECT_EQ(cell.basis, Basis::kCell);
  EXPECT_EQ(cell.runs, 3u);
  EXPECT_DOUBLE_EQ(cell.epochs, 18);
  EXPECT_NEAR(cell.seconds, 3 * PredictSeconds(Model("rnn"), here, 18), 1e-9);

  const Prediction model = predictor.Predict(Model("rnn"), Lengths(41, 50));
  EXPECT_EQ(model.basis, Basis::kModel);
  EXPECT_EQ(model.runs, 5u);
  EXPECT_DOUBLE_EQ(model.epochs, 1.6 * 9);  // the mean of 1, 2, 3, 1, 1 times
  EXPECT_NEAR(model.seconds, 2 * PredictSeconds(Model("rnn"), Lengths(41, 50), 1.6 * 9), 1e-9);

  const Prediction any = predictor.Predict(Model("rlstm"), here);
  EXPECT_EQ(any.basis, Basis::kJournal);
  EXPECT_NEAR(any.seconds,
              2 * PredictSeconds(Model("rlstm"), here, 1.6 * ExpectedEpochs(Model("rlstm"), here)),
              1e-9);
}

TEST(Predictor, SettingsAreNoOtherCell) {
  const Predictor predictor({Measured("rnn", Lengths(21, 30), 2, 1)});
  RunSpec run = Model("rnn");
  run.seed = 7;
  run.l2 = 0;
  EXPECT_EQ(predictor.Predict(run, Lengths(21, 30)).basis, Basis::kCell);
  run.epochs = 3;  // is the bound of its epochs, whatever was measured
  EXPECT_DOUBLE_EQ(predictor.Predict(run, Lengths(21, 30)).epochs, 3);
}

TEST(Predictor, RunsWithoutEpochsOrTimeSayNothing) {
  MeasuredRun none = Measured("rnn", Lengths(21, 30), 1, 1);
  none.epochs = 0;
  MeasuredRun timeless = Measured("rnn", Lengths(21, 30), 1, 1);
  timeless.seconds = 0;
  const Predictor predictor({none, timeless});
  EXPECT_EQ(predictor.Predict(Model("rnn"), Lengths(21, 30)).basis, Basis::kCostModel);
}

// Runs of a cell at 1/e, 1 and e times their median: the deviation is that of -1, 0, 1 with two
// degrees of freedom.
TEST(Predictor, TheSpreadOfRunsIsThatWithinCells) {
  const DatasetSpec data = Lengths(21, 30);
  const Predictor predictor({Measured("rnn", data, 1 / std::exp(1.0), 1),
                             Measured("rnn", data, 1, 1), Measured("rnn", data, std::exp(1.0), 1)});
  const Uncertainty spread = predictor.Predict(Model("rnn"), data).spread;
  EXPECT_NEAR(spread.run, 1, 1e-9);
  EXPECT_NEAR(spread.cell, 1.2533 / std::sqrt(3.0), 1e-9);
  EXPECT_DOUBLE_EQ(spread.machine, 0);
  // Two runs are too few to tell.
  const Predictor two({Measured("rnn", data, 1, 1), Measured("rnn", data, 5, 1)});
  EXPECT_DOUBLE_EQ(two.Predict(Model("rnn"), data).spread.run, Predictor::kRunSpread);
}

TEST(Predictor, SaysWhatItRestsOn) {
  EXPECT_EQ(Describe(Basis::kCell, 2, 5), "2 to 5 finished runs of the same dataset and model");
  EXPECT_EQ(Describe(Basis::kModel, 1, 1), "1 finished run of the same model");
  EXPECT_EQ(Describe(Basis::kCostModel, 0, 0), "the cost model alone");
}

}  // namespace
}  // namespace grove
