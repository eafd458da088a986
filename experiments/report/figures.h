// Figures 3 to 7 of the paper, each as a gnuplot script with its data file, from which anyone can
// redraw it, and as SVG and PNG.
#pragma once

#include <string>
#include <vector>

#include "experiments/stats/report_data.h"

namespace grove {

struct Figure {
  int number = 0;  // as in the paper
  std::string title;
  std::string caption;
  std::string missing;  // which runs it needs; empty if there are data for it
  std::string data;     // of figureN.dat
  std::string script;   // of figureN.gp, which reads figureN.dat and writes figureN.{svg,png}
  std::string svg;      // the drawing; empty until drawn
};

// Data and scripts of all five; none is drawn yet.
std::vector<Figure> PrepareFigures(const ReportData& data);

// Writes figureN.{gp,dat} into `folder` (which exists) and draws them to figureN.{svg,png}. A
// figure that has no data or cannot be drawn leaves no older drawing behind. Returns warnings, one
// line each; throws Error if a file cannot be written.
std::vector<std::string> DrawFigures(const std::string& folder, std::vector<Figure>& figures);

}  // namespace grove
