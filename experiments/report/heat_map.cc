#include <algorithm>
#include <cassert>
#include <cmath>

#include "experiments/report/chart_scripts.h"
#include "experiments/stats/numbers.h"

namespace grove {
namespace {

constexpr double kCellHeight = 26;
constexpr double kPanelGap = 22;
constexpr double kTitleHeight = 26;      // of a panel
constexpr double kWidestFlatLabel = 80;  // wider labels of columns stand upright
constexpr double kWhiteTextFrom = 62;    // percent: the cells are dark from here on

// Each step is darker than the one before in grey print, too (ColorBrewer's Blues).
constexpr char kPalette[] =
    "set palette defined (0 \"#f7fbff\", 20 \"#d2e3f3\", 40 \"#9ac8e1\", 60 \"#5ba3d0\", "
    "80 \"#2166ac\", 100 \"#08306b\")\nset cbrange [0:100]\nunset colorbox\n";

// The numbers of one colour: of the cells from `low` to below `high` percent.
std::string Numbers(const std::string& block, double low, double high, const std::string& colour) {
  return block + " using 1:2:($3 >= " + FormatNumber(low) + " && $3 < " + FormatNumber(high) +
         " ? sprintf(\"%.0f\", $3) : \"\") with labels tc rgb \"" + colour +
         "\" noenhanced notitle";
}

std::string PanelData(const HeatMap& map, const HeatMap::Panel& panel) {
  assert(panel.percent.size() == map.rows.size());
  std::string rows;
  for (size_t row = 0; row < map.rows.size(); ++row) {
    assert(panel.percent[row].size() == map.columns.size());
    for (size_t column = 0; column < map.columns.size(); ++column) {
      const double percent = panel.percent[row][column];
      if (std::isnan(percent)) continue;
      rows += DataRow({static_cast<double>(column + 1), static_cast<double>(row + 1), percent});
    }
  }
  return rows.empty() ? DataRow({1, 1, std::nan("")}) : rows;
}

}  // namespace

Chart MakeChart(const ChartText& text, const HeatMap& map) {
  const double label_width = TextWidth(map.columns);
  const bool upright = label_width > kWidestFlatLabel;
  const double columns = static_cast<double>(map.columns.size());
  const double rows = static_cast<double>(map.rows.size());
  const double panels = static_cast<double>(map.panels.size());
  const double left = (map.y_title.empty() ? 16 : 46) + TextWidth(map.rows);
  const double width = columns * (upright ? 46 : std::max(46.0, label_width + 8));
  const double height = kCellHeight * rows;
  const bool titled = std::any_of(map.panels.begin(), map.panels.end(),
                                  [](const auto& panel) { return !panel.title.empty(); });
  const double title = titled ? kTitleHeight : 0;
  const double tics = 10 + (upright ? label_width : kLineHeight * TextLines(map.columns));
  const ChartLayout layout(left + panels * width + (panels - 1) * kPanelGap + 20,
                           title + height + tics + (map.x_title.empty() ? 8 : 28), text, {});

  Chart chart{text.name, "", "", text.caption};
  std::string body = kPalette;
  // White: round line ends make dots of tics without length.
  body += "set border 0 lc rgb \"#ffffff\"\nset tics scale 0 nomirror textcolor rgb \"#000000\"\n" +
          SetRange("x", {0.5, columns + 0.5}) + SetRange("y", {rows + 0.5, 0.5});
  body += SetTics("x", NumberedTics(map.columns)) + SetTics("y", NumberedTics(map.rows));
  if (upright) body += "set xtics rotate by 90 right\n";
  for (size_t p = 0; p < map.panels.size(); ++p) {
    const double start = left + static_cast<double>(p) * (width + kPanelGap);
    const double top = layout.head() + title;
    if (p == 1) body += "unset ytics\n";
    body += layout.Place({start, start + width, top, top + height},
                         {map.x_title, p == 0 ? map.y_title : "", tics + 12});
    body += "set title " + Label(map.panels[p].title) + " offset 0,-0.6\n";
    const std::string block = '"' + text.name + ".dat\" index " + std::to_string(p);
    chart.data += PanelData(map, map.panels[p]) + kBlockEnd;
    body += PlotCommand(
        {block + " using 1:2:($1-0.48):($1+0.48):($2-0.47):($2+0.47):3 with boxxyerror " +
             "fs solid noborder fc palette notitle",
         Numbers(block, -1e9, kWhiteTextFrom, "#000000"),
         Numbers(block, kWhiteTextFrom, 1e9, "#ffffff")});
  }
  chart.script = layout.Script(body);
  return chart;
}

}  // namespace grove
