// Folders of runs side by side, cell by cell: each folder against the first.
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "experiments/stats/cells.h"
#include "experiments/stats/folder_settings.h"

namespace grove {

// How much more a folder has than the first, in points.
struct FolderDifference {
  double mean = std::numeric_limits<double>::quiet_NaN();  // NaN where either has no runs
  // 95 % percentile bootstrap over runs (statistics.h); NaN where some cell has a single run.
  Interval interval{mean, mean};
};

// The runs of one folder in a cell.
struct CellSide {
  std::vector<const RunRecord*> runs;  // by seed
  std::vector<double> values;          // theirs, in percent; 0 of a run that failed or diverged
  Spread spread;                       // of these; n = 0 without runs
  FolderDifference difference;
  bool paired = false;  // both have the same seeds, each once: runs of one seed are subtracted
};

struct ComparedCell {
  std::vector<std::string> values;  // of Comparison::axes; "" where the runs have none
  std::vector<CellSide> sides;      // one a folder
};

// Of a folder against the first, over the cells that both have, each of the same weight.
struct OverallDifference {
  int cells = 0;
  FolderDifference difference;
};

struct Comparison {
  std::vector<std::string> folders;
  std::string metric;  // "test accuracy"; "dev accuracy" where some run had no test trees
  FolderSettings settings;
  // What tells cells apart: of experiment, dataset, model and the axes of the runs those that are
  // not one value in each folder and another from folder to folder; and settings by which a folder
  // has several runs of one seed otherwise. Only those with several values, and the model.
  std::vector<std::string> axes;
  std::vector<ComparedCell> cells;         // by their values, numbers as such, and by model
  std::vector<OverallDifference> overall;  // one a folder; of the first 0
};

// Deterministic. Two folders or more, each with a run. Points into the records of the runs.
Comparison CompareFolders(const std::vector<ComparedFolder>& folders);

}  // namespace grove
