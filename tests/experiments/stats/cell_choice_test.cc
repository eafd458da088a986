// Settings of each cell: chosen on seeds 101-105 of two datasets, by nothing else.
#include "experiments/stats/cell_choice.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/experiments/made_up_runs.h"

namespace grove {
namespace {

class CellChoiceTest : public ::testing::Test {
 protected:
  RunRecord& Add(const std::string& model, double learning_rate, uint64_t seed, double dev,
                 int dataset = 3) {
    RunRecord run = testing::MadeUpRun("exp1", dataset, model, seed, 0.99);
    run.key += std::to_string(learning_rate);
    run.run.learning_rate = learning_rate;
    run.dev_accuracy = dev / 100;
    return data_.runs.emplace_back(run);
  }
  std::vector<CellChoice> Choose() const { return ChooseSettings(AllRuns(data_)); }
  ReportData data_;
};

TEST_F(CellChoiceTest, TakesTheHighestMeanOfEachModel) {
  Add("gru", 0.1, 101, 90);
  Add("gru", 0.1, 102, 20);  // the best single run does not decide
  Add("gru", 0.2, 101, 60);
  Add("gru", 0.2, 102, 62);
  Add("rnn", 0.1, 101, 12);
  const std::vector<CellChoice> choices = Choose();
  ASSERT_EQ(choices.size(), 2u);
  EXPECT_EQ(choices[0].model, "rnn");  // as grove info has them
  EXPECT_EQ(choices[1].model, "gru");
  ASSERT_EQ(choices[1].points.size(), 2u);
  EXPECT_EQ(choices[1].best().settings, "learning_rate = 0.2");
  EXPECT_DOUBLE_EQ(choices[1].best().mean, 61);
  EXPECT_EQ(choices[1].best().runs, 2);
  EXPECT_EQ(choices[1].best().solved, 2);
  EXPECT_DOUBLE_EQ(choices[1].points[1].mean, 55);
  EXPECT_EQ(ChosenVariant(choices).settings,
            (std::map<std::string, std::string>{{"rnn", "learning_rate = 0.1"},
                                                {"gru", "learning_rate = 0.2"}}));
}

TEST_F(CellChoiceTest, SeesNoRunThatIsReported) {
  Add("gru", 0.1, 101, 50);
  Add("gru", 0.2, 101, 40);
  Add("gru", 0.2, 1, 100);                                             // a reported seed
  data_.runs.push_back(testing::MadeUpRun("exp1", 2, "gru", 101, 1));  // another dataset
  EXPECT_EQ(Choose().at(0).best().settings, "learning_rate = 0.1");
  EXPECT_EQ(Choose().at(0).points.size(), 2u);
}

TEST_F(CellChoiceTest, CountsAFailedRunAsNothingRight) {
  Add("gru", 0.1, 101, 100);
  Add("gru", 0.1, 102, 100).status = "diverged";
  Add("gru", 0.2, 101, 60);
  Add("gru", 0.2, 102, 60);
  EXPECT_EQ(Choose().at(0).best().settings, "learning_rate = 0.2");
  EXPECT_DOUBLE_EQ(Choose().at(0).points[1].mean, 50);
}

TEST_F(CellChoiceTest, TakesTheMeanOfBothDatasets) {
  for (const uint64_t seed : {101, 102}) {
    Add("gru", 0.1, seed, 80);
    Add("gru", 0.2, seed, 100);
    Add("gru", 0.4, seed, 100);  // without runs on the other dataset
    Add("gru", 0.1, seed, 60, 5);
    Add("gru", 0.2, seed, 10, 5);
  }
  const CellChoice choice = Choose().at(0);
  EXPECT_EQ(choice.best().settings, "learning_rate = 0.1");
  EXPECT_DOUBLE_EQ(choice.best().mean, 70);
  EXPECT_DOUBLE_EQ(choice.best().dev[0], 80);
  EXPECT_DOUBLE_EQ(choice.best().dev[1], 60);
  EXPECT_EQ(choice.best().runs, 4);
  EXPECT_EQ(choice.points.at(2).settings, "learning_rate = 0.4");
  EXPECT_TRUE(std::isnan(choice.points.at(2).dev[1]));
}

TEST_F(CellChoiceTest, ATieGoesToTheFirstText) {
  Add("gru", 0.2, 101, 60);
  Add("gru", 0.1, 101, 60);
  EXPECT_EQ(Choose().at(0).best().settings, "learning_rate = 0.1");
}

TEST_F(CellChoiceTest, NothingWithoutAGrid) { EXPECT_TRUE(Choose().empty()); }

}  // namespace
}  // namespace grove
