#include <algorithm>
#include <array>
#include <cmath>

#include "experiments/report/chart_scripts.h"
#include "experiments/stats/numbers.h"

namespace grove {
namespace {

constexpr std::array kMarkers = {7, 5, 9, 13, 11, 6, 4, 8, 12, 10};  // filled ones, then open ones
constexpr size_t kMarkedPoints = 24;  // of a long line, evenly spaced
constexpr char kChance[] = "with lines lw 1.5 dt 2 lc rgb \"#666666\"";
constexpr double kLeft = 84;
constexpr double kGap = 30;          // between panels
constexpr double kTitleHeight = 28;  // of a panel

using Series = LineChart::Series;

std::string Style(const Series& series, size_t marker) {
  return "with linespoints lw 2 pt " + std::to_string(kMarkers[marker % kMarkers.size()]) +
         " ps 0.7 lc rgb \"" + series.colour + "\"";
}

// The first series of each label, in order.
std::vector<const Series*> Labelled(const LineChart& chart) {
  std::vector<const Series*> labelled;
  for (const LineChart::Panel& panel : chart.panels) {
    for (const Series& series : panel.series) {
      const bool known = std::any_of(labelled.begin(), labelled.end(),
                                     [&](const Series* s) { return s->label == series.label; });
      if (!known) labelled.push_back(&series);
    }
  }
  return labelled;
}

size_t Marker(const std::vector<const Series*>& labelled, const std::string& label) {
  size_t i = 0;
  while (labelled[i]->label != label) ++i;
  return i;
}

std::vector<LegendEntry> Legend(const LineChart& chart,
                                const std::vector<const Series*>& labelled) {
  std::vector<LegendEntry> legend;
  for (size_t i = 0; i < labelled.size(); ++i) {
    if (!labelled[i]->label.empty()) {
      legend.push_back({Style(*labelled[i], i), labelled[i]->label});
    }
  }
  if (chart.chance) legend.push_back({kChance, "chance"});
  return legend;
}

// Plot elements of one series, whose data are the block numbered `index`.
std::vector<std::string> Elements(const std::string& name, size_t index, const Series& series,
                                  size_t marker, const AxisRange& y) {
  const std::string block = '"' + name + ".dat\" index " + std::to_string(index);
  std::vector<std::string> elements;
  // Down to the axis where the spread goes below it, which a logarithmic one could not show.
  const std::string floor = FormatNumber(y.low, 9);
  const std::string low = "($3 < " + floor + " ? " + floor + " : $3)";
  if (series.spread == LineChart::Spread::kBand) {
    elements.push_back(block + " using 1:" + low + ":4 with filledcurves lc rgb \"#c8" +
                       series.colour.substr(1) + "\" notitle");
  } else if (series.spread == LineChart::Spread::kBars) {
    elements.push_back(block + " using 1:" + low + ":(0):($4 - " + low +
                       ") with vectors nohead lw 1.2 lc rgb \"" + series.colour + "\" notitle");
  }
  const size_t every = 1 + series.points.size() / (kMarkedPoints + 1);
  elements.push_back(block + " using 1:2 " + Style(series, marker) + " pi " +
                     std::to_string(every) + " notitle");
  return elements;
}

std::string SeriesData(const Series& series) {
  const double nan = std::nan("");
  std::string rows;
  for (const LineChart::Point& p : series.points) {
    const bool drawn = !std::isnan(p.y);
    rows += DataRow({p.x, p.y, drawn ? p.range.low : nan, drawn ? p.range.high : nan});
  }
  return (rows.empty() ? DataRow({nan, nan, nan, nan}) : rows) + kBlockEnd;
}

struct Axes {
  AxisRange x, y;
};

Axes SharedAxes(const LineChart& chart) {
  std::vector<double> x, y;
  for (const LineChart::Panel& panel : chart.panels) {
    for (const Series& series : panel.series) {
      for (const LineChart::Point& p : series.points) {
        x.push_back(p.x);
        y.push_back(p.y);
        if (series.spread != LineChart::Spread::kNone) {
          y.insert(y.end(), {p.range.low, p.range.high});
        }
      }
    }
  }
  if (chart.chance) y.push_back(*chart.chance);
  return {RangeAround(chart.x, x, false), RangeAround(chart.y, y, chart.log_y)};
}

std::string SetAxes(const LineChart& chart, const Axes& axes) {
  std::string body = SetRange("x", axes.x) + SetRange("y", axes.y);
  body += "set border 3\nset xtics nomirror out\nset ytics nomirror out\n";
  body += "set grid xtics ytics lc rgb \"#e4e4e4\" lt 1\n";
  if (chart.log_y) {
    body += "set logscale y\nunset mytics\nset ytics " +
            std::string(axes.y.high / axes.y.low > 2e5 ? "100" : "10") + "\n";
  }
  return body;
}

using Tics = std::vector<std::pair<double, std::string>>;

Tics Blank(Tics tics) {
  for (auto& [x, label] : tics) label.clear();
  return tics;
}

// Where the panels stand.
struct Grid {
  int columns, rows;
  double width, height, title, tics, row_height;  // title: over a panel; tics: labels below it
  Frame At(int panel, double head) const {
    const double left = kLeft + panel % columns * (width + kGap);
    const double top = head + panel / columns * row_height + title;
    return {left, left + width, top, top + height};
  }
};

Grid MakeGrid(const LineChart& lines) {
  const int panels = static_cast<int>(lines.panels.size());
  Grid grid{};
  grid.columns = std::max(1, std::min(lines.columns, panels));
  grid.rows = (panels + grid.columns - 1) / grid.columns;
  grid.width = panels == 1 ? 700 : grid.columns <= 2 ? 380 : 260;
  grid.height = panels == 1 ? 380 : 210;
  const bool untitled = std::all_of(lines.panels.begin(), lines.panels.end(),
                                    [](const auto& panel) { return panel.title.empty(); });
  grid.title = untitled ? 6 : kTitleHeight;
  grid.row_height = grid.title + grid.height + 16;
  std::vector<std::string> labels;
  for (const auto& [x, label] : lines.x_tics) labels.push_back(label);
  grid.tics = 10 + kLineHeight * TextLines(labels);
  return grid;
}

}  // namespace

Chart MakeChart(const ChartText& text, const LineChart& lines) {
  const std::vector<const Series*> labelled = Labelled(lines);
  const Grid grid = MakeGrid(lines);
  const ChartLayout layout(kLeft + grid.columns * (grid.width + kGap),
                           grid.rows * grid.row_height + grid.tics + 28, text,
                           Legend(lines, labelled));
  const Axes axes = SharedAxes(lines);
  Chart chart{text.name, "", "", text.caption};
  std::string body = SetAxes(lines, axes);
  size_t index = 0;
  for (int p = 0; p < static_cast<int>(lines.panels.size()); ++p) {
    const LineChart::Panel& panel = lines.panels[static_cast<size_t>(p)];
    const bool leftmost = p % grid.columns == 0;
    const bool lowest = p + grid.columns >= static_cast<int>(lines.panels.size());
    body +=
        layout.Place(grid.At(p, layout.head()),
                     {lowest ? lines.x_title : "", leftmost ? lines.y_title : "", grid.tics + 15});
    body += "set title " + Label(panel.title) + " offset 0,-0.6\n";
    body += "set format y \"" +
            std::string(!leftmost     ? ""
                        : lines.log_y ? "10^{%T}"
                                      : "%g") +
            "\"\nset format x \"" + (lowest ? "%g" : "") + "\"\n";
    if (!lines.x_tics.empty()) body += SetTics("x", lowest ? lines.x_tics : Blank(lines.x_tics));
    std::vector<std::string> elements = {"NaN notitle"};
    if (lines.chance) elements[0] = FormatNumber(*lines.chance, 9) + " " + kChance + " notitle";
    for (const Series& series : panel.series) {
      const size_t marker = Marker(labelled, series.label);
      for (const std::string& e : Elements(text.name, index, series, marker, axes.y)) {
        elements.push_back(e);
      }
      chart.data += SeriesData(series);
      ++index;
    }
    body += PlotCommand(elements);
  }
  chart.script = layout.Script(body);
  return chart;
}

}  // namespace grove
