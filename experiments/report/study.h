// A study: everything that is told of the paper, computed from the pieces of a results folder.
#pragma once

#include <string>
#include <vector>

#include "experiments/stats/inference.h"
#include "experiments/stats/judge.h"
#include "experiments/stats/readings.h"

namespace grove {

// One (experiment, dataset, model) of the default reading, all seeds. Accuracies in percent.
struct Cell {
  std::string experiment;
  int dataset = 0;
  std::string model;
  int n = 0;
  int lost = 0;  // of them failed or diverged, counted as 0 %
  double median = 0;
  double interquartile_mean = 0;
  Interval interval{0, 0};      // 95 % bootstrap over runs, of the interquartile mean
  int solved = 0;               // runs with an accuracy of at least 50 %
  Interval solved_share{0, 0};  // 95 %, Clopper & Pearson
};

// rlstm against rnn on one dataset, paired by seed; differences in points.
struct Pairing {
  std::string experiment;
  int dataset = 0;
  PairedTest test;
  double holm_p = 1;  // over all pairings
};

// Test accuracies of one length crossed with one depth of the keyword (experiment 4), in percent.
struct LengthDepth {
  int min_length = 0, max_length = 0;
  int depth = 0;
  std::string model;
  int n = 0;
  double median = 0;
  int solved = 0;
};

// Of the observed runs of a model: the median over runs of a group's median ratio.
struct NodeRatioMedian {
  std::string model;
  int epoch = 0;     // 0: before training
  std::string kind;  // as in NodeRatioGroup
  int depth = 0;
  int runs = 0;
  double median = 0;
};

// Of the observed runs of rlstm: the median over runs of a gate's mean activation, all depths.
struct GateMean {
  int epoch = 0;
  std::string gate, place;  // as in GateGroup
  int runs = 0;
  double mean = 0;
};

struct Study {
  RunSpec standard;  // the settings of the default reading, of rlstm
  std::vector<Piece> pieces;
  Readings readings;
  Judgements reported, confirming, all;  // the default on seeds 1-5, 6-25 and both: every cell
  Judgements deciding;                   // the default on all seeds, deciding cells only
  ReportData data;                       // the default on all seeds
  std::vector<Cell> cells;
  std::vector<Pairing> pairings;
  std::vector<LengthDepth> length_depth;  // those with runs
  std::vector<NodeRatioMedian> node_ratios;
  std::vector<GateMean> gates;
};

// Reads `results`/journals, the sweeps of `ablations`, and exp4.toml and observed.toml above them,
// and computes all.
Study ComputeStudy(const std::string& results, const std::string& ablations);

// Writes the study's tables and README.md into `results`, each file whole or not at all. Returns
// the paths.
std::vector<std::string> WriteStudy(const Study& study, const std::string& results);

// How E3.7 fares if its window of epochs ends `after` epochs behind the peak, by run.
struct DevRho {
  double rho = 0;  // Spearman's, NaN where undefined
  int epochs = 0;  // that it rests on
};
std::vector<DevRho> DevRhos(const ReportData& data, int after);

// E3.8 at one epoch of training for both models: rlstm's median over runs of the depth-10 median
// ratio over rnn's; NaN where a model has no run of that many epochs.
double RatioAdvantage(const ReportData& data, int epoch);

}  // namespace grove
