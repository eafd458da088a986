#include "experiments/stats/run_ratios.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "experiments/stats/numbers.h"
#include "experiments/stats/statistics.h"

namespace grove {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double MedianRatio(const std::vector<RatioSummary>& summaries, int epoch, int depth) {
  const RatioSummary* found = FindSummary(summaries, epoch, depth);
  return found == nullptr ? kNaN : found->median;
}

// Of the last epoch, at the condition's depth.
double LastMedian(const StoredRun& run, const Condition& condition) {
  return MedianRatio(*run.ratios, LastEpoch(*run.ratios), condition.first);
}

double HighestMedianOfEpoch(const std::vector<RatioSummary>& summaries, int epoch, int from_depth) {
  double highest = kNaN;
  for (const RatioSummary& s : summaries) {
    if (s.epoch == epoch && s.depth >= from_depth) highest = std::fmax(highest, s.median);
  }
  return highest;
}

double LowestMedianOfEpoch(const std::vector<RatioSummary>& summaries, int epoch, int first,
                           int last) {
  double lowest = std::numeric_limits<double>::infinity();
  for (int depth = first; depth <= last; ++depth) {
    const double median = MedianRatio(summaries, epoch, depth);
    if (std::isnan(median)) return kNaN;
    lowest = std::min(lowest, median);
  }
  return lowest;
}

double DepthRho(const std::vector<RatioSummary>& summaries, int epoch) {
  std::vector<double> depths, medians;
  for (const RatioSummary& s : summaries) {
    if (s.epoch != epoch) continue;
    depths.push_back(s.depth);
    medians.push_back(s.median);
  }
  return SpearmanRho(depths, medians);
}

// The (first) epoch with the largest share of ratios > 1.
struct RatioPeak {
  int epoch = 0;
  double share = -1;
};
RatioPeak FindPeak(const std::vector<RatioSummary>& summaries) {
  RatioPeak peak;
  for (int epoch = 1; epoch <= LastEpoch(summaries); ++epoch) {
    const double share = ShareAbove1(summaries, epoch);
    if (share > peak.share) peak = {epoch, share};
  }
  return peak;
}

DevRho DevRhoOf(const StoredRun& run, int depth, int after) {
  const int last = FindPeak(*run.ratios).epoch + after;
  std::vector<double> ratios, accuracies;
  for (const EpochRecord& epoch : run.record->history) {
    const double median = MedianRatio(*run.ratios, epoch.epoch, depth);
    if (epoch.epoch > last || std::isnan(median)) continue;
    ratios.push_back(median);
    accuracies.push_back(epoch.dev_accuracy);
  }
  return {SpearmanRho(ratios, accuracies), static_cast<int>(ratios.size())};
}

// The median ratios at kRatioDepth of the runs that reach the epoch.
std::vector<double> MediansAt(const PaperRuns& runs, const std::string& model, int epoch) {
  std::vector<double> medians;
  for (const StoredRun& run : runs.Probes(model)) {
    const double median = MedianRatio(*run.ratios, epoch, kRatioDepth);
    if (!std::isnan(median)) medians.push_back(median);
  }
  return medians;
}

// A statistic over ratios: what one run gives, and its name, in which {} is the depth.
struct RatioStatistic {
  const char* name;
  double (*of_run)(const StoredRun& run, const Condition& condition);
};

// In the order of Statistic, from its first one over ratios.
constexpr RatioStatistic kRatioStatistics[] = {
    {"highest median ratio of epoch 1 from depth {}",
     [](const StoredRun& run, const Condition& c) {
       return HighestMedianOfEpoch(*run.ratios, 1, c.first);
     }},
    {"median ratio at depth {}, last epoch / epoch 1",
     [](const StoredRun& run, const Condition& c) {
       return LastMedian(run, c) / MedianRatio(*run.ratios, 1, c.first);
     }},
    {"rho(depth, median ratio) in the last epoch",
     [](const StoredRun& run, const Condition&) {
       return DepthRho(*run.ratios, LastEpoch(*run.ratios));
     }},
    {"peak share of ratios > 1 (%)",
     [](const StoredRun& run, const Condition&) { return Percent(FindPeak(*run.ratios).share); }},
    {"share of ratios > 1 in epoch 1 (%)",
     [](const StoredRun& run, const Condition&) { return Percent(ShareAbove1(*run.ratios, 1)); }},
    {"share > 1, last epoch / peak",
     [](const StoredRun& run, const Condition&) {
       return RoundDecimals(ShareAbove1(*run.ratios, LastEpoch(*run.ratios)) /
                            FindPeak(*run.ratios).share);
     }},
    {"lower median ratio of depths 12 and 13, last epoch",
     [](const StoredRun& run, const Condition& c) {
       return LowestMedianOfEpoch(*run.ratios, LastEpoch(*run.ratios), c.first, c.last);
     }},
    {"rho(median ratio at depth {}, dev accuracy) up to e*+2",
     [](const StoredRun& run, const Condition& c) {
       return DevRhoOf(run, c.first, kEpochsAfterPeak).rho;
     }},
    {"median ratio at depth {}, last epoch", LastMedian},
};

const RatioStatistic& StatisticOf(const Condition& condition) {
  return kRatioStatistics[static_cast<size_t>(condition.statistic) -
                          static_cast<size_t>(Statistic::kFirstEpoch)];
}

}  // namespace

double RatioFigure(const Condition& condition, const StoredRun& run) {
  return StatisticOf(condition).of_run(run, condition);
}

std::string RatioFigureName(const Condition& condition) {
  return fmt::format(fmt::runtime(StatisticOf(condition).name), condition.first);
}

std::vector<DevRho> DevRhos(const PaperRuns& runs, int after) {
  std::vector<DevRho> rhos;
  for (const StoredRun& run : runs.Probes("rlstm")) {
    rhos.push_back(DevRhoOf(run, kRatioDepth, after));
  }
  return rhos;
}

double RatioAdvantage(const PaperRuns& runs, int epoch) {
  return Median(MediansAt(runs, "rlstm", epoch)) / Median(MediansAt(runs, "rnn", epoch));
}

std::vector<RatioMedian> RatioMedians(const PaperRuns& runs) {
  std::vector<RatioMedian> rows;
  for (const std::string& model : runs.models()) {
    for (int epoch = 1;; ++epoch) {
      const std::vector<double> medians = MediansAt(runs, model, epoch);
      if (medians.size() < kLeastRatioRuns) break;
      rows.push_back({model, epoch, static_cast<int>(medians.size()), Quantile(medians, 0.25),
                      Median(medians), Quantile(medians, 0.75)});
    }
  }
  return rows;
}

}  // namespace grove
