// Which settings suit each model: the best point of a grid, chosen on seeds of its own, so that
// what is reported on other seeds was not chosen by them.
#pragma once

#include <string>
#include <vector>

#include "experiments/stats/paper_runs.h"

namespace grove {

// Of experiment 1: what suits sentences of 21 to 30 words alone may not learn longer ones.
inline constexpr int kGridDatasets[] = {3, 5};

// One point of the grid of one model: dev accuracies in percent, where a run that failed or
// diverged counts as 0 %.
struct GridPoint {
  std::string settings;    // that differ from the model's defaults, as one text
  int runs = 0;            // on seeds 101-105
  double dev[2] = {0, 0};  // mean over the runs on each of the datasets; NaN without any
  double mean = 0;         // over all runs
  int solved = 0;          // of them, by dev accuracy
};

struct CellChoice {
  std::string model;
  // The highest mean first; of equals the one whose text comes first. Points that lack runs which
  // others have come behind them.
  std::vector<GridPoint> points;

  const GridPoint& best() const { return points.front(); }
};

// By the runs on the grid's datasets with the choosing seeds, in the order of grove info.
// Models without such runs are left out.
std::vector<CellChoice> ChooseSettings(const std::vector<StoredRun>& all);

// Every model with its best settings.
Variant ChosenVariant(const std::vector<CellChoice>& choices);

}  // namespace grove
