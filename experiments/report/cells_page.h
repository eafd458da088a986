// The page of every cell on the paper's task: each with the best settings of a small grid, side by
// side on sentences of growing length, with a keyword of growing depth, and by gradient ratios.
#pragma once

#include <string>
#include <vector>

#include "experiments/report/draw.h"
#include "experiments/report/table.h"
#include "experiments/stats/cell_choice.h"
#include "experiments/stats/cells.h"
#include "experiments/stats/run_ratios.h"

namespace grove {

struct CellStudy {
  CellStudy() = default;
  CellStudy(CellStudy&&) = default;
  CellStudy(const CellStudy&) = delete;  // its runs point into its store
  CellStudy& operator=(const CellStudy&) = delete;

  Store store;
  std::vector<StoredRun> runs;
  std::vector<CellChoice> choices;
  PaperRuns reported;  // seeds 1-5, every model with its best settings
  std::vector<Cell> cells;
  std::vector<RatioMedian> ratios;
};

// Reads the runs at `path` and computes all. Throws Error if there is no run of a grid, or none
// that is reported.
CellStudy ComputeCellStudy(const std::string& path);

// Writes choices.csv, cells.csv, cell_runs.csv, ratio_medians.csv, journals.csv, datapackage.json
// (data_package.h), the figures and README.md into `folder`, each file whole or not at all. Returns
// the paths.
std::vector<std::string> WriteCellStudy(const CellStudy& study, const std::string& folder);

// A model and a point of its grid a row, the best first.
Table ChoicesTable(const std::vector<CellChoice>& choices);

// A model a row, a dataset of the experiment a column: the median of the runs, and how many of them
// solve it.
Table AccuracyTable(const CellStudy& study, int experiment);

}  // namespace grove
