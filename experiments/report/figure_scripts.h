// The gnuplot text of the figures. A script draws twice, as SVG and as PNG, in the folder it stands
// in.
#pragma once

#include <string>
#include <vector>

namespace grove {

// Size in points of the SVG; the PNG has twice as many pixels each way.
struct Canvas {
  int width = 960;
  int height = 540;
};

// `name` ("figure3") names the files; `body` is the gnuplot text that draws, run once a format.
std::string PlotScript(const std::string& name, const std::string& what, Canvas canvas,
                       const std::string& body);

// The plot command of several elements.
std::string PlotCommand(const std::vector<std::string>& elements);

// Test accuracy by dataset (figures 3 and 4). Data: the blocks "rnn" (dataset, best), "rlstm"
// (dataset, min, q25, median, q75, max) and "runs" (dataset, accuracy), in percent; absent blocks
// are not drawn. `tics` is a gnuplot tic list.
struct AccuracyPlot {
  std::string data_file, title, x_label, tics;
  bool has_rnn = false, has_rlstm = false;
};
std::string AccuracyBody(const AccuracyPlot& plot);

// Ratio by keyword depth, a panel an epoch (figures 5 and 6). Data: for panel p (from 0) block 2p
// (depth, ratio) and block 2p+1 (depth, median).
struct DepthPlot {
  std::string data_file, title, colour;
  std::string epochs;  // of the panels, space-separated
  int panels = 0, columns = 1, rows = 1;
  int min_depth = 0, max_depth = 1;
  double low = 0.1, high = 1;  // of the ratio axis
};
Canvas DepthCanvas(const DepthPlot& plot);
std::string DepthBody(const DepthPlot& plot);

// Boxes of ratios by epoch (figure 7). Data: the blocks "rnn" and "rlstm" (epoch, q05, q25, median,
// q75, q95, dev accuracy in percent); absent blocks are not drawn.
struct EpochPlot {
  std::string data_file;
  int rnn_epochs = 0, rlstm_epochs = 0;  // 0: absent
  double low = 0.1, high = 1;            // of the ratio axes
};
std::string EpochBody(const EpochPlot& plot);

inline constexpr char kRnnColour[] = "#d55e00";
inline constexpr char kRlstmColour[] = "#0072b2";

}  // namespace grove
