// Figures 3 to 7 of the paper, and what they share with the study's.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "experiments/report/draw.h"
#include "experiments/stats/paper_runs.h"

namespace grove {

inline constexpr double kChancePercent = 10;  // of guessing among ten classes

// Settings that accuracy.gp and strips.gp share: the datasets of an experiment that have runs, and
// the names of the axis.
void SetDatasets(const PaperRuns& runs, int experiment, Figure& figure);

// Up to which words or keyword depths half of the runs or more get at least half of the test trees
// right, as a sentence on both models.
std::string AccuracyTitle(const PaperRuns& runs, int experiment);

// The paper's models that these rows tell of.
template <typename Rows>
std::vector<std::string> ModelsOf(const Rows& rows) {
  std::vector<std::string> models;
  for (const std::string model : kPaperModels) {
    const bool told =
        std::any_of(rows.begin(), rows.end(), [&](const auto& row) { return row.model == model; });
    if (told) models.push_back(model);
  }
  return models;
}

// Powers of ten around all that was added; "low" and "high" of a ratio axis.
class RatioRange {
 public:
  void Add(double ratio);
  void Set(Figure& figure) const;

 private:
  double low_ = 0.1, high_ = 1;  // the line at ratio 1 is always there
};

// Figures 3 to 7, none drawn yet. They read cells.csv, cell_runs.csv, ratios.csv and epochs.csv.
std::vector<Figure> PrepareFigures(const PaperRuns& runs);

}  // namespace grove
