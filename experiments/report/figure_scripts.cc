#include "experiments/report/figure_scripts.h"

#include "experiments/stats/numbers.h"

namespace grove {
namespace {

std::string Quote(const std::string& text) { return '"' + text + '"'; }

// "#d55e00" with an alpha of 0 (opaque) to 255, as gnuplot writes it.
std::string Faint(const std::string& colour) { return Quote("#90" + colour.substr(1)); }

std::string LogRange(double low, double high) {
  return "[" + FormatNumber(low) + ":" + FormatNumber(high) + "]";
}

// A bar at column 4 across a box of this width. (A box of no height has mitred ends instead.)
std::string MedianBar(const std::string& block, double width, const std::string& colour,
                      const std::string& line_width) {
  return block + " using ($1-" + FormatNumber(width / 2) + "):4:(" + FormatNumber(width) +
         "):(0) with vectors nohead lw " + line_width + " lc rgb " + Quote(colour) + " notitle";
}

std::string EpochPanel(const std::string& data_file, const std::string& model,
                       const std::string& colour, const std::string& title, int epochs,
                       bool dev_accuracy) {
  const std::string block = Quote(data_file) + " index " + Quote(model);
  std::string body = "set title " + Quote(title) + "\n";
  body += "set xrange [0.3:" + std::to_string(epochs) + ".7]\n";
  body += "set xtics " + std::string(epochs <= 20 ? "1" : epochs <= 50 ? "5" : "10") + "\n";
  std::vector<std::string> elements = {
      "1 with lines lc \"#888888\" dt 3 notitle",
      block + " using 1:3:2:6:5:(0.6) with candlesticks whiskerbars 0.5 lc rgb " + Quote(colour) +
          " title \"ratios at depth 10\"",
      MedianBar(block, 0.6, colour, "2.5")};
  if (dev_accuracy) {
    body += "set border 11\nset y2range [0:100]\nset y2tics 0, 20 out\n";
    body += "set y2label \"dev accuracy (%)\"\n";
    elements.push_back(block + " using 1:7 axes x1y2 with linespoints pt 7 ps 0.5 lw 1.5 lc rgb " +
                       Quote("#222222") + " title \"dev accuracy\"");
  }
  return body + PlotCommand(elements);
}

}  // namespace

std::string PlotScript(const std::string& name, const std::string& what, Canvas canvas,
                       const std::string& body) {
  const std::string size = std::to_string(canvas.width) + "," + std::to_string(canvas.height);
  const std::string pixels =
      std::to_string(2 * canvas.width) + "," + std::to_string(2 * canvas.height);
  std::string script = "# " + what + "\n# Redraw in this folder: gnuplot " + name + ".gp\n";
  script += "do for [format in \"svg png\"] {\n";
  script += "if (format eq \"svg\") {\n";
  script += "  set terminal svg size " + size +
            " dynamic font \"sans-serif,14\" background \"#ffffff\" name " + Quote(name) + "\n";
  script += "} else {\n";
  script += "  set terminal pngcairo size " + pixels +
            " font \"sans,14\" fontscale 1.5 linewidth 2 pointscale 2 background \"#ffffff\"\n";
  script += "}\n";
  script += "set output " + Quote(name + ".") + ".format\n";
  script += "reset\n";
  return script + body + "}\nunset output\n";
}

std::string PlotCommand(const std::vector<std::string>& elements) {
  std::string command = "plot ";
  for (size_t i = 0; i < elements.size(); ++i)
    command += (i == 0 ? "" : ", \\\n     ") + elements[i];
  return command + "\n";
}

std::string AccuracyBody(const AccuracyPlot& plot) {
  const std::string file = Quote(plot.data_file);
  std::string body = "set title " + Quote(plot.title) + "\n";
  body += "set xlabel " + Quote(plot.x_label) +
          " offset 0,-1\nset bmargin 5.5\nset ylabel \"test accuracy (%)\"\n";
  body += "set xrange [0.4:10.6]\nset yrange [0:104]\nset ytics 0, 10\n";
  body += "set xtics (" + plot.tics + ")\nset border 3\nset tics nomirror out\n";
  body += "set grid ytics lc rgb \"#dddddd\" lt 1\nset style fill solid 0.25\n";
  body += "set key tmargin center horizontal maxrows 1 reverse Left samplen 2 width -1\n";
  std::vector<std::string> elements = {
      "10 with lines lw 1.5 dt 2 lc rgb \"#666666\" title \"chance\""};
  if (plot.has_rlstm) {
    elements.push_back(file + " index \"rlstm\" using 1:3:2:6:5:(0.5) with candlesticks " +
                       "whiskerbars 0.6 lw 1.5 lc rgb " + Quote(kRlstmColour) +
                       " title \"rlstm, all runs\"");
    elements.push_back(MedianBar(file + " index \"rlstm\"", 0.5, kRlstmColour, "3.5"));
    elements.push_back(file + " index \"runs\" using ($1+0.34):2 with points pt 7 ps 0.55 lc rgb " +
                       Faint(kRlstmColour) + " title \"rlstm, single runs\"");
  }
  if (plot.has_rnn) {
    elements.push_back(file + " index \"rnn\" with linespoints pt 5 ps 0.9 lw 2 lc rgb " +
                       Quote(kRnnColour) + " title \"rnn, best run\"");
  }
  return body + PlotCommand(elements);
}

Canvas DepthCanvas(const DepthPlot& plot) {
  return {100 + 250 * plot.columns, 90 + 230 * plot.rows};
}

std::string DepthBody(const DepthPlot& plot) {
  const std::string file = Quote(plot.data_file);
  const Canvas canvas = DepthCanvas(plot);
  const auto across = [&](double points) { return FormatNumber(points / canvas.width, 6); };
  const auto up = [&](double points) { return FormatNumber(points / canvas.height, 6); };
  std::string body = "set multiplot layout " + std::to_string(plot.rows) + "," +
                     std::to_string(plot.columns) + " title " + Quote(plot.title) +
                     " margins screen " + across(75) + "," + across(canvas.width - 20.0) + "," +
                     up(60) + "," + up(canvas.height - 65.0) + " spacing screen " + across(55) +
                     "," + up(62) + "\n";
  body += "set logscale y\nset format y \"10^{%T}\"\n";
  body += "set xrange [" + std::to_string(plot.min_depth) +
          "-0.7:" + std::to_string(plot.max_depth) + "+0.7]\n";
  body += "set yrange " + LogRange(plot.low, plot.high) + "\n";
  body += "set ytics " + std::string(plot.high / plot.low > 2e4 ? "100" : "10") +
          " nomirror out\nunset mytics\n";
  body += "set xtics " + std::string(plot.max_depth - plot.min_depth > 16 ? "10" : "2") +
          " nomirror out\nset border 3\n";
  body += "set grid xtics ytics lc rgb \"#e4e4e4\" lt 1\nunset key\n";
  body += "epochs = " + Quote(plot.epochs) + "\n";
  body += "columns = " + std::to_string(plot.columns) +
          "\npanels = " + std::to_string(plot.panels) + "\n";
  body += "do for [p = 0:panels - 1] {\n";
  body += "set title \"epoch \".word(epochs, p + 1) offset 0,-0.6\n";
  body += "if (p % columns == 0) { set ylabel \"gradient ratio\" } else { unset ylabel }\n";
  body += "if (p + columns >= panels) { set xlabel \"keyword depth\" } else { unset xlabel }\n";
  // The points of a depth are spread sideways, by the golden ratio, so that they can be told apart.
  body += PlotCommand(
      {"1 with lines lc rgb \"#888888\" dt 3",
       file + " index 2*p using ($1 + 0.5*($0*0.618034 - floor($0*0.618034) - 0.5)):2 " +
           "with points pt 7 ps 0.25 lc rgb " + Faint(plot.colour),
       file + " index 2*p+1 with linespoints pt 7 ps 0.4 lw 2 lc rgb " + Quote(plot.colour)});
  return body + "}\nunset multiplot\n";
}

std::string EpochBody(const EpochPlot& plot) {
  const bool both = plot.rnn_epochs > 0 && plot.rlstm_epochs > 0;
  std::string body = "set multiplot layout " + std::string(both ? "2,1" : "1,1") + "\n";
  body += "set logscale y\nset format y \"10^{%T}\"\nset yrange " + LogRange(plot.low, plot.high) +
          "\n";
  body +=
      "set border 3\nset xtics nomirror out\nset ytics nomirror out\nset style fill solid 0.25\n";
  body += "set lmargin 10\nset rmargin 9\n";
  body += "set grid ytics lc rgb \"#e4e4e4\" lt 1\nset key bottom right horizontal\n";
  body += "set xlabel \"epoch\"\nset ylabel \"gradient ratio\"\n";
  if (plot.rnn_epochs > 0) {
    body += EpochPanel(plot.data_file, "rnn", kRnnColour, "(a) rnn", plot.rnn_epochs, false);
  }
  if (plot.rlstm_epochs > 0) {
    body += EpochPanel(plot.data_file, "rlstm", kRlstmColour, "(b) rlstm", plot.rlstm_epochs, true);
  }
  return body + "unset multiplot\n";
}

}  // namespace grove
