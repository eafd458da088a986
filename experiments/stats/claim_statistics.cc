#include "experiments/stats/claim_statistics.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include "experiments/stats/numbers.h"
#include "experiments/stats/run_ratios.h"

namespace grove {
namespace {

using S = Statistic;
using Values = std::vector<double>;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

double MedianOf(const Values& values) { return Median(values); }
double MeanOf(const Values& values) { return Mean(values); }
double Best(const Values& values) { return *std::max_element(values.begin(), values.end()); }
double Lowest(const Values& values) { return *std::min_element(values.begin(), values.end()); }

// The mean of the first `count` values minus that of the others.
double MeanDrop(const Values& values, size_t count) {
  const std::span<const double> all(values);
  return RoundDecimals(Mean(all.first(count)) - Mean(all.subspan(count)));
}

// Of each of the first `count` values from its counterpart.
double LargestGap(const Values& values, size_t count) {
  double largest = 0;
  for (size_t i = 0; i < count; ++i) {
    largest = std::max(largest, std::abs(values[i] - values[count + i]));
  }
  return RoundDecimals(largest);
}

// A statistic over test accuracies: what the runs of a dataset give, and what comes of it over the
// datasets, of which the first `count` are the condition's first .. last.
struct AccuracyStatistic {
  double (*of_runs)(const Values& accuracies);
  double (*of_datasets)(const Values& datasets, size_t count);
};

// In the order of Statistic.
constexpr AccuracyStatistic kAccuracyStatistics[] = {
    {Best, [](const Values& datasets, size_t) { return Lowest(datasets); }},
    {Best, [](const Values& datasets, size_t) { return Best(datasets); }},
    {MedianOf, [](const Values& datasets, size_t) { return Lowest(datasets); }},
    {MeanOf, MeanDrop},
    {MedianOf, LargestGap},
};

// Values of `of` over all groups, in order.
Values Each(const Groups& groups, double (*of)(const Values&)) {
  Values values;
  for (const Values& group : groups) values.push_back(of(group));
  return values;
}

// Of values among which may be infinite ones.
double MedianRun(Values values) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::sort(values.begin(), values.end());
  const double low = values[(values.size() - 1) / 2], high = values[values.size() / 2];
  if (std::isinf(low) || std::isinf(high)) return std::isinf(low) ? low : high;
  return Median(std::move(values));
}

std::string Join(std::span<const double> values) {
  std::string text;
  for (double value : values) text += (text.empty() ? "" : ", ") + FormatNumber(value);
  return text;
}

std::string DatasetRange(int first, int last) {
  return first == last ? fmt::format("dataset {}", first)
                       : fmt::format("datasets {}..{}", first, last);
}

// "5", "4 to 5".
std::string RunCount(std::span<const Values> groups) {
  const auto [low, high] =
      std::minmax_element(groups.begin(), groups.end(),
                          [](const Values& a, const Values& b) { return a.size() < b.size(); });
  return low->size() == high->size() ? std::to_string(low->size())
                                     : fmt::format("{} to {}", low->size(), high->size());
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

// The figures of an accuracy statistic; `datasets` are those that its runs give.
std::string DescribeAccuracies(const Condition& condition, const Groups& groups,
                               const Values& datasets, size_t count) {
  const std::string where = DatasetRange(condition.first, condition.last);
  const std::string runs = RunCount(std::span(groups).first(count));
  const auto own = std::span(datasets).first(count), others = std::span(datasets).subspan(count);
  switch (condition.statistic) {
    case S::kMeanDrop:
      return fmt::format("mean over {}: {} %, over {}: {} %", where, FormatNumber(Mean(own)),
                         DatasetRange(condition.other_first, condition.other_last),
                         FormatNumber(Mean(others)));
    case S::kLargestGap:
      return fmt::format("rlstm, median of {} on {}: {} %; rnn: {} %", runs, where, Join(own),
                         Join(others));
    default:
      return fmt::format("{} of {} on {}: {} %",
                         condition.statistic == S::kLowestMedian ? "median" : "best", runs, where,
                         Join(own));
  }
}

StatisticInput AccuracyInput(const Condition& condition, const PaperRuns& runs) {
  StatisticInput input;
  const bool both = condition.statistic == S::kLargestGap;
  AddCells(runs, condition, both ? "rlstm" : condition.model, condition.first, condition.last,
           input);
  const size_t count = input.groups.size();
  if (both) AddCells(runs, condition, "rnn", condition.first, condition.last, input);
  if (condition.statistic == S::kMeanDrop) {
    AddCells(runs, condition, condition.model, condition.other_first, condition.other_last, input);
  }
  if (!input.missing.empty()) return input;
  const AccuracyStatistic& row = kAccuracyStatistics[static_cast<size_t>(condition.statistic)];
  input.text = DescribeAccuracies(condition, input.groups, Each(input.groups, row.of_runs), count) +
               FailedText(input.failed, "as 0 %");
  input.statistic = [&row, count](const Groups& groups) {
    return row.of_datasets(Each(groups, row.of_runs), count);
  };
  return input;
}

// One value a run, where it gives one; a run that failed or diverged has `failed`.
Values RatioFigures(const Condition& condition, const std::vector<StoredRun>& cell, double failed) {
  Values values;
  for (const StoredRun& run : cell) {
    const double value = run.failed() ? failed : RatioFigure(condition, run);
    if (!std::isnan(value)) values.push_back(value);
  }
  return values;
}

// "median of 5 runs 0.2 (0.1, 0.2, 0.2, 0.3, 0.9), undefined in 1"
std::string DescribeRatios(const Values& values, size_t undefined) {
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
    Values values = RatioFigures(condition, cell, worst);
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
