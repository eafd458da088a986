// The paper's claims (spec section 5) as one table of statistics and thresholds. How they fare on
// runs is told by judge.h.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace grove {

// What a condition measures. Accuracies are in percent, of the test split. A statistic over
// datasets reads the condition's `first` .. `last` as datasets, one over ratios reads them as
// depths.
enum class Statistic {
  kLowestBest,    // lowest, over the datasets, of the best run
  kHighestBest,   // highest, over the datasets, of the best run
  kLowestMedian,  // lowest, over the datasets, of the median run
  kMeanDrop,      // mean over first..last minus mean over other_first..other_last, in points
  kLargestGap,    // largest, over the datasets, difference of the two models' medians, in points
  // Over ratios: what one run gives; its value is the median over runs.
  kFirstEpoch,    // highest median ratio of epoch 1 at the depths >= first
  kGrowth,        // median ratio at depth `first`: last epoch / epoch 1
  kDepthRho,      // Spearman's rho of depth and median ratio, last epoch
  kPeakShare,     // highest share of ratios > 1 of any epoch, in percent
  kFirstShare,    // share of ratios > 1 in epoch 1, in percent
  kLastOverPeak,  // share of ratios > 1: last epoch / peak
  kLastEpoch,     // lowest median ratio of the last epoch at depths first..last
  kDevRho,        // Spearman's rho of an epoch's median ratio at depth `first` and its dev
                  // accuracy, over the epochs up to two after the peak of the share > 1
  kRlstmOverRnn,  // median ratio at depth `first`, last epoch: rlstm / rnn
};

enum class Relation { kAtLeast, kAbove, kAtMost, kBelow };

struct Condition {
  Statistic statistic;
  int experiment;     // of the paper: 1, 2, 3 (stats/paper.h)
  const char* model;  // "" where the statistic compares both
  int first = 0, last = 0;
  int other_first = 0, other_last = 0;
  Relation relation = Relation::kAtLeast;
  double threshold = 0;
};

struct ClaimSpec {
  const char* id;
  const char* paper;       // the paper's words
  const char* holds_when;  // the conditions in words
  std::vector<Condition> conditions;
  // Whether outcomes are so bimodal that the runs that solve a dataset are told beside the figure.
  bool counts_solved = false;
  // Whether a variant needs the runs of this claim to be judged at all; where not, they take too
  // long for every variant to have them.
  bool decides_variants = true;
};

// The table: the 17 claims in the order of the spec.
std::span<const ClaimSpec> ClaimTable();

bool IsRatioStatistic(Statistic statistic);

// Whether a value of its statistic meets the condition's threshold; NaN does not.
bool Meets(double value, const Condition& condition);

// The condition restricted to the datasets that decide it: of each range the last, where a figure
// must be high, and the first, where it must be low or two models must differ little.
Condition Deciding(Condition condition);

std::string ToString(Relation relation);  // ">=", ">", "<=", "<"
std::string Unit(Statistic statistic);    // "%", "points", or "" for plain numbers

}  // namespace grove
