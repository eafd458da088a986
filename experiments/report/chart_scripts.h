// The pieces of gnuplot text that the charts share. Lengths are in points of the SVG.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "experiments/report/charts.h"
#include "experiments/report/figure_scripts.h"

namespace grove {

inline constexpr char kBlockEnd[] = "\n\n";  // two blank lines end a block of data
inline constexpr double kLineHeight = 18;

// A gnuplot string that prints `text` as it is: neither markup nor escapes nor formats nor command
// substitution see anything in it.
std::string Label(const std::string& text);

// "set xtics (...)" for axis "x": labels at positions.
std::string SetTics(const std::string& axis,
                    const std::vector<std::pair<double, std::string>>& tics);

// Labels at 1, 2, 3 ...
std::vector<std::pair<double, std::string>> NumberedTics(const std::vector<std::string>& labels);

// Roughly: of the longest line, and how many lines there are (at least one).
double TextWidth(const std::string& text);
double TextWidth(const std::vector<std::string>& texts);
int TextLines(const std::vector<std::string>& texts);

// Values between blanks; NaN as gnuplot reads it.
std::string DataRow(const std::vector<double>& values);

// `range`, or round numbers around `values` (those that are finite) where it is not given; for a
// logarithmic axis powers of ten around those that are positive.
AxisRange RangeAround(const AxisRange& range, const std::vector<double>& values, bool logarithmic);
std::string SetRange(const std::string& axis, const AxisRange& range);

// What the legend shows: the style of a plot ("with points pt 7") and its label.
struct LegendEntry {
  std::string style;
  std::string label;
};

// Where a panel's axes stand: distances from the left and upper edge of the canvas.
struct Frame {
  double left, right, top, bottom;
};

struct AxisTitles {
  std::string x, y;
  double x_below;  // from the frame's lower edge to the middle of the x title
};

// Title and legend on top, panels below: where everything stands.
class ChartLayout {
 public:
  // The legend takes as many rows as it needs in this width. `below_head` is the height of all that
  // stands under it.
  ChartLayout(double width, double below_head, const ChartText& text,
              std::vector<LegendEntry> legend);

  double head() const { return head_; }  // height of title and legend

  // Commands that make the next plot stand in `frame`, with the titles of its axes.
  std::string Place(const Frame& frame, const AxisTitles& titles) const;

  // The whole script: what draws title and legend, and `body`.
  std::string Script(const std::string& body) const;

 private:
  std::string Margins(const Frame& frame) const;
  std::string At(double x, double y) const;  // the point as gnuplot writes it
  std::string Head() const;

  double width_, height_ = 0, head_ = 0;
  ChartText text_;
  std::vector<LegendEntry> legend_;
  int legend_rows_ = 0;
};

}  // namespace grove
