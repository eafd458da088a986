// Figures from CSV files to drawings.
#include "experiments/report/draw.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "engine/files/folders.h"
#include "tests/experiments/made_up_figures.h"
#include "tests/experiments/made_up_tables.h"
#include "tests/experiments/svg_texts.h"
#include "tests/experiments/temporary_folder.h"

namespace grove {
namespace {

namespace fs = std::filesystem;
using testing::CountText;
using testing::Extent;

class DrawTest : public ::testing::Test {
 protected:
  DrawTest() {
    fs::create_directory(figures_);
    testing::WriteMadeUpTables(folder_.path(), Extent());
  }
  std::vector<std::string> Files() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(figures_)) {
      names.push_back(entry.path().filename());
    }
    std::sort(names.begin(), names.end());
    return names;
  }
  TemporaryFolder folder_;
  std::string figures_ = folder_.path() + "/figures";
};

TEST(GnuplotText, QuotesWhatGnuplotWouldInterpret) {
  EXPECT_EQ(GnuplotText("plain"), "'plain'");
  EXPECT_EQ(GnuplotText("it's\ntwo lines"), "'it''s two lines'");
}

TEST(FigureScript, SetsEveryVariableAndLoadsTheScript) {
  Figure figure{"figure3", "accuracy", "It's so"};
  figure.settings = {{"low", 1e-6},
                     {"xlabel", std::string("words")},
                     {"datasets", std::vector<double>{1, 2.5}},
                     {"labels", std::vector<std::string>{"a, b", "c"}}};
  EXPECT_EQ(FigureScript(figure),
            "# Edit and draw again, in this folder: gnuplot figure3.gp\n"
            "name = 'figure3'\n"
            "data = '../'\n"
            "title = 'It''s so'\n"
            "array datasets[2] = [1, 2.5]\n"
            "array labels[2] = ['a, b', 'c']\n"
            "low = 1e-06\n"
            "xlabel = 'words'\n"
            "load 'plots/accuracy.gp'\n");
}

TEST_F(DrawTest, WritesWhatIsNeededToDrawAgain) {
  Figure figure = testing::MadeUpSweep("sweep", Extent(), true);
  ASSERT_EQ(Draw(figures_, figure, Formats::kSvgAndPng), "");
  EXPECT_EQ(Files(),
            (std::vector<std::string>{"plots", "sweep.csv", "sweep.gp", "sweep.png", "sweep.svg"}));
  EXPECT_EQ(folder_.Read("figures/sweep.svg"), figure.svg);
  EXPECT_TRUE(folder_.Read("figures/sweep.png").starts_with("\x89PNG"));
  EXPECT_TRUE(fs::exists(figures_ + "/plots/style.gp"));
  EXPECT_TRUE(fs::exists(figures_ + "/plots/sweep.gp"));
  const std::string first = figure.svg;
  ASSERT_EQ(Draw(figures_, figure, Formats::kSvg), "");
  EXPECT_EQ(figure.svg, first);
  EXPECT_FALSE(fs::exists(figures_ + "/sweep.png")) << "older than its SVG";
  EXPECT_LT(first.size(), 90000u);
}

TEST_F(DrawTest, PrintsSpecialCharactersAsTheyAre) {
  const std::string odd =
      "x_1^2 {a} `date` $HOME @b ~c \\n \"d\" 'e' 50% %d #f; Z\xc3\xbcrich & <g>";
  for (const bool numeric : {true, false}) {
    Figure figure = testing::MadeUpSweep("odd", Extent(), numeric);
    figure.title = odd + " title";
    figure.settings["xlabel"] = odd + " axis";
    figure.settings["labels"] = std::vector<std::string>{odd + " 1", odd + " 2"};
    auto& ticks = std::get<std::vector<std::string>>(figure.settings["ticks"]);
    ticks.front() = odd + " tick";
    ASSERT_EQ(Draw(figures_, figure, Formats::kSvg), "");
    for (const char* what : {" title", " axis", " 1", " 2", " tick"}) {
      EXPECT_EQ(CountText(figure.svg, odd + what), 1) << what;
    }
  }
  for (Figure figure : testing::MadeUpFigures(Extent())) {
    figure.title = odd;
    for (const char* array : {"labels", "titles", "lengths"}) {
      const auto found = figure.settings.find(array);
      if (found == figure.settings.end() || figure.script == "sweep") continue;
      auto& texts = std::get<std::vector<std::string>>(found->second);
      texts.front() = odd + " " + array;
    }
    ASSERT_EQ(Draw(figures_, figure, Formats::kSvg), "") << figure.name;
    EXPECT_EQ(CountText(figure.svg, odd), 1) << figure.name;
    for (const char* array : {"labels", "titles", "lengths"}) {
      if (!figure.settings.contains(array) || figure.script == "sweep") continue;
      EXPECT_GE(CountText(figure.svg, odd + " " + array), 1) << figure.name;
    }
  }
}

TEST_F(DrawTest, AFailureIsAProblemAndLeavesNoDrawing) {
  Figure figure = testing::MadeUpSweep("broken", Extent(), true);
  figure.table = "";
  const std::string path = getenv("PATH");
  const auto stale = [&] { folder_.Write("figures/broken.svg", "an older drawing"); };
  stale();
  setenv("PATH", "/nowhere", 1);
  const std::string without = Draw(figures_, figure, Formats::kSvg);
  setenv("PATH", path.c_str(), 1);
  EXPECT_EQ(without, "gnuplot is not installed (package gnuplot-nox)");
  EXPECT_FALSE(fs::exists(figures_ + "/broken.svg"));
  stale();
  const std::string problem = Draw(figures_, figure, Formats::kSvg);
  EXPECT_TRUE(problem.starts_with("gnuplot failed on broken.gp: ")) << problem;
  EXPECT_EQ(Files(), (std::vector<std::string>{"broken.gp", "plots"}));
  stale();
  figure.missing = "needs more";
  EXPECT_EQ(Draw(figures_, figure, Formats::kSvg), "");
  EXPECT_FALSE(fs::exists(figures_ + "/broken.svg"));
  EXPECT_TRUE(figure.svg.empty());
}

TEST_F(DrawTest, WhatAKilledDrawingLeftIsRemoved) {
  std::vector<Figure> figures = {testing::MadeUpSweep("whole", Extent(), true)};
  for (const std::string folder : {"figures/.drawing-dead", "figures/.drawing-alive"}) {
    fs::create_directory(folder_.Path(folder));
    folder_.Write(folder + "/whole.svg", "half of");
    ASSERT_TRUE(fs::exists(folder_.Path(folder + "/whole.svg")));
  }
  const Hold alive(figures_ + "/.drawing-alive");
  EXPECT_EQ(DrawAll(figures_, figures, Formats::kSvg), std::vector<std::string>());
  EXPECT_FALSE(fs::exists(figures_ + "/.drawing-dead"));
  EXPECT_TRUE(fs::exists(figures_ + "/.drawing-alive/whole.svg"));
}

TEST_F(DrawTest, AProblemOfManyIsToldOnce) {
  std::vector<Figure> figures = testing::MadeUpFigures(Extent());
  const std::string path = getenv("PATH");
  setenv("PATH", "/nowhere", 1);
  const std::vector<std::string> problems = DrawAll(figures_, figures, Formats::kSvg);
  setenv("PATH", path.c_str(), 1);
  EXPECT_EQ(problems.size(), 1u);
}

}  // namespace
}  // namespace grove
