// The paper's claims (spec section 5) as one table of statistics and thresholds, and their
// evaluation on the runs of a folder.
#pragma once

#include <limits>
#include <span>
#include <string>
#include <vector>

#include "experiments/stats/report_data.h"
#include "experiments/stats/statistics.h"

namespace grove {

// What a condition measures. Accuracies are in percent, of the test split. A statistic over
// datasets reads the condition's `first` .. `last` as dataset ids, one over ratios reads them as
// depths.
enum class Statistic {
  kLowestBest,    // lowest, over the datasets, of the best run
  kHighestBest,   // highest, over the datasets, of the best run
  kLowestMedian,  // lowest, over the datasets, of the median run
  kMeanDrop,      // mean over first..last minus mean over other_first..other_last, in points
  kLargestGap,    // largest, over the datasets, difference of the two models' medians, in points
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
  const char* experiment;
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
};

// The table: the 17 claims in the order of the spec.
std::span<const ClaimSpec> ClaimTable();

// A condition measured. The value of a statistic over ratios is the median over the probe runs of
// what each run gives. Values that do not exist are NaN.
struct Measurement {
  bool available = false;
  bool holds = false;
  double value = std::numeric_limits<double>::quiet_NaN();
  Interval interval{value, value};  // 95 %, bootstrap over runs
  std::string text;                 // the figures it rests on; what is missing, unless available
};

enum class Verdict { kHolds, kDoesNotHold, kNoData };

struct Claim {
  const ClaimSpec* spec = nullptr;
  Verdict verdict = Verdict::kNoData;
  std::vector<Measurement> measurements;  // one a condition
  // The condition that decides: the first that has no data or fails, else the first.
  size_t decisive = 0;

  std::string measured() const;  // the texts of all conditions
  const Condition& condition() const { return spec->conditions[decisive]; }
  const Measurement& measurement() const { return measurements[decisive]; }
};

// Whether a value of its statistic meets the condition's threshold; NaN does not.
bool Meets(double value, const Condition& condition);

// All claims. Failed and diverged runs are missing runs: the texts count them.
std::vector<Claim> EvaluateClaims(const ReportData& data);

std::string ToString(Verdict verdict);    // "holds", "does not hold", "no data"
std::string ToString(Relation relation);  // ">=", ">", "<=", "<"
std::string Unit(Statistic statistic);    // "%", "points", or "" for plain numbers

// "16 of 17 claims hold, 1 does not", with those that have no data.
std::string VerdictLine(const std::vector<Claim>& claims);

}  // namespace grove
