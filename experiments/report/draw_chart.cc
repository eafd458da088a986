#include "experiments/report/draw_chart.h"

#include <filesystem>

#include "engine/files.h"
#include "experiments/report/drawing_folder.h"
#include "experiments/report/gnuplot.h"

namespace grove {

std::string DrawChart(const std::string& folder, const Chart& chart) {
  const std::string file = chart.name + ".svg";
  std::error_code ignored;
  std::filesystem::remove(folder + "/" + file, ignored);
  const DrawingFolder drawing(folder);
  WriteFileAtomically(drawing.path() + "/" + chart.name + ".dat", chart.data);
  WriteFileAtomically(drawing.path() + "/" + chart.name + ".gp", chart.script);
  const std::string problem = RunGnuplot(drawing.path(), chart.name + ".gp");
  if (!problem.empty()) return problem;
  const std::string drawn = drawing.path() + "/" + file;
  const std::string svg = std::filesystem::exists(drawn) ? ReadFile(drawn) : "";
  if (svg.find("</svg>") == std::string::npos) {
    return "gnuplot left an incomplete drawing of " + chart.name;
  }
  WriteFileAtomically(folder + "/" + file, svg);
  return "";
}

}  // namespace grove
