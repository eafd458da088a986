#include "experiments/stats/claim_statistics.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace grove {
namespace {

using S = Statistic;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr int kEpochsAfterPeak = 2;  // E3.7: epochs up to e* + 2

// Undoes the last bits of decimal fractions: 0.29 * 100 is 29 and 0.18 / 0.2 is 0.9.
double Rounded(double value) { return std::round(value * 1e9) / 1e9; }

double Best(const std::vector<double>& values) {
  return *std::max_element(values.begin(), values.end());
}

// Values of `of` over all groups, in order.
std::vector<double> Each(const Groups& groups, double (*of)(const std::vector<double>&)) {
  std::vector<double> values;
  for (const std::vector<double>& group : groups) values.push_back(of(group));
  return values;
}

double MedianOf(const std::vector<double>& values) { return Median(values); }
double MeanOf(const std::vector<double>& values) { return Mean(values); }

double Lowest(const std::vector<double>& values) {
  return *std::min_element(values.begin(), values.end());
}

std::string Join(const std::vector<double>& values) {
  std::string text;
  for (double value : values) text += (text.empty() ? "" : ", ") + FormatNumber(value);
  return text;
}

std::string DatasetRange(int first, int last) {
  if (first == last) return "dataset " + std::to_string(first);
  return "datasets " + std::to_string(first) + ".." + std::to_string(last);
}

// "5 runs", "4 or 5 runs".
std::string RunCount(const Groups& groups) {
  size_t low = groups.front().size(), high = low;
  for (const std::vector<double>& group : groups) {
    low = std::min(low, group.size());
    high = std::max(high, group.size());
  }
  return low == high ? std::to_string(low) : std::to_string(low) + " to " + std::to_string(high);
}

// Appends one group a dataset; notes the datasets without a finished run in `input.missing`.
void AddCells(const ReportData& data, const Condition& condition, const std::string& model,
              int first, int last, StatisticInput& input) {
  std::string lacking;
  for (int dataset = first; dataset <= last; ++dataset) {
    std::vector<double> values;
    for (size_t run : CellRuns(data.runs, condition.experiment, dataset, model)) {
      values.push_back(Percent(data.runs[run].test_accuracy));
    }
    if (values.empty()) lacking += (lacking.empty() ? "" : ", ") + std::to_string(dataset);
    input.groups.push_back(std::move(values));
    input.cells.push_back(std::string(condition.experiment) + " " + std::to_string(dataset) + " " +
                          model);
  }
  if (lacking.empty()) return;
  input.missing += (input.missing.empty() ? "no finished run of " : ", nor of ") + model + " on " +
                   condition.experiment + " dataset " + lacking;
}

Groups Part(const Groups& groups, size_t first, size_t count) {
  return Groups(groups.begin() + static_cast<std::ptrdiff_t>(first),
                groups.begin() + static_cast<std::ptrdiff_t>(first + count));
}

// The mean over datasets of the mean over runs: the first `count` groups minus the others.
double MeanDrop(const Groups& groups, size_t count) {
  const Groups low = Part(groups, 0, count);
  const Groups high = Part(groups, count, groups.size() - count);
  return Rounded(Mean(Each(low, MeanOf)) - Mean(Each(high, MeanOf)));
}

// The groups are the datasets of one model, then those of the other.
double LargestGap(const Groups& groups) {
  const std::vector<double> medians = Each(groups, MedianOf);
  const size_t half = medians.size() / 2;
  double largest = 0;
  for (size_t i = 0; i < half; ++i) {
    largest = std::max(largest, std::abs(medians[i] - medians[half + i]));
  }
  return Rounded(largest);
}

// The figures of an accuracy statistic; the first `count` groups are its datasets first .. last.
std::string DescribeAccuracies(const Condition& condition, const Groups& groups, size_t count) {
  const std::string where = DatasetRange(condition.first, condition.last) + ": ";
  const Groups own = Part(groups, 0, count);
  const Groups others = Part(groups, count, groups.size() - count);
  switch (condition.statistic) {
    case S::kLowestMedian:
      return "median of " + RunCount(own) + " on " + where + Join(Each(own, MedianOf)) + " %";
    case S::kMeanDrop:
      return "mean over " + where + FormatNumber(Mean(Each(own, MeanOf))) + " %, over " +
             DatasetRange(condition.other_first, condition.other_last) + ": " +
             FormatNumber(Mean(Each(others, MeanOf))) + " %";
    case S::kLargestGap:
      return "rlstm, median of " + RunCount(own) + " on " + where + Join(Each(own, MedianOf)) +
             " %; rnn: " + Join(Each(others, MedianOf)) + " %";
    default:
      return "best of " + RunCount(own) + " on " + where + Join(Each(own, Best)) + " %";
  }
}

struct Peak {
  int epoch = 0;
  double share = -1;
};

// The (first) epoch with the largest share of ratios > 1.
Peak FindPeak(const std::vector<RatioSummary>& summaries) {
  Peak peak;
  for (int epoch = 1; epoch <= LastEpoch(summaries); ++epoch) {
    const double share = ShareAbove1(summaries, epoch);
    if (share > peak.share) peak = {epoch, share};
  }
  return peak;
}

double MedianAt(const std::vector<RatioSummary>& summaries, int epoch, int depth) {
  const RatioSummary* found = FindSummary(summaries, epoch, depth);
  return found == nullptr ? kNaN : found->median;
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
    const double median = MedianAt(summaries, epoch, depth);
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

double DevRho(const RunRecord& run, const std::vector<RatioSummary>& summaries, int depth) {
  const int last = FindPeak(summaries).epoch + kEpochsAfterPeak;
  std::vector<double> ratios, accuracies;
  for (const EpochRecord& epoch : run.history) {
    const double median = MedianAt(summaries, epoch.epoch, depth);
    if (epoch.epoch > last || std::isnan(median)) continue;
    ratios.push_back(median);
    accuracies.push_back(epoch.dev_accuracy);
  }
  return SpearmanRho(ratios, accuracies);
}

// What one run gives; NaN where its ratios do not.
double RunStatistic(const Condition& condition, const RunRecord& run,
                    const std::vector<RatioSummary>& summaries) {
  const int last_epoch = LastEpoch(summaries);
  const int depth = condition.first;
  switch (condition.statistic) {
    case S::kFirstEpoch:
      return HighestMedianOfEpoch(summaries, 1, depth);
    case S::kGrowth:
      return MedianAt(summaries, last_epoch, depth) / MedianAt(summaries, 1, depth);
    case S::kDepthRho:
      return DepthRho(summaries, last_epoch);
    case S::kPeakShare:
      return Percent(FindPeak(summaries).share);
    case S::kFirstShare:
      return Percent(ShareAbove1(summaries, 1));
    case S::kLastOverPeak:
      return Rounded(ShareAbove1(summaries, last_epoch) / FindPeak(summaries).share);
    case S::kLastEpoch:
      return LowestMedianOfEpoch(summaries, last_epoch, condition.first, condition.last);
    case S::kDevRho:
      return DevRho(run, summaries, depth);
    case S::kRlstmOverRnn:
      return MedianAt(summaries, last_epoch, depth);
    default:
      return kNaN;
  }
}

std::string Describe(const Condition& condition) {
  const std::string depth = "depth " + std::to_string(condition.first);
  switch (condition.statistic) {
    case S::kFirstEpoch:
      return "highest median ratio of epoch 1 from " + depth;
    case S::kGrowth:
      return "median ratio at " + depth + ", last epoch / epoch 1";
    case S::kDepthRho:
      return "rho(depth, median ratio) in the last epoch";
    case S::kPeakShare:
      return "peak share of ratios > 1 (%)";
    case S::kFirstShare:
      return "share of ratios > 1 in epoch 1 (%)";
    case S::kLastOverPeak:
      return "share > 1, last epoch / peak";
    case S::kLastEpoch:
      return "lower median ratio of depths 12 and 13, last epoch";
    case S::kDevRho:
      return "rho(median ratio at " + depth + ", dev accuracy) up to e*+2";
    default:
      return "median ratio at " + depth + ", last epoch";
  }
}

}  // namespace

StatisticInput AccuracyInput(const Condition& condition, const ReportData& data) {
  StatisticInput input;
  const size_t count = static_cast<size_t>(condition.last - condition.first + 1);
  const bool both = condition.statistic == S::kLargestGap;
  AddCells(data, condition, both ? "rlstm" : condition.model, condition.first, condition.last,
           input);
  if (both) AddCells(data, condition, "rnn", condition.first, condition.last, input);
  if (condition.statistic == S::kMeanDrop) {
    AddCells(data, condition, condition.model, condition.other_first, condition.other_last, input);
  }
  if (!input.missing.empty()) return input;
  input.text = DescribeAccuracies(condition, input.groups, count);
  switch (condition.statistic) {
    case S::kLowestBest:
      input.statistic = [](const Groups& groups) { return Lowest(Each(groups, Best)); };
      break;
    case S::kHighestBest:
      input.statistic = [](const Groups& groups) { return Best(Each(groups, Best)); };
      break;
    case S::kLowestMedian:
      input.statistic = [](const Groups& groups) { return Lowest(Each(groups, MedianOf)); };
      break;
    case S::kMeanDrop:
      input.statistic = [count](const Groups& groups) { return MeanDrop(groups, count); };
      break;
    default:
      input.statistic = LargestGap;
  }
  return input;
}

StatisticInput RatioInput(const Condition& condition, const ReportData& data) {
  StatisticInput input;
  const bool both = condition.statistic == S::kRlstmOverRnn;
  const std::vector<std::string> models =
      both ? std::vector<std::string>{"rlstm", "rnn"} : std::vector<std::string>{condition.model};
  input.text = Describe(condition);
  for (const std::string& model : models) {
    std::vector<double> values;
    size_t undefined = 0;
    for (const ProbeRun* probe : ProbeRuns(data, model)) {
      const double value = RunStatistic(condition, data.runs[probe->run], probe->summaries);
      std::isnan(value) ? void(++undefined) : values.push_back(value);
    }
    if (values.empty()) {
      input.missing += (input.missing.empty() ? "no run of " : ", nor of ") + model + " in " +
                       condition.experiment + " with gradient ratios that give the " +
                       Describe(condition);
    }
    input.text += (both && model == "rnn" ? "; " : ": ") + (both ? model + " " : std::string()) +
                  "median of " + std::to_string(values.size()) +
                  (values.size() == 1 ? " run " : " runs ") + FormatNumber(Median(values)) + " (" +
                  Join(values) + ")";
    if (undefined > 0) input.text += ", undefined in " + std::to_string(undefined);
    input.groups.push_back(std::move(values));
    input.cells.push_back(std::string(condition.experiment) + " " + model);
  }
  input.statistic = [both](const Groups& groups) {
    return both ? Median(groups[0]) / Median(groups[1]) : Median(groups[0]);
  };
  return input;
}

bool IsRatioStatistic(Statistic statistic) { return statistic >= S::kFirstEpoch; }

std::string FormatNumber(double value, int digits) {
  if (std::isnan(value)) return "-";
  char text[40];
  std::snprintf(text, sizeof text, "%.*g", digits, value);
  return text;
}

double Percent(double share) { return Rounded(share * 100); }

}  // namespace grove
