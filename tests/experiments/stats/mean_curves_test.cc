// Mean curves of folders of runs.
#include "experiments/stats/mean_curves.h"

#include <gtest/gtest.h>

#include <deque>

#include "tests/experiments/made_up_runs.h"

namespace grove {
namespace {

class MeanCurvesTest : public ::testing::Test {
 protected:
  // A run whose dev accuracies are these; its loss is 1 less each.
  RunRecord& Add(size_t folder, const std::string& model, uint64_t seed,
                 const std::vector<double>& dev, double rate = 0.1) {
    RunRecord& run = runs_.emplace_back(testing::MadeUpRun("mine", 1, model, seed, 0.5));
    run.axes["learning_rate"] = run.run.learning_rate = rate;
    run.history.clear();
    for (const double accuracy : dev) {
      run.history.push_back(
          {static_cast<int>(run.history.size()) + 1, 1 - accuracy, 0, 0, accuracy});
    }
    folders_[folder].runs.emplace_back(run);
    return run;
  }
  std::vector<MeanCurve> Curves() const { return MeanCurves(CompareFolders(folders_)); }

  std::deque<RunRecord> runs_;
  std::vector<ComparedFolder> folders_ = {{"a", {}}, {"b", {}}};
};

using Shares = std::vector<double>;

TEST_F(MeanCurvesTest, AStoppedRunCountsWithItsLastEpoch) {
  Add(0, "rnn", 1, {0.25, 0.5});
  Add(0, "rnn", 2, {0.25, 0.5, 0.75, 1.0});
  Add(1, "rnn", 1, {0.5});
  const std::vector<MeanCurve> curves = Curves();
  ASSERT_EQ(curves.size(), 2u);
  EXPECT_EQ(curves[0].folder, 0u);
  EXPECT_EQ(curves[0].runs, 2);
  EXPECT_EQ(curves[0].dev_accuracy, (Shares{0.25, 0.5, 0.625, 0.75}));
  EXPECT_EQ(curves[0].loss, (Shares{0.75, 0.5, 0.375, 0.25}));
  EXPECT_EQ(curves[1].dev_accuracy, Shares{0.5});
}

TEST_F(MeanCurvesTest, CellsThatSomeFolderLacksAreLeftOut) {
  Add(0, "rnn", 1, {0.25}, 0.1);
  Add(0, "rnn", 1, {0.75}, 0.2);
  Add(1, "rnn", 1, {0.5}, 0.2);
  Add(1, "rnn", 1, {1.0}, 0.3);
  const std::vector<MeanCurve> curves = Curves();
  ASSERT_EQ(curves.size(), 2u);
  EXPECT_EQ(curves[0].dev_accuracy, Shares{0.75});
  EXPECT_EQ(curves[1].dev_accuracy, Shares{0.5});
  EXPECT_EQ(curves[1].cells, 1);
  EXPECT_TRUE(curves[1].shared);
}

TEST_F(MeanCurvesTest, WithoutACellInCommonAllCount) {
  Add(0, "rnn", 1, {0.25}, 0.1);
  Add(0, "rnn", 1, {0.75}, 0.2);
  Add(1, "rnn", 1, {0.5}, 0.3);
  const std::vector<MeanCurve> curves = Curves();
  ASSERT_EQ(curves.size(), 2u);
  EXPECT_FALSE(curves[0].shared);
  EXPECT_EQ(curves[0].dev_accuracy, Shares{0.5});
}

TEST_F(MeanCurvesTest, CellsWeighTheSameAndModelsStandApart) {
  for (const size_t folder : {0, 1}) {
    Add(folder, "rnn", 1, {0.25}, 0.1);
    Add(folder, "rnn", 2, {0.75}, 0.1);
    Add(folder, "rnn", 1, {1.0}, 0.2);
    Add(folder, "rlstm", 1, {0.125}, 0.1);
  }
  const std::vector<MeanCurve> curves = Curves();
  ASSERT_EQ(curves.size(), 4u);
  EXPECT_EQ(curves[0].model, "rnn");
  EXPECT_EQ(curves[0].dev_accuracy, Shares{0.75}) << "of 0.5 and 1";
  EXPECT_EQ(curves[0].cells, 2);
  EXPECT_EQ(curves[0].runs, 3);
  EXPECT_EQ(curves[1].folder, 1u);
  EXPECT_EQ(curves[2].model, "rlstm");
}

TEST_F(MeanCurvesTest, RunsThatAreNotDoneHaveNoCurve) {
  Add(0, "rnn", 1, {0.25});
  Add(1, "rnn", 1, {0.5});
  Add(1, "rnn", 2, {0.125}).status = "diverged";
  EXPECT_EQ(Curves()[1].dev_accuracy, Shares{0.5});
  for (RunRecord& run : runs_) run.status = "diverged";
  EXPECT_TRUE(Curves().empty());
}

}  // namespace
}  // namespace grove
