#include "experiments/stats/sweep_summary.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "experiments/stats/numbers.h"

namespace grove {
namespace {

using Json = nlohmann::json;

std::vector<std::string> AxesOf(const std::vector<RunRecord>& runs) {
  std::vector<std::string> axes;
  for (const std::string name : {"experiment", "dataset"}) {
    const auto differs = [&](const RunRecord& run) {
      return run.ValueOn(name) != runs.front().ValueOn(name);
    };
    if (std::any_of(runs.begin(), runs.end(), differs)) axes.push_back(name);
  }
  std::set<std::string> names;
  for (const RunRecord& run : runs) {
    for (const auto& [name, value] : run.axes.items()) names.insert(name);
  }
  axes.insert(axes.end(), names.begin(), names.end());
  return axes;
}

struct Values {
  std::vector<double> accuracies;
  int failed = 0;
};

}  // namespace

std::vector<RunRecord> SweepRuns(const std::vector<StoredRun>& runs) {
  std::vector<RunRecord> found;
  for (const StoredRun& run : runs) {
    const bool other = !run.record->axes.empty() || !run.settings.empty() || run.datasets.empty();
    if (other) found.push_back(*run.record);
  }
  return found;
}

SweepSummary SummariseSweep(const std::vector<RunRecord>& runs) {
  SweepSummary summary;
  summary.axes = AxesOf(runs);
  const bool has_test = std::all_of(runs.begin(), runs.end(), [](const RunRecord& run) {
    return !IsDone(run) || std::isfinite(run.test_accuracy);
  });
  summary.metric = has_test ? "test accuracy" : "dev accuracy";
  // By axes, then by model: rnn before rlstm before any other.
  std::map<std::pair<std::vector<Json>, std::pair<int, std::string>>, Values> cells;
  for (const RunRecord& run : runs) {
    std::vector<Json> place;
    for (const std::string& axis : summary.axes) place.push_back(run.ValueOn(axis));
    const int rank = run.model == "rnn" ? 0 : run.model == "rlstm" ? 1 : 2;
    Values& values = cells[{place, {rank, run.model}}];
    const double share = has_test ? run.test_accuracy : run.dev_accuracy;
    values.accuracies.push_back(IsDone(run) ? Percent(share) : 0);
    values.failed += !IsDone(run);
  }
  for (const auto& [place, values] : cells) {
    SweepRow& row = summary.rows.emplace_back();
    for (const Json& value : place.first)
      row.values.push_back(value.is_null() ? "" : PlainText(value));
    row.model = place.second.second;
    row.spread = SpreadOf(values.accuracies, values.failed);
  }
  return summary;
}

}  // namespace grove
