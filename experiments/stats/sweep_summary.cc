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

Json ValueOn(const SweepPoint& point, const std::string& axis) {
  if (axis == "experiment") return point.experiment;
  if (axis == "dataset") return point.dataset;
  const auto found = point.axes.find(axis);
  return found == point.axes.end() ? Json(nullptr) : *found;
}

}  // namespace

std::vector<RunRecord> SweepRuns(const std::vector<StoredRun>& runs) {
  std::vector<RunRecord> found;
  for (const StoredRun& run : runs) {
    const bool other = !run.record->axes.empty() || !run.settings.empty() || run.datasets.empty();
    if (other) found.push_back(*run.record);
  }
  return found;
}

void SweepAccumulator::Add(const SweepPoint& point, bool done, double test_accuracy,
                           double dev_accuracy) {
  const Json place = {point.experiment, point.dataset, point.model, point.axes};
  const auto [found, is_new] = cells_.try_emplace(place.dump());
  Cell& cell = found->second;
  if (is_new) cell.point = point;
  if (!done) {
    ++cell.failed;
    return;
  }
  cell.test.push_back(test_accuracy);
  cell.dev.push_back(dev_accuracy);
  has_test_ = has_test_ && std::isfinite(test_accuracy);
}

std::vector<std::string> SweepAccumulator::Axes() const {
  std::vector<std::string> axes;
  for (const std::string name : {"experiment", "dataset"}) {
    const auto differs = [&](const auto& cell) {
      return ValueOn(cell.second.point, name) != ValueOn(cells_.begin()->second.point, name);
    };
    if (std::any_of(cells_.begin(), cells_.end(), differs)) axes.push_back(name);
  }
  std::set<std::string> names;
  for (const auto& [place, cell] : cells_) {
    for (const auto& [name, value] : cell.point.axes.items()) names.insert(name);
  }
  axes.insert(axes.end(), names.begin(), names.end());
  return axes;
}

SweepSummary SweepAccumulator::Finish() const {
  SweepSummary summary;
  summary.axes = Axes();
  summary.metric = has_test_ ? "test accuracy" : "dev accuracy";
  // By axes, then by model: rnn before rlstm before any other.
  std::map<std::pair<std::vector<Json>, std::pair<int, std::string>>, const Cell*> ordered;
  for (const auto& [text, cell] : cells_) {
    std::vector<Json> place;
    for (const std::string& axis : summary.axes) place.push_back(ValueOn(cell.point, axis));
    const std::string& model = cell.point.model;
    const int rank = model == "rnn" ? 0 : model == "rlstm" ? 1 : 2;
    ordered[{place, {rank, model}}] = &cell;
  }
  for (const auto& [place, cell] : ordered) {
    SweepRow& row = summary.rows.emplace_back();
    for (const Json& value : place.first)
      row.values.push_back(value.is_null() ? "" : PlainText(value));
    row.model = place.second.second;
    std::vector<double> accuracies(static_cast<size_t>(cell->failed), 0);
    for (const double share : has_test_ ? cell->test : cell->dev) {
      accuracies.push_back(Percent(share));
    }
    row.spread = SpreadOf(accuracies, cell->failed);
  }
  return summary;
}

SweepSummary SummariseSweep(const std::vector<RunRecord>& runs) {
  SweepAccumulator accumulator;
  for (const RunRecord& run : runs) {
    accumulator.Add({run.experiment, run.dataset, run.model, run.axes}, IsDone(run),
                    run.test_accuracy, run.dev_accuracy);
  }
  return accumulator.Finish();
}

}  // namespace grove
