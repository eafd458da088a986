#include "experiments/stats/claim_statistics.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "experiments/stats/numbers.h"
#include "experiments/stats/run_ratios.h"

namespace grove {
namespace {

using S = Statistic;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

double Best(const std::vector<double>& values) {
  return *std::max_element(values.begin(), values.end());
}

// Values of `of` over all groups, in order.
std::vector<double> Each(const Groups& groups, double (*of)(const std::vector<double>&)) {
  std::vector<double> values;
  for (const std::vector<double>& group : groups) values.push_back(of(group));
  return values;
}

// Of values among which may be infinite ones.
double MedianRun(std::vector<double> values) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::sort(values.begin(), values.end());
  const double low = values[(values.size() - 1) / 2], high = values[values.size() / 2];
  if (std::isinf(low) || std::isinf(high)) return std::isinf(low) ? low : high;
  return Median(std::move(values));
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

// Runs that failed or diverged, as the figures tell of them.
std::string FailedText(int failed, const char* fate) {
  if (failed == 0) return "";
  return fmt::format("; {} that failed or diverged {} {}",
                     failed == 1 ? "1 run" : fmt::format("{} runs", failed),
                     failed == 1 ? "counts" : "count", fate);
}

// Appends one group a dataset; notes the datasets without a run in `input.missing`.
void AddCells(const PaperRuns& runs, const Condition& condition, const std::string& model,
              int first, int last, StatisticInput& input) {
  std::string lacking;
  for (int dataset = first; dataset <= last; ++dataset) {
    const std::vector<StoredRun>& cell = runs.Cell(condition.experiment, dataset, model);
    if (cell.empty()) lacking += (lacking.empty() ? "" : ", ") + std::to_string(dataset);
    input.failed += CountFailed(cell);
    input.groups.push_back(Accuracies(cell));
    input.cells.push_back({condition.experiment, dataset, model});
  }
  if (lacking.empty()) return;
  input.missing += fmt::format("{}{} on dataset {} of experiment {}",
                               input.missing.empty() ? "no run of " : ", nor of ", model, lacking,
                               condition.experiment);
}

Groups Part(const Groups& groups, size_t first, size_t count) {
  return Groups(groups.begin() + static_cast<std::ptrdiff_t>(first),
                groups.begin() + static_cast<std::ptrdiff_t>(first + count));
}

// The mean over datasets of the mean over runs: the first `count` groups minus the others.
double MeanDrop(const Groups& groups, size_t count) {
  const Groups low = Part(groups, 0, count);
  const Groups high = Part(groups, count, groups.size() - count);
  return RoundDecimals(Mean(Each(low, MeanOf)) - Mean(Each(high, MeanOf)));
}

// The groups are the datasets of one model, then those of the other.
double LargestGap(const Groups& groups) {
  const std::vector<double> medians = Each(groups, MedianOf);
  const size_t half = medians.size() / 2;
  double largest = 0;
  for (size_t i = 0; i < half; ++i) {
    largest = std::max(largest, std::abs(medians[i] - medians[half + i]));
  }
  return RoundDecimals(largest);
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

StatisticInput AccuracyInput(const Condition& condition, const PaperRuns& runs) {
  StatisticInput input;
  const int datasets = condition.last - condition.first + 1;
  const auto count = static_cast<size_t>(datasets);
  const bool both = condition.statistic == S::kLargestGap;
  AddCells(runs, condition, both ? "rlstm" : condition.model, condition.first, condition.last,
           input);
  if (both) AddCells(runs, condition, "rnn", condition.first, condition.last, input);
  if (condition.statistic == S::kMeanDrop) {
    AddCells(runs, condition, condition.model, condition.other_first, condition.other_last, input);
  }
  if (!input.missing.empty()) return input;
  input.text =
      DescribeAccuracies(condition, input.groups, count) + FailedText(input.failed, "as 0 %");
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

// One value a run, where it gives one; a run that failed or diverged has `failed`.
std::vector<double> RatioFigures(const Condition& condition, const std::vector<StoredRun>& cell,
                                 double failed) {
  std::vector<double> values;
  for (const StoredRun& run : cell) {
    const double value = run.failed() ? failed : RatioFigure(condition, run);
    if (!std::isnan(value)) values.push_back(value);
  }
  return values;
}

// "median of 5 runs 0.2 (0.1, 0.2, 0.2, 0.3, 0.9), undefined in 1"
std::string DescribeRatios(const std::vector<double>& values, size_t undefined) {
  std::string text =
      fmt::format("median of {} run{} {} ({})", values.size(), values.size() == 1 ? "" : "s",
                  FormatNumber(MedianRun(values)), Join(values));
  if (undefined > 0) text += fmt::format(", undefined in {}", undefined);
  return text;
}

StatisticInput RatioInput(const Condition& condition, const PaperRuns& runs) {
  StatisticInput input;
  const bool both = condition.statistic == S::kRlstmOverRnn;
  const std::vector<std::string> models =
      both ? std::vector<std::string>{"rlstm", "rnn"} : std::vector<std::string>{condition.model};
  const bool must_be_high =
      condition.relation == Relation::kAtLeast || condition.relation == Relation::kAbove;
  input.text = RatioFigureName(condition);
  for (const std::string& model : models) {
    const std::vector<StoredRun>& cell = runs.Cell(condition.experiment, kRatioDataset, model);
    // On the side of the threshold where the claim fails: rnn's ratio divides rlstm's.
    const double worst = must_be_high != (both && model == "rnn") ? -kInfinity : kInfinity;
    std::vector<double> values = RatioFigures(condition, cell, worst);
    const int failed = CountFailed(cell);
    if (values.size() == static_cast<size_t>(failed)) {
      input.missing += fmt::format("{}{} in experiment {} with gradient ratios that give the {}",
                                   input.missing.empty() ? "no run of " : ", nor of ", model,
                                   condition.experiment, RatioFigureName(condition));
    }
    input.failed += failed;
    input.text += fmt::format("{} {}{}", both && model == "rnn" ? ";" : ":",
                              both ? model + " " : std::string(),
                              DescribeRatios(values, cell.size() - values.size()));
    input.groups.push_back(std::move(values));
    input.cells.push_back({condition.experiment, kRatioDataset, model});
  }
  input.text += FailedText(input.failed, "against the claim");
  input.statistic = [both](const Groups& groups) {
    const double median = MedianRun(groups[0]);
    return both ? median / MedianRun(groups[1]) : median;
  };
  return input;
}

}  // namespace

StatisticInput InputOf(const Condition& condition, const PaperRuns& runs) {
  return IsRatioStatistic(condition.statistic) ? RatioInput(condition, runs)
                                               : AccuracyInput(condition, runs);
}

}  // namespace grove
