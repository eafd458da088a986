#include <algorithm>
#include <cassert>
#include <cmath>

#include "experiments/report/chart_scripts.h"
#include "experiments/stats/numbers.h"
#include "experiments/stats/statistics.h"

namespace grove {
namespace {

constexpr double kLeft = 76;
constexpr double kPlotHeight = 380;
constexpr double kGoldenRatio = 0.6180339887498949;
constexpr char kMedian[] = "lw 2.5 lc rgb \"#000000\"";
constexpr char kChance[] = "with lines lw 1.5 dt 2 lc rgb \"#666666\"";
constexpr char kBox[] = "fs solid noborder fc rgb \"#d9d9d9\"";

using Group = StripChart::Group;

// Category c is the unit interval around c + 1, of which the groups share 0.84.
struct Slots {
  double width;
  double first;  // centre of the first group's slot, from the category's centre
  double At(size_t category, size_t group) const {
    return static_cast<double>(category + 1) + first + width * static_cast<double>(group);
  }
};

Slots MakeSlots(size_t groups) {
  const double width = 0.84 / static_cast<double>(groups);
  return {width, -0.5 * width * static_cast<double>(groups - 1)};
}

// Three blocks of data: runs (x, value), medians (x, value), intervals (x, low, high).
//
// Runs are spread sideways in the order of their values by multiples of the golden ratio, so that
// runs of like values stand apart.
std::string GroupData(const Group& group, size_t g, const Slots& slots) {
  std::string runs, medians, intervals;
  for (size_t category = 0; category < group.values.size(); ++category) {
    const double x = slots.At(category, g);
    std::vector<double> values;
    for (double value : group.values[category]) {
      if (!std::isnan(value)) values.push_back(value);
    }
    std::sort(values.begin(), values.end());
    for (size_t i = 0; i < values.size(); ++i) {
      const double turns = (static_cast<double>(i) + 0.5) * kGoldenRatio;
      const double aside = values.size() == 1 ? 0 : turns - std::floor(turns) - 0.5;
      runs += FormatNumber(x + 0.68 * slots.width * aside, 6) + " " + DataRow({values[i]});
    }
    if (!values.empty()) medians += DataRow({x, Median(values)});
    if (!group.intervals.empty()) {
      intervals += DataRow({x, group.intervals[category].low, group.intervals[category].high});
    }
  }
  std::string data;
  for (const std::string& block : {runs, medians, intervals}) {
    const double nan = std::nan("");
    data += (block.empty() ? DataRow({nan, nan, nan}) : block) + kBlockEnd;
  }
  return data;
}

std::vector<LegendEntry> Legend(const StripChart& chart) {
  std::vector<LegendEntry> legend;
  bool intervals = false;
  for (const Group& group : chart.groups) {
    legend.push_back({"with points pt 7 ps 0.7 lc rgb \"" + group.colour + "\"", group.label});
    intervals = intervals || !group.intervals.empty();
  }
  legend.push_back({std::string("with lines ") + kMedian, "median"});
  if (intervals) legend.push_back({std::string("with boxes ") + kBox, chart.interval_label});
  if (chart.chance) legend.push_back({kChance, "chance"});
  return legend;
}

std::vector<std::string> Elements(const StripChart& chart, const std::string& name,
                                  const Slots& slots, double half_point) {
  const auto block = [&](size_t g, size_t kind) {
    return '"' + name + ".dat\" index " + std::to_string(3 * g + kind);
  };
  const std::string half = FormatNumber(0.47 * slots.width, 6);
  const std::string bar = FormatNumber(0.42 * slots.width, 6);
  std::vector<std::string> elements;
  for (size_t g = 0; g < chart.groups.size(); ++g) {
    elements.push_back(block(g, 2) + " using 1:2:($1-" + half + "):($1+" + half +
                       "):2:3 with boxxyerror " + kBox + " notitle");
  }
  if (chart.chance) {
    elements.push_back(FormatNumber(*chart.chance, 9) + " " + kChance + " notitle");
  }
  for (size_t g = 0; g < chart.groups.size(); ++g) {
    // A dot is a short line with round ends: all runs become one path, a third of the bytes.
    elements.push_back(block(g, 0) + " using 1:2:(" + FormatNumber(half_point) +
                       "):(0) with vectors nohead lw 4.5 lc rgb \"#50" +
                       chart.groups[g].colour.substr(1) + "\" notitle");
    elements.push_back(block(g, 1) + " using ($1-" + bar + "):2:(2*" + bar +
                       "):(0) with vectors nohead " + kMedian + " notitle");
  }
  return elements;
}

}  // namespace

Chart MakeChart(const ChartText& text, const StripChart& strips) {
  const size_t categories = strips.categories.size();
  const double per_category = std::max(TextWidth(strips.categories) + 12,
                                       20 + 32.0 * static_cast<double>(strips.groups.size()));
  const double width = std::max(300.0, per_category * static_cast<double>(categories));
  const double tics = 10 + kLineHeight * TextLines(strips.categories);
  const ChartLayout layout(kLeft + width + 20, kPlotHeight + tics + 28, text, Legend(strips));

  std::vector<double> values;
  std::string data;
  const Slots slots = MakeSlots(strips.groups.size());
  for (size_t g = 0; g < strips.groups.size(); ++g) {
    const Group& group = strips.groups[g];
    assert(group.values.size() == categories);
    assert(group.intervals.empty() || group.intervals.size() == categories);
    data += GroupData(group, g, slots);
    for (const auto& runs : group.values) values.insert(values.end(), runs.begin(), runs.end());
  }
  std::string body =
      layout.Place({kLeft, kLeft + width, layout.head(), layout.head() + kPlotHeight},
                   {strips.x_title, strips.y_title, tics + 12});
  body += SetRange("x", {0.5, static_cast<double>(categories) + 0.5});
  body += SetRange("y", RangeAround(strips.y, values, false));
  body += SetTics("x", NumberedTics(strips.categories)) + "set xtics scale 0 nomirror\n";
  body += "set border 3\nset ytics nomirror out\nset grid ytics lc rgb \"#e4e4e4\" lt 1\n";
  for (size_t i = 1; i < categories; ++i) {
    const std::string x = std::to_string(i) + ".5, graph ";
    body += "set arrow from " + x + "0 to " + x + "1 nohead back lc rgb \"#e4e4e4\"\n";
  }
  const double half_point = 0.5 * static_cast<double>(categories) / width;
  body += PlotCommand(Elements(strips, text.name, slots, half_point));
  return {text.name, data, layout.Script(body), text.caption};
}

}  // namespace grove
