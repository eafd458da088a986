// The kinds of charts a study shows. A chart is made of gnuplot text and drawn by DrawChart: equal
// values give equal bytes.
//
// All texts are printed as they are (gnuplot's markup is escaped); "\n" breaks a line. Values that
// are NaN are not drawn.
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "experiments/stats/statistics.h"

namespace grove {

// What anyone needs to redraw it: gnuplot NAME.gp, with NAME.dat beside it, gives NAME.svg.
struct Chart {
  std::string name;  // of the files; letters, digits, '-' and '_'
  std::string data;
  std::string script;
  std::string caption;
};

struct ChartText {
  std::string name;
  std::string title;    // above the chart; empty: none
  std::string caption;  // not drawn
};

inline constexpr double kNoValue = std::numeric_limits<double>::quiet_NaN();
inline constexpr Interval kNoInterval = {kNoValue, kNoValue};

// Of an axis. The default takes it from the data; then it ends at round numbers.
struct AxisRange {
  double low = kNoValue;
  double high = kNoValue;
};

// Values in percent, printed in their cells; darker is higher, over 0 to 100. One or more panels
// side by side share rows and columns.
struct HeatMap {
  struct Panel {
    std::string title;
    std::vector<std::vector<double>> percent;  // [row][column]; a NaN cell is blank
  };
  std::string x_title, y_title;
  std::vector<std::string> columns;  // labels, left to right
  std::vector<std::string> rows;     // top to bottom
  std::vector<Panel> panels;
};
Chart MakeChart(const ChartText& text, const HeatMap& map);

// A dot with an interval in each row.
struct IntervalChart {
  struct Row {
    std::string label;
    double value = kNoValue;
    Interval interval = kNoInterval;  // of 95 %, say
    bool highlighted = false;         // drawn in the second colour
  };
  std::vector<Row> rows;  // top to bottom
  std::string x_title;
  AxisRange x;
  std::optional<double> threshold;  // a vertical line
  // Of the legend; an empty text has no entry.
  std::string plain_label, highlighted_label, threshold_label;
};
Chart MakeChart(const ChartText& text, const IntervalChart& chart);

// Lines in panels that share their axes and one legend: series of the same label, in any panel,
// have one entry. Each label has a marker of its own, so that grey print can be read.
struct LineChart {
  struct Point {
    double x = 0;
    double y = kNoValue;           // a NaN y breaks the line
    Interval range = kNoInterval;  // around y, drawn if the series has a spread
  };
  enum class Spread { kNone, kBand, kBars };
  struct Series {
    std::string label;
    std::string colour;  // "#rrggbb"
    std::vector<Point> points;
    Spread spread = Spread::kNone;
  };
  struct Panel {
    std::string title;
    std::vector<Series> series;
  };
  std::vector<Panel> panels;
  int columns = 1;  // of the grid of panels, which is filled row by row
  std::string x_title, y_title;
  AxisRange x, y;
  bool log_y = false;  // values that are not positive are not drawn then
  std::vector<std::pair<double, std::string>> x_tics;  // empty: as gnuplot chooses
  std::optional<double> chance;                        // a horizontal dashed line
};
Chart MakeChart(const ChartText& text, const LineChart& chart);

// Every single run as a dot, spread sideways so that clusters show, with the median of each
// category and group as a line. Groups (models, say) stand side by side within a category.
struct StripChart {
  struct Group {
    std::string label;
    std::string colour;                       // "#rrggbb"
    std::vector<std::vector<double>> values;  // [category][run]
    std::vector<Interval> intervals;          // of each category, drawn as a box; empty: none
  };
  std::vector<std::string> categories;  // labels, left to right
  std::vector<Group> groups;
  std::string x_title, y_title;
  AxisRange y = {0, 100};
  std::string interval_label = "95 % interval";  // of the legend
  std::optional<double> chance;                  // a horizontal dashed line
};
Chart MakeChart(const ChartText& text, const StripChart& chart);

}  // namespace grove
