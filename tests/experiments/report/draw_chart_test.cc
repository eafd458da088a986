// The four kinds of charts, drawn.
#include "experiments/report/draw_chart.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <regex>
#include <set>

#include "tests/experiments/made_up_charts.h"
#include "tests/experiments/temporary_folder.h"

namespace grove {
namespace {

namespace fs = std::filesystem;

bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// What the drawing prints, each text once.
std::set<std::string> Texts(std::string svg) {
  static const std::regex kMarkup("<tspan[^>]*>|</tspan>"), kText("<text>([^]*?)</text>");
  svg = std::regex_replace(svg, kMarkup, "");
  std::set<std::string> texts;
  for (std::sregex_iterator match(svg.begin(), svg.end(), kText), end; match != end; ++match) {
    std::string text = (*match)[1];
    text.erase(0, text.find_first_not_of(' '));
    texts.insert(text);
  }
  return texts;
}

class DrawChartTest : public testing::Test {
 protected:
  // The drawing; the test is skipped if there is no gnuplot.
  std::string Draw(const Chart& chart) {
    const std::string problem = DrawChart(folder_.path(), chart);
    if (problem.starts_with("gnuplot is not installed")) missing_ = true;
    if (missing_) return "";
    EXPECT_EQ(problem, "") << chart.name;
    return folder_.Read(chart.name + ".svg");
  }
  void ExpectTexts(const std::string& svg, const std::vector<std::string>& expected) {
    const std::set<std::string> texts = Texts(svg);
    for (const std::string& text : expected) EXPECT_TRUE(texts.contains(text)) << text;
  }
  TemporaryFolder folder_;
  bool missing_ = false;
};

TEST_F(DrawChartTest, DrawsWholeSmallAndTheSameTwice) {
  const std::vector<Chart> charts = MadeUpCharts();
  for (const Chart& chart : charts) {
    const std::string first = Draw(chart), again = Draw(chart);
    if (missing_) GTEST_SKIP() << "gnuplot is not installed";
    EXPECT_TRUE(Contains(first, "</svg>"));
    EXPECT_EQ(first, again) << chart.name;
    EXPECT_LT(first.size(), 90000u) << chart.name;
  }
  size_t files = 0;
  for (const auto& entry : fs::directory_iterator(folder_.path())) {
    EXPECT_EQ(entry.path().extension(), ".svg");
    ++files;
  }
  EXPECT_EQ(files, charts.size());
}

TEST_F(DrawChartTest, PrintsTitlesLabelsAndNumbers) {
  const std::vector<Chart> charts = MadeUpCharts();
  const std::vector<std::vector<std::string>> expected = {
      {"Median test accuracy (%) by reading", "reading", "dataset", "rnn", "rlstm", "l2_words = 0",
       "100", "91", "60", "10"},
      {"How often the claims hold", "half of the studies", "the paper's settings", "no run",
       "patience 10, and a label that is rather long"},
      {"rnn", "rlstm, l2_words = 0", "chance", "epoch", "dev accuracy (%)", "100"},
      {"dataset 1", "dataset 5", "rlstm, l2_words = 0", "gradient ratio at depth 10"},
      {"All runs of experiment 1", "91-100", "median", "95 % interval", "test accuracy (%)"}};
  for (size_t i = 0; i < charts.size(); ++i) {
    const std::string svg = Draw(charts[i]);
    if (missing_) GTEST_SKIP() << "gnuplot is not installed";
    ExpectTexts(svg, expected[i]);
  }
}

TEST_F(DrawChartTest, PrintsSpecialCharactersAsTheyAre) {
  const std::string odd = "x_1^2 {a} `date` $HOME @b ~c \\n \"d\" 'e' 50% %d #f; Z\xc3\xbcrich";
  IntervalChart intervals;
  intervals.rows = {{odd + " row", 1, {0.5, 2}}};
  intervals.x_title = odd + " axis";
  intervals.plain_label = odd + " legend";
  const std::string first = Draw(MakeChart({"odd", odd + " title", ""}, intervals));
  HeatMap map;
  map.rows = {odd + " row"};
  map.columns = {odd + " column", "a & b"};
  map.panels = {{odd + " panel", {{50, kNoValue}}}};
  const std::string second = Draw(MakeChart({"odd", "", ""}, map));
  if (missing_) GTEST_SKIP() << "gnuplot is not installed";
  ExpectTexts(first, {odd + " row", odd + " axis", odd + " legend", odd + " title"});
  ExpectTexts(second, {odd + " row", odd + " column", odd + " panel", "a &amp; b"});
}

TEST_F(DrawChartTest, DrawsChartsWithoutValues) {
  LineChart lines;
  lines.panels = {{"empty", {}}, {"no points", {{"rnn", kRnn, {}}}}};
  StripChart strips;
  strips.categories = {"1", "2"};
  strips.groups = {{"rnn", kRnn, {{}, {kNoValue}}, {kNoInterval, kNoInterval}}};
  IntervalChart intervals;
  intervals.rows = {{"nothing"}};
  HeatMap map;
  map.rows = map.columns = {"1"};
  map.panels = {{"rnn", {{kNoValue}}}};
  for (const Chart& chart : {MakeChart({"a", "", ""}, lines), MakeChart({"b", "", ""}, strips),
                             MakeChart({"c", "", ""}, intervals), MakeChart({"d", "", ""}, map)}) {
    const std::string svg = Draw(chart);
    if (missing_) GTEST_SKIP() << "gnuplot is not installed";
    EXPECT_TRUE(Contains(svg, "</svg>")) << chart.name;
  }
}

TEST_F(DrawChartTest, AFailureIsAProblemAndLeavesNoDrawing) {
  folder_.Write("broken.svg", "an older drawing");
  const Chart broken{"broken", "", "plot nonsense(\n", ""};
  const std::string path = getenv("PATH");
  setenv("PATH", "/nowhere", 1);
  const std::string without = DrawChart(folder_.path(), broken);
  setenv("PATH", path.c_str(), 1);
  EXPECT_EQ(without, "gnuplot is not installed (package gnuplot-nox)");
  EXPECT_TRUE(fs::is_empty(folder_.path()));
  folder_.Write("broken.svg", "an older drawing");
  const std::string problem = DrawChart(folder_.path(), broken);
  if (problem == without) GTEST_SKIP() << "gnuplot is not installed";
  EXPECT_TRUE(problem.starts_with("gnuplot failed on broken.gp: ")) << problem;
  EXPECT_EQ(DrawChart(folder_.path(), {"broken", "", "a = 1\n", ""}),
            "gnuplot left an incomplete drawing of broken");
  EXPECT_TRUE(fs::is_empty(folder_.path()));
}

}  // namespace
}  // namespace grove
