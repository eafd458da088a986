// Accuracies by cell: what the runs of one model on one dataset gave, and the two models paired.
#pragma once

#include <string>
#include <vector>

#include "experiments/stats/inference.h"
#include "experiments/stats/paper_runs.h"
#include "experiments/stats/statistics.h"

namespace grove {

// How values spread, those of failed runs among them.
struct Spread {
  int n = 0;
  int failed = 0;  // of them failed or diverged
  double lowest = 0, q25 = 0, median = 0, q75 = 0, best = 0, mean = 0;  // NaN without values
};
Spread SpreadOf(const std::vector<double>& values, int failed);

// Test accuracies in percent, where a run that failed or diverged counts as 0 %.
struct Cell {
  CellName name;
  Spread spread;
  double interquartile_mean = 0;
  Interval interval{0, 0};      // 95 % bootstrap over runs, of the interquartile mean
  int solved = 0;               // runs with an accuracy of at least 50 %
  Interval solved_share{0, 0};  // 95 %, Clopper & Pearson
};

// Of experiments 1 and 2; cells without runs are left out.
std::vector<Cell> MakeCells(const PaperRuns& runs);

// rlstm against rnn on one dataset, paired by seed; differences in points.
struct Pairing {
  PaperDataset dataset;
  PairedTest test;
  double holm_p = 1;  // over all pairings
};

// Of experiments 1 and 2; datasets without pairs are left out.
std::vector<Pairing> MakePairings(const PaperRuns& runs);

// Test accuracies of one length crossed with one depth of the keyword, in percent: beyond the
// paper.
struct LengthDepth {
  int min_length = 0, max_length = 0;
  int depth = 0;
  std::string model;
  int n = 0;
  double median = 0;
  int solved = 0;
};

// Runs of default settings whose keyword has one depth, by length, depth and model.
std::vector<LengthDepth> MakeLengthDepth(const std::vector<StoredRun>& all);

}  // namespace grove
