// Which figures a sweep has, and what they show.
#include "experiments/report/sweep_figures.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/experiments/made_up_runs.h"
#include "tests/experiments/svg_texts.h"
#include "tests/experiments/temporary_folder.h"

namespace grove {
namespace {

using testing::MadeUpRun;
using Numbers = std::vector<double>;
using Words = std::vector<std::string>;

// Two models, learning rates 0.01 to 0.5, three seeds, and another axis if it has values.
std::vector<RunRecord> MadeUpSweep(const Words& others) {
  std::vector<RunRecord> runs;
  for (const std::string model : {"rnn", "rlstm"}) {
    for (const double rate : {0.5, 0.01, 0.1}) {
      for (const std::string& other : others) {
        for (int seed = 1; seed <= 3; ++seed) {
          const double accuracy = 0.6 + 0.1 * rate + 0.01 * seed + (model == "rnn" ? 0 : 0.1);
          runs.push_back(MadeUpRun("mine", 1, model, seed, accuracy));
          runs.back().axes["learning_rate"] = rate;
          runs.back().axes["tree"] = other;
        }
      }
    }
  }
  return runs;
}

TEST(SweepFigures, NumbersAreAnAxisAndModelsAreSeries) {
  std::vector<RunRecord> runs = MadeUpSweep({"merge"});
  runs.front().status = "failed";
  const std::vector<Figure> figures = SweepFigures(runs);
  ASSERT_EQ(figures.size(), 1u);
  const Figure& figure = figures.front();
  EXPECT_EQ(figure.name, "sweep_mine_learning_rate");
  EXPECT_EQ(figure.title, "mine: the highest median, 77 %, at learning_rate = 0.5 (rlstm)");
  EXPECT_EQ(std::get<Numbers>(figure.settings.at("places")), (Numbers{0.01, 0.1, 0.5}));
  EXPECT_EQ(std::get<Words>(figure.settings.at("labels")), (Words{"rlstm", "rnn"}));
  EXPECT_EQ(std::get<Numbers>(figure.settings.at("styles")), (Numbers{2, 1})) << "as everywhere";
  EXPECT_EQ(std::get<double>(figure.settings.at("log_x")), 1);
  EXPECT_EQ(std::get<double>(figure.settings.at("low")), -5);
  EXPECT_EQ(std::count(figure.table.begin(), figure.table.end(), '\n'), 1 + 18 + 6);
  EXPECT_NE(figure.table.find("2,0.5,1,0,run\n"), std::string::npos) << "failed: 0 %";
}

TEST(SweepFigures, ASecondAxisMakesSeries) {
  const std::vector<Figure> figures = SweepFigures(MadeUpSweep({"merge", "catalan"}));
  ASSERT_EQ(figures.size(), 1u);
  EXPECT_EQ(std::get<Words>(figures[0].settings.at("labels")),
            (Words{"rlstm, tree = catalan", "rlstm, tree = merge", "rnn, tree = catalan",
                   "rnn, tree = merge"}));
}

TEST(SweepFigures, WithoutAxesTheModelsAreOne) {
  std::vector<RunRecord> runs = MadeUpSweep({"merge"});
  for (RunRecord& run : runs) run.axes.clear();
  std::vector<Figure> figures = SweepFigures(runs);
  ASSERT_EQ(figures.size(), 1u);
  EXPECT_EQ(figures[0].name, "sweep_mine_model");
  EXPECT_EQ(std::get<Words>(figures[0].settings.at("ticks")), (Words{"rlstm", "rnn"}));
  const TemporaryFolder folder;
  EXPECT_EQ(DrawAll(folder.path(), figures, Formats::kSvg), Words());
  EXPECT_EQ(testing::LayoutFaults(figures[0].svg), Words());
}

TEST(SweepFigures, TooManySeriesGiveAFigureAnAxis) {
  std::vector<Figure> figures = SweepFigures(MadeUpSweep({"a", "b", "c", "d", "e, f"}));
  ASSERT_EQ(figures.size(), 2u);
  EXPECT_EQ(figures[1].name, "sweep_mine_tree");
  EXPECT_EQ(std::get<double>(figures[1].settings.at("numeric")), 0);
  EXPECT_EQ(std::get<double>(figures[1].settings.at("joined")), 0);
  const TemporaryFolder folder;
  EXPECT_EQ(DrawAll(folder.path(), figures, Formats::kSvg), Words());
  for (const Figure& figure : figures) EXPECT_EQ(testing::LayoutFaults(figure.svg), Words());
}

TEST(SweepFigures, SweepsOfOneFolderStandApart) {
  std::vector<RunRecord> runs = MadeUpSweep({"merge"});
  for (const double l2 : {0.0, 0.1}) {
    runs.push_back(MadeUpRun("mine", 1, "rnn", 1, 0.5));
    runs.back().axes["l2"] = l2;
  }
  const std::vector<Figure> figures = SweepFigures(runs);
  ASSERT_EQ(figures.size(), 2u);
  EXPECT_EQ(figures[0].name, "sweep_mine_l2");
  EXPECT_EQ(std::get<double>(figures[0].settings.at("log_x")), 0) << "it has a zero";
  EXPECT_EQ(figures[1].name, "sweep_mine_learning_rate");
}

TEST(SweepFigures, WithoutTestTreesTheyShowDevAccuracy) {
  std::vector<RunRecord> runs = MadeUpSweep({"merge"});
  for (RunRecord& run : runs) run.test_accuracy = std::nan("");
  EXPECT_EQ(std::get<std::string>(SweepFigures(runs)[0].settings.at("ylabel")), "dev accuracy (%)");
  EXPECT_TRUE(SweepFigures({}).empty());
}

}  // namespace
}  // namespace grove
