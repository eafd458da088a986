// Figures 3 to 7 of the paper, and what they share with the study's.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "engine/run_spec_table.h"
#include "experiments/report/draw.h"
#include "experiments/stats/run_ratios.h"

namespace grove {

inline constexpr double kChancePercent = 10;  // of guessing among ten classes

// Settings that accuracy.gp and strips.gp share: the datasets of an experiment that have runs, and
// the names of the axis.
void SetDatasets(const PaperRuns& runs, int experiment, Figure& figure);

// Up to which words or keyword depths half of the runs or more get at least half of the test trees
// right, as a sentence on all models.
std::string AccuracyTitle(const PaperRuns& runs, int experiment);

// The models that these rows tell of, in the order of grove info.
template <typename Rows>
std::vector<std::string> ModelsOf(const Rows& rows) {
  std::vector<std::string> models;
  for (const std::string& model : ModelChoices()) {
    const bool told =
        std::any_of(rows.begin(), rows.end(), [&](const auto& row) { return row.model == model; });
    if (told) models.push_back(model);
  }
  return models;
}

// Of each series its colour and marker: the first of a model of the paper has those of the model
// everywhere else, all others have what is left.
std::vector<double> SeriesStyles(const std::vector<std::string>& models);

// Powers of ten around all that was added; "low" and "high" of a ratio axis.
class RatioRange {
 public:
  void Add(double ratio);
  void Set(Figure& figure) const;

 private:
  double low_ = 0.1, high_ = 1;  // the line at ratio 1 is always there
};

// Gradient ratios by epoch: medians over the runs of each model, and their quartiles if asked.
// Reads ratio_medians.csv.
Figure RatioMediansFigure(const std::vector<RatioMedian>& ratios, bool quartiles);

// "Figure 3" of "figure3"; "" of any other name.
std::string FigureLabel(const Figure& figure);

// The figure in a page of HTML; `command` makes the page.
std::string FigureHtml(const Figure& figure, const std::string& command);

// The figure in a page of Markdown; `command` makes its runs, `page_command` the page of them.
std::string FigureMarkdown(const Figure& figure, const std::string& command,
                           const std::string& page_command);

// Figures 3 to 7, none drawn yet. They read cells.csv, cell_runs.csv, ratios.csv and epochs.csv.
std::vector<Figure> PrepareFigures(const PaperRuns& runs);

}  // namespace grove
