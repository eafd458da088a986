#include "experiments/stats/claims.h"

namespace grove {
namespace {

using S = Statistic;
constexpr auto kAtLeast = Relation::kAtLeast;
constexpr auto kAbove = Relation::kAbove;
constexpr auto kAtMost = Relation::kAtMost;
constexpr auto kBelow = Relation::kBelow;

}  // namespace

// Le & Zuidema (2016), sections 3 and 4; thresholds of spec section 5. A condition: statistic,
// experiment, model, first and last dataset or depth, the datasets compared with, relation,
// threshold; then whether solved runs are told and whether variants need it.
std::span<const ClaimSpec> ClaimTable() {
  static const std::vector<ClaimSpec> kTable = {
      {"E1.1",
       "RNN reasonable on sentences under 11 tokens",
       "best of 5 on dataset 1 >= 70 %",
       {{S::kLowestBest, 1, "rnn", 1, 1, 0, 0, kAtLeast, 70}}},
      {"E1.2",
       "above 10 tokens the RNN is hardly better than guessing",
       "best of 5 on each dataset 2..10 <= 20 %",
       {{S::kHighestBest, 1, "rnn", 2, 10, 0, 0, kAtMost, 20}}},
      {"E1.3",
       "RLSTM above 90 % on sentences under 31 tokens",
       "median on each dataset 1..3 > 90 %",
       {{S::kLowestMedian, 1, "rlstm", 1, 3, 0, 0, kAbove, 90}}},
      {"E1.4",
       "its accuracy drops with length, yet well above guessing up to 70 tokens",
       "best of 5 on each dataset 4..7 >= 20 %, and mean over 4..7 < mean over 1..3",
       {{S::kLowestBest, 1, "rlstm", 4, 7, 0, 0, kAtLeast, 20},
        {S::kMeanDrop, 1, "rlstm", 4, 7, 1, 3, kBelow, 0}},
       true},
      {"E1.5",
       "beyond 70 tokens RLSTM and RNN are alike",
       "medians of datasets 8..10 differ by <= 5 points",
       {{S::kLargestGap, 1, "", 8, 10, 0, 0, kAtMost, 5}},
       true,
       false},
      {"E2.1",
       "RNN very high while the keyword depth is at most 3",
       "best of 5 on datasets 1, 2 >= 85 %",
       {{S::kLowestBest, 2, "rnn", 1, 2, 0, 0, kAtLeast, 85}}},
      {"E2.2",
       "then it drops fast to about guessing",
       "best of 5 on each dataset 5..10 <= 20 %",
       {{S::kHighestBest, 2, "rnn", 5, 10, 0, 0, kAtMost, 20}}},
      {"E2.3",
       "RLSTM above 90 % until depth 8",
       "median on each dataset 1..7 > 90 %",
       {{S::kLowestMedian, 2, "rlstm", 1, 7, 0, 0, kAbove, 90}}},
      {"E2.4",
       "larger depths are hard, yet always better than guessing",
       "best of 5 on each dataset 8..10 >= 20 %, and mean over 8..10 < mean over 1..7",
       {{S::kLowestBest, 2, "rlstm", 8, 10, 0, 0, kAtLeast, 20},
        {S::kMeanDrop, 2, "rlstm", 8, 10, 1, 7, kBelow, 0}}},
      {"E3.1",
       "RNN: first-epoch ratios are always very small",
       "median ratio in epoch 1 < 0.1 at every depth >= 6",
       {{S::kFirstEpoch, 3, "rnn", 6, 0, 0, 0, kBelow, 0.1}}},
      {"E3.2",
       "RNN: ratios rise steadily with the epochs",
       "depth-10 median of the last epoch > 3 x that of the first",
       {{S::kGrowth, 3, "rnn", 10, 10, 0, 0, kAbove, 3}}},
      {"E3.3",
       "RNN: ratios shrink with depth",
       "Spearman rho(depth, median ratio) < -0.8 in the last epoch",
       {{S::kDepthRho, 3, "rnn", 0, 0, 0, 0, kBelow, -0.8}}},
      {"E3.4",
       "RLSTM: ratios shoot up after the first epochs, some explode (> 1)",
       "share of ratios > 1 peaks at >= 10 % in some epoch e*, and is < 1 % in epoch 1",
       {{S::kPeakShare, 3, "rlstm", 0, 0, 0, 0, kAtLeast, 10},
        {S::kFirstShare, 3, "rlstm", 0, 0, 0, 0, kBelow, 1}}},
      {"E3.5",
       "RLSTM: then they come down and stay, fewer exploding",
       "share > 1 in the last epoch < 0.9 x its peak",
       {{S::kLastOverPeak, 3, "rlstm", 0, 0, 0, 0, kBelow, 0.9}}},
      {"E3.6",
       "RLSTM: gradients do not vanish, even at depth 12, 13",
       "median ratio at depths 12 and 13 > 0.05 in the last epoch",
       {{S::kLastEpoch, 3, "rlstm", 12, 13, 0, 0, kAbove, 0.05}}},
      {"E3.7",
       "the jump goes with the dev accuracy",
       "Spearman rho(epoch's median ratio at depth 10, dev accuracy) over the epochs up to e*+2 "
       "> 0.7",
       {{S::kDevRho, 3, "rlstm", 10, 10, 0, 0, kAbove, 0.7}}},
      {"E3.8",
       "RLSTM carries error signals to leaves better than RNN",
       "depth-10 median, last epoch: RLSTM > RNN",
       {{S::kRlstmOverRnn, 3, "", 10, 10, 0, 0, kAbove, 1}}},
  };
  return kTable;
}

bool IsRatioStatistic(Statistic statistic) { return statistic >= S::kFirstEpoch; }

bool Meets(double value, const Condition& condition) {
  switch (condition.relation) {
    case Relation::kAtLeast:
      return value >= condition.threshold;
    case Relation::kAbove:
      return value > condition.threshold;
    case Relation::kAtMost:
      return value <= condition.threshold;
    case Relation::kBelow:
      return value < condition.threshold;
  }
  return false;
}

Condition Deciding(Condition condition) {
  if (IsRatioStatistic(condition.statistic)) return condition;  // all come from one dataset
  if (condition.statistic == S::kHighestBest || condition.statistic == S::kLargestGap) {
    condition.last = condition.first;
  } else {
    condition.first = condition.last;
    condition.other_first = condition.other_last;
  }
  return condition;
}

std::string ToString(Relation relation) {
  static constexpr const char* kTexts[] = {">=", ">", "<=", "<"};
  return kTexts[static_cast<size_t>(relation)];
}

std::string Unit(Statistic statistic) {
  if (statistic == S::kMeanDrop || statistic == S::kLargestGap) return "points";
  const bool share = statistic == S::kPeakShare || statistic == S::kFirstShare;
  return share || !IsRatioStatistic(statistic) ? "%" : "";
}

}  // namespace grove
