#include <algorithm>
#include <cmath>

#include "experiments/report/chart_scripts.h"
#include "experiments/stats/numbers.h"

namespace grove {
namespace {

constexpr double kRowHeight = 24;
constexpr double kPlotWidth = 520;

struct Look {
  const char* colour;
  bool highlighted;
};
constexpr Look kLooks[] = {{kRlstmColour, false}, {kRnnColour, true}};

std::string Colour(const Look& look) { return " lc rgb \"" + std::string(look.colour) + "\""; }
std::string Dot(const Look& look) { return "with points pt 7 ps 0.9" + Colour(look); }

std::string RowsOf(const IntervalChart& chart, bool highlighted) {
  std::string rows;
  for (size_t i = 0; i < chart.rows.size(); ++i) {
    const IntervalChart::Row& row = chart.rows[i];
    if (row.highlighted != highlighted) continue;
    rows += DataRow({row.value, static_cast<double>(i + 1), row.interval.low, row.interval.high});
  }
  return rows.empty() ? DataRow({std::nan(""), 1, std::nan(""), std::nan("")}) : rows;
}

std::vector<LegendEntry> Legend(const IntervalChart& chart) {
  std::vector<LegendEntry> legend;
  for (const Look& look : kLooks) {
    const std::string& label = look.highlighted ? chart.highlighted_label : chart.plain_label;
    if (!label.empty()) legend.push_back({Dot(look), label});
  }
  if (chart.threshold && !chart.threshold_label.empty()) {
    legend.push_back({"with lines lw 1.5 dt 2 lc rgb \"#444444\"", chart.threshold_label});
  }
  return legend;
}

}  // namespace

Chart MakeChart(const ChartText& text, const IntervalChart& intervals) {
  std::vector<std::string> labels;
  std::vector<double> values;
  for (const IntervalChart::Row& row : intervals.rows) {
    labels.push_back(row.label);
    values.insert(values.end(), {row.value, row.interval.low, row.interval.high});
  }
  if (intervals.threshold) values.push_back(*intervals.threshold);
  const double rows = static_cast<double>(labels.size());
  const double left = 24 + TextWidth(labels);
  const double height = rows * std::max(kRowHeight, 4 + kLineHeight * TextLines(labels));
  const ChartLayout layout(left + kPlotWidth + 24, height + 62, text, Legend(intervals));

  std::string body = layout.Place({left, left + kPlotWidth, layout.head(), layout.head() + height},
                                  {intervals.x_title, "", 44});
  const AxisRange x = RangeAround(intervals.x, values, false);
  body += SetRange("x", x);
  body += SetRange("y", {rows + 0.5, 0.5});
  body += SetTics("y", NumberedTics(labels)) +
          "set ytics scale 0 nomirror\nset xtics nomirror out\n" +
          "set border 1\nset grid xtics ytics lc rgb \"#e4e4e4\" lt 1\n";
  if (intervals.threshold && *intervals.threshold >= x.low && *intervals.threshold <= x.high) {
    const std::string at = FormatNumber(*intervals.threshold, 9);
    body += "set arrow 1 from first " + at + ", graph 0 to first " + at +
            ", graph 1 nohead lw 1.5 dt 2 lc rgb \"#444444\"\n";
  }
  Chart chart{text.name, "", "", text.caption};
  std::vector<std::string> elements;
  for (const Look& look : kLooks) {
    const std::string block =
        '"' + text.name + ".dat\" index " + std::to_string(look.highlighted ? 1 : 0);
    chart.data += RowsOf(intervals, look.highlighted) + kBlockEnd;
    elements.push_back(block + " using 3:2:($4-$3):(0) with vectors nohead lw 2.5" + Colour(look) +
                       " notitle");
    elements.push_back(block + " using 1:2 " + Dot(look) + " notitle");
  }
  chart.script = layout.Script(body + PlotCommand(elements));
  return chart;
}

}  // namespace grove
