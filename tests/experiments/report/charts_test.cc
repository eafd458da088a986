// The text of the four kinds of charts.
#include "experiments/report/charts.h"

#include <gtest/gtest.h>

#include <cmath>
#include <sstream>

#include "experiments/report/chart_scripts.h"
#include "tests/experiments/made_up_charts.h"

namespace grove {
namespace {

bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// The blocks of a chart's data, as gnuplot counts them: two blank lines end one.
std::vector<std::vector<std::vector<double>>> Blocks(const std::string& data) {
  std::vector<std::vector<std::vector<double>>> blocks(1);
  std::istringstream lines(data);
  int blank = 0;
  for (std::string line; std::getline(lines, line);) {
    blank = line.empty() ? blank + 1 : 0;
    if (blank == 2) blocks.emplace_back();
    if (line.empty()) continue;
    std::istringstream fields(line);
    blocks.back().emplace_back();
    for (std::string field; fields >> field;) blocks.back().back().push_back(std::stod(field));
  }
  blocks.pop_back();
  return blocks;
}

TEST(Label, HidesWhatGnuplotWouldInterpret) {
  EXPECT_EQ(Label("plain, 1.5 (a)"), "\"plain, 1.5 (a)\"");
  EXPECT_EQ(Label("l2_words"), R"("l2\\\137words")");
  EXPECT_EQ(Label("\"`\\"), R"("\042\140\\\134")");
  EXPECT_EQ(Label("two\nlines"), R"("two\nlines")");
  EXPECT_EQ(SetTics("x", {{1.5, "50%"}, {2, "b"}}), "set xtics (\"50\\\\045\" 1.5, \"b\" 2.0)\n");
}

TEST(TextWidth, CountsCharactersOfTheLongestLine) {
  EXPECT_EQ(TextWidth(std::string("ab\nabcd\nabc")), TextWidth(std::string("abcd")));
  EXPECT_EQ(TextWidth(std::string("Z\xc3\xbcrich")), TextWidth(std::string("Zurich")));
  EXPECT_EQ(TextLines({"a", "a\nb\nc", "a\nb"}), 3);
}

TEST(RangeAround, EndsAtRoundNumbersUnlessGiven) {
  const AxisRange plain = RangeAround({}, {3, kNoValue, 97}, false);
  EXPECT_EQ(plain.low, 0);
  EXPECT_EQ(plain.high, 100);
  const AxisRange small = RangeAround({}, {0.13, 0.31}, false);
  EXPECT_DOUBLE_EQ(small.low, 0.12);
  EXPECT_DOUBLE_EQ(small.high, 0.32);
  const AxisRange half_given = RangeAround({-5, kNoValue}, {3, 97}, false);
  EXPECT_EQ(half_given.low, -5);
  EXPECT_EQ(half_given.high, 100);
  const AxisRange powers = RangeAround({}, {0, -3, 2e-4, 30}, true);
  EXPECT_DOUBLE_EQ(powers.low, 1e-4);
  EXPECT_DOUBLE_EQ(powers.high, 100);
  for (const std::vector<double>& values : {std::vector<double>{}, {7, 7}}) {
    for (bool logarithmic : {false, true}) {
      const AxisRange range = RangeAround({}, values, logarithmic);
      EXPECT_LT(range.low, range.high);
    }
  }
}

TEST(HeatMapChart, HasABlockAPanelAndNoRowForABlankCell) {
  const HeatMap map = MadeUpHeatMap();
  const Chart chart = MakeChart({"map", "Title", "A caption."}, map);
  EXPECT_EQ(chart.caption, "A caption.");
  const auto blocks = Blocks(chart.data);
  ASSERT_EQ(blocks.size(), 2u);
  for (size_t p = 0; p < 2; ++p) {
    EXPECT_EQ(blocks[p].size(), 5 * 10 - 1u);
    for (const std::vector<double>& cell : blocks[p]) {
      ASSERT_EQ(cell.size(), 3u);
      EXPECT_FALSE(cell[0] == 8 && cell[1] == 4);
      const size_t column = static_cast<size_t>(cell[0]), row = static_cast<size_t>(cell[1]);
      EXPECT_EQ(cell[2], map.panels[p].percent[row - 1][column - 1]);
    }
  }
  EXPECT_TRUE(Contains(chart.script, "set output \"map.svg\""));
  EXPECT_TRUE(Contains(chart.script, "\"map.dat\" index 1 "));
}

TEST(IntervalChartText, SeparatesHighlightedRows) {
  const Chart chart = MakeChart({"holds", "", ""}, MadeUpIntervals());
  const auto blocks = Blocks(chart.data);
  ASSERT_EQ(blocks.size(), 2u);
  EXPECT_EQ(blocks[1], (std::vector<std::vector<double>>{{93.5, 1, 88.25, 97}}));
  ASSERT_EQ(blocks[0].size(), 5u);
  EXPECT_EQ(blocks[0][0], (std::vector<double>{12, 2, 4, 24}));
  EXPECT_EQ(blocks[0][3][0], 40);
  EXPECT_TRUE(std::isnan(blocks[0][3][2]));
  EXPECT_TRUE(Contains(chart.script, "from first 50, graph 0"));
  IntervalChart above = MadeUpIntervals();
  above.x = {60, 100};
  EXPECT_FALSE(Contains(MakeChart({"above", "", ""}, above).script, "set arrow"));
}

TEST(LineChartText, HasABlockASeriesAndOneLegendForAllPanels) {
  const LineChart lines = MadeUpLines(5, true);
  const Chart chart = MakeChart({"lines", "", ""}, lines);
  const auto blocks = Blocks(chart.data);
  ASSERT_EQ(blocks.size(), 10u);
  for (size_t b = 0; b < 10; ++b) {
    const LineChart::Series& series = lines.panels[b / 2].series[b % 2];
    ASSERT_EQ(blocks[b].size(), series.points.size());
    EXPECT_EQ(blocks[b][4], (std::vector<double>{5, series.points[4].y, series.points[4].range.low,
                                                 series.points[4].range.high}));
  }
  EXPECT_TRUE(std::isnan(blocks[1][10][1]));
  EXPECT_TRUE(std::isnan(blocks[1][10][2])) << "no bar around nothing";
  const std::string entry = "title \"rnn\"";
  EXPECT_EQ(chart.script.find(entry), chart.script.rfind(entry));
  EXPECT_TRUE(Contains(chart.script, entry));
  EXPECT_TRUE(Contains(chart.script, "set logscale y"));
}

TEST(StripChartText, ShowsEveryRunInItsSlotAndTheMedian) {
  const StripChart strips = MadeUpStrips(20);
  const Chart chart = MakeChart({"runs", "", ""}, strips);
  EXPECT_EQ(chart.data, MakeChart({"runs", "", ""}, strips).data);
  const auto blocks = Blocks(chart.data);
  ASSERT_EQ(blocks.size(), 6u);
  for (size_t g = 0; g < 2; ++g) {
    const auto &runs = blocks[3 * g], &medians = blocks[3 * g + 1], &boxes = blocks[3 * g + 2];
    ASSERT_EQ(runs.size(), 200u);
    ASSERT_EQ(medians.size(), 10u);
    ASSERT_EQ(boxes.size(), 10u);
    for (size_t category = 0; category < 10; ++category) {
      std::vector<double> drawn;
      double leftmost = 100, rightmost = 0;
      for (size_t i = 20 * category; i < 20 * category + 20; ++i) {
        leftmost = std::min(leftmost, runs[i][0]);
        rightmost = std::max(rightmost, runs[i][0]);
        drawn.push_back(runs[i][1]);
      }
      std::vector<double> values = strips.groups[g].values[category];
      EXPECT_EQ(medians[category][1], Median(values));
      EXPECT_EQ(boxes[category][2], strips.groups[g].intervals[category].high);
      std::sort(values.begin(), values.end());
      EXPECT_EQ(drawn, values);
      // Left of the category's centre stands the first group, right of it the second.
      const double centre = static_cast<double>(category + 1);
      EXPECT_GT(leftmost, centre - (g == 0 ? 0.42 : 0));
      EXPECT_LT(rightmost, centre + (g == 0 ? 0 : 0.42));
      EXPECT_GT(rightmost - leftmost, 0.2) << "spread sideways";
    }
  }
}

}  // namespace
}  // namespace grove
