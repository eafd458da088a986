#include "experiments/report/figures.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>

#include "engine/error.h"
#include "engine/files.h"
#include "experiments/report/drawing_folder.h"
#include "experiments/report/figure_scripts.h"
#include "experiments/report/gnuplot.h"
#include "experiments/report/report_tables.h"
#include "experiments/stats/numbers.h"
#include "experiments/stats/paper_runs.h"
#include "experiments/stats/statistics.h"

namespace grove {
namespace {

constexpr int kDatasets = 10;
constexpr int kColumns = 4;            // panels a row of figures 5 and 6
constexpr int kMaxPanels = 12;         // the first epochs, and the last one
constexpr int kBoxDepth = 10;          // of figure 7
constexpr double kLowestRatio = 1e-9;  // the ratio axes go no lower
constexpr char kBlockEnd[] = "\n\n";   // gnuplot: two blank lines end a data block

std::string Row(const std::vector<double>& values) {
  std::string row;
  for (double value : values) {
    row += (row.empty() ? "" : " ") + (std::isnan(value) ? "NaN" : CsvNumber(value));
  }
  return row + "\n";
}

std::string Needs(int experiment) {
  const std::string number = std::to_string(experiment);
  return "needs runs of experiment " + number + ": grove run experiments/specs/exp" + number +
         ".toml --out DIR";
}

std::string Name(const Figure& figure) { return "figure" + std::to_string(figure.number); }

// Figures 3 and 4: test accuracy by dataset of experiment 1 or 2.
Figure AccuracyFigure(const PaperRuns& runs, int number) {
  const int experiment = number - 2;
  Figure figure;
  figure.number = number;
  AccuracyPlot plot;
  std::string rnn = "# rnn\n", rlstm = "# rlstm\n", dots = "# runs\n";
  for (int dataset = 1; dataset <= kDatasets; ++dataset) {
    const auto accuracies = [&](const std::string& model) {
      return Accuracies(runs.Cell(experiment, dataset, model));
    };
    if (const auto values = accuracies("rnn"); !values.empty()) {
      rnn += Row({1.0 * dataset, Quantile(values, 1)});
      plot.has_rnn = true;
    }
    const auto values = accuracies("rlstm");
    for (double value : values) dots += Row({1.0 * dataset, value});
    if (!values.empty()) {
      rlstm += Row({1.0 * dataset, Quantile(values, 0), Quantile(values, 0.25), Median(values),
                    Quantile(values, 0.75), Quantile(values, 1)});
      plot.has_rlstm = true;
    }
    const std::string label =
        experiment == 1 ? std::to_string(10 * dataset - 9) + "-" + std::to_string(10 * dataset)
                        : std::to_string(dataset) + "-" + std::to_string(dataset + 1);
    plot.tics += (dataset == 1 ? "\"" : ", \"") + std::to_string(dataset) + "\\n" + label + "\" " +
                 std::to_string(dataset);
  }
  figure.title = experiment == 1 ? "Experiment 1: test accuracy by sentence length"
                                 : "Experiment 2: test accuracy by keyword depth";
  figure.caption =
      "Best rnn run of each dataset (line) and all rlstm runs (boxes: quartiles; whiskers: lowest "
      "and highest run; dots: single runs). Dashed: guessing among 10 classes.";
  if (!plot.has_rnn && !plot.has_rlstm) {
    figure.missing = Needs(experiment);
    return figure;
  }
  if (plot.has_rnn) figure.data += rnn + kBlockEnd;
  if (plot.has_rlstm) figure.data += rlstm + kBlockEnd + dots;
  plot.data_file = Name(figure) + ".dat";
  plot.title = figure.title;
  plot.x_label = experiment == 1 ? "dataset, with its sentence lengths"
                                 : "dataset, with its keyword depths (sentence lengths 21-30)";
  figure.script = PlotScript(Name(figure), figure.title, {}, AccuracyBody(plot));
  return figure;
}

// Widens [low, high] to the powers of ten around the positive values.
void Widen(double value, double& low, double& high) {
  if (!(value > 0) || std::isinf(value)) return;
  const double exponent = std::log10(std::max(value, kLowestRatio));
  low = std::min(low, std::pow(10, std::floor(exponent)));
  high = std::max(high, std::pow(10, std::ceil(exponent)));
}

std::vector<int> PanelEpochs(int last_epoch) {
  std::vector<int> epochs;
  for (int epoch = 1; epoch <= last_epoch; ++epoch) epochs.push_back(epoch);
  if (last_epoch > kMaxPanels) {
    epochs.resize(kMaxPanels);
    epochs.back() = last_epoch;
  }
  return epochs;
}

// Figures 5 and 6: ratios by keyword depth, a panel an epoch, of the probe run with the lowest
// seed.
Figure DepthFigure(const PaperRuns& runs, int number) {
  const std::string model = number == 5 ? "rnn" : "rlstm";
  Figure figure;
  figure.number = number;
  figure.title = "Experiment 3: gradient ratios of the " + model + " by keyword depth";
  const std::vector<StoredRun> probes = runs.Probes(model);
  if (probes.empty()) {
    figure.missing = Needs(3);
    return figure;
  }
  const std::vector<RatioSummary>& summaries = *probes.front().ratios;
  const std::string seed = std::to_string(probes.front().record->seed);
  DepthPlot plot;
  plot.min_depth = summaries.front().depth;
  plot.max_depth = plot.min_depth;
  const std::vector<int> epochs = PanelEpochs(LastEpoch(summaries));
  for (int epoch : epochs) {
    std::string points, medians;
    for (const RatioSummary& s : summaries) {
      if (s.epoch != epoch) continue;
      plot.min_depth = std::min(plot.min_depth, s.depth);
      plot.max_depth = std::max(plot.max_depth, s.depth);
      medians += Row({1.0 * s.depth, s.median});
      for (double ratio : s.sample) {
        points += Row({1.0 * s.depth, ratio});
        Widen(ratio, plot.low, plot.high);
      }
    }
    plot.epochs += (plot.epochs.empty() ? "" : " ") + std::to_string(epoch);
    const std::string of = " of epoch " + std::to_string(epoch) + "\n";
    figure.data += "# ratios" + of + points + kBlockEnd + "# medians" + of + medians + kBlockEnd;
  }
  plot.panels = static_cast<int>(epochs.size());
  plot.columns = std::min(kColumns, plot.panels);
  plot.rows = (plot.panels + plot.columns - 1) / plot.columns;
  plot.data_file = Name(figure) + ".dat";
  plot.title = figure.title + ", seed " + seed;
  plot.colour = model == "rnn" ? kRnnColour : kRlstmColour;
  figure.script = PlotScript(Name(figure), figure.title, DepthCanvas(plot), DepthBody(plot));
  figure.caption =
      "Gradient norm at the keyword's leaf over that at the root, all training trees of "
      "an epoch, seed " +
      seed + ". Line: median; dots: at most " + std::to_string(RatioSummary::kSampleSize) +
      " ratios of a depth, evenly spaced in rank; dotted: 1, above which a gradient "
      "grows on its way down.";
  return figure;
}

// Figure 7: ratios at depth 10 by epoch, with the dev accuracy of the rlstm.
Figure EpochFigure(const PaperRuns& runs) {
  Figure figure;
  figure.number = 7;
  figure.title = "Experiment 3: gradient ratios at depth 10 by epoch";
  EpochPlot plot;
  std::string seeds;
  for (const std::string model : {"rnn", "rlstm"}) {
    const std::vector<StoredRun> probes = runs.Probes(model);
    if (probes.empty()) continue;
    const RunRecord& run = *probes.front().record;
    std::string rows;
    for (const RatioSummary& s : *probes.front().ratios) {
      if (s.depth != kBoxDepth) continue;
      double dev = std::nan("");
      for (const EpochRecord& epoch : run.history) {
        if (epoch.epoch == s.epoch) dev = Percent(epoch.dev_accuracy);
      }
      rows += Row({1.0 * s.epoch, s.q05, s.q25, s.median, s.q75, s.q95, dev});
      Widen(s.q05, plot.low, plot.high);
      Widen(s.q95, plot.low, plot.high);
    }
    if (rows.empty()) continue;
    figure.data += "# " + model + "\n" + rows + kBlockEnd;
    (model == "rnn" ? plot.rnn_epochs : plot.rlstm_epochs) = LastEpoch(*probes.front().ratios);
    seeds += (seeds.empty() ? "" : ", ") + model + " seed " + std::to_string(run.seed);
  }
  if (figure.data.empty()) {
    figure.missing = Needs(3);
    return figure;
  }
  plot.data_file = Name(figure) + ".dat";
  const int panels = (plot.rnn_epochs > 0) + (plot.rlstm_epochs > 0);
  figure.script = PlotScript(Name(figure), figure.title, {960, 40 + 320 * panels}, EpochBody(plot));
  figure.caption = "Ratios of the training trees whose keyword stands at depth 10 (" + seeds +
                   "). Boxes: quartiles and median; whiskers: 5 % and 95 %; dotted: 1.";
  if (panels < 2) figure.caption += " The other model has no run with gradient ratios yet.";
  return figure;
}

// Draws one figure; the files appear in `folder` only when both formats are complete.
std::string Draw(const std::string& folder, Figure& figure) {
  const DrawingFolder drawing(folder);
  const std::string name = Name(figure);
  for (const std::string& at : {folder, drawing.path()}) {
    WriteFileAtomically(at + "/" + name + ".dat", figure.data);
    WriteFileAtomically(at + "/" + name + ".gp", figure.script);
  }
  const std::string problem = RunGnuplot(drawing.path(), name + ".gp");
  if (!problem.empty()) return problem;
  const std::string svg = ReadFile(drawing.path() + "/" + name + ".svg");
  const std::string png = ReadFile(drawing.path() + "/" + name + ".png");
  if (svg.find("</svg>") == std::string::npos || png.empty()) {
    return "gnuplot left an incomplete drawing of " + name;
  }
  WriteFileAtomically(folder + "/" + name + ".svg", svg);
  WriteFileAtomically(folder + "/" + name + ".png", png);
  figure.svg = svg;
  return "";
}

}  // namespace

std::vector<Figure> PrepareFigures(const ReportData& data) {
  const PaperRuns runs(AllRuns(data), Variant());
  return {AccuracyFigure(runs, 3), AccuracyFigure(runs, 4), DepthFigure(runs, 5),
          DepthFigure(runs, 6), EpochFigure(runs)};
}

std::vector<std::string> DrawFigures(const std::string& folder, std::vector<Figure>& figures) {
  std::vector<std::string> warnings;
  for (Figure& figure : figures) {
    for (const char* format : {"svg", "png"}) {
      std::error_code ignored;
      std::filesystem::remove(folder + "/" + Name(figure) + "." + format, ignored);
    }
    if (!figure.missing.empty()) continue;
    const std::string problem = Draw(folder, figure);
    const bool known = std::find(warnings.begin(), warnings.end(), problem) != warnings.end();
    if (!problem.empty() && !known) warnings.push_back(problem);
  }
  return warnings;
}

}  // namespace grove
