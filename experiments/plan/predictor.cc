#include "experiments/plan/predictor.h"

#include <algorithm>
#include <cmath>

#include "engine/run_spec_json.h"
#include "engine/training/ratio_statistics.h"
#include "experiments/plan/cost_model.h"

namespace grove {
namespace {

// Of the logarithms about the median of each group, with a degree of freedom less for each group;
// NaN with fewer than two degrees.
double PooledDeviation(const std::vector<std::vector<double>>& groups) {
  double squares = 0;
  size_t degrees = 0;
  for (const std::vector<double>& values : groups) {
    if (values.empty()) continue;
    const double median = Median(values);
    for (const double value : values) squares += (value - median) * (value - median);
    degrees += values.size() - 1;
  }
  return degrees < 2 ? std::nan("") : std::sqrt(squares / static_cast<double>(degrees));
}

double OrElse(double value, double otherwise) { return std::isnan(value) ? otherwise : value; }

// Of a median of so many values with that deviation: sqrt(pi / 2) times that of their mean.
double DeviationOfMedian(double deviation, size_t values) {
  return 1.2533 * deviation / std::sqrt(static_cast<double>(values));
}

}  // namespace

std::string Describe(Basis basis, size_t fewest, size_t most) {
  std::string finished = std::to_string(fewest);
  if (most != fewest) finished += " to " + std::to_string(most);
  finished += most == 1 ? " finished run" : " finished runs";
  switch (basis) {
    case Basis::kMeasured:
      return "its measured time";
    case Basis::kCell:
      return finished + " of the same dataset and model";
    case Basis::kModel:
      return finished + " of the same model";
    case Basis::kJournal:
      return finished + " of other models";
    case Basis::kCostModel:
      break;
  }
  return "the cost model alone";
}

std::string CellOf(const RunSpec& run, const DatasetSpec& data) {
  return run.model + " " + CanonicalJson(data);
}

Predictor::Predictor(const std::vector<MeasuredRun>& measured) {
  for (const MeasuredRun& one : measured) {
    // A run without epochs or time says nothing of either.
    if (one.epochs < 1 || !(one.seconds > 0)) continue;
    for (Group* group : {&cells_[CellOf(one.run, one.data)], &models_[one.run.model], &all_}) {
      Add(one, *group);
    }
  }
  run_spread_ = RunSpread();
  cell_spread_ = CellSpread();
}

void Predictor::Add(const MeasuredRun& measured, Group& group) {
  const double expected = ExpectedEpochs(measured.run, measured.data);
  group.speed.push_back(measured.seconds /
                        PredictSeconds(measured.run, measured.data, measured.epochs));
  group.epochs.push_back(measured.epochs / expected);
  group.logs.push_back(std::log(measured.seconds / PredictSeconds(measured.run, measured.data)));
}

double Predictor::RunSpread() const {
  std::vector<std::vector<double>> logs;
  for (const auto& [cell, group] : cells_) logs.push_back(group.logs);
  return OrElse(PooledDeviation(logs), kRunSpread);
}

// How the cells of a model lie about it.
double Predictor::CellSpread() const {
  std::map<std::string, std::vector<double>> medians;  // of cells, by model
  for (const auto& [cell, group] : cells_) {
    medians[cell.substr(0, cell.find(' '))].push_back(Median(group.logs));
  }
  std::vector<std::vector<double>> groups;
  for (const auto& [model, values] : medians) groups.push_back(values);
  return OrElse(PooledDeviation(groups), kCellSpread);
}

Prediction Predictor::FromGroup(const Group& group, const RunSpec& run,
                                const DatasetSpec& data) const {
  Prediction prediction;
  prediction.runs = group.speed.size();
  prediction.epochs =
      std::min(Mean(group.epochs) * ExpectedEpochs(run, data), static_cast<double>(run.epochs));
  prediction.seconds = Median(group.speed) * PredictSeconds(run, data, prediction.epochs);
  return prediction;
}

Prediction Predictor::Predict(const RunSpec& run, const DatasetSpec& data) const {
  Prediction prediction;
  const auto cell = cells_.find(CellOf(run, data));
  const auto model = models_.find(run.model);
  if (cell != cells_.end()) {
    prediction = FromGroup(cell->second, run, data);
    prediction.basis = Basis::kCell;
    prediction.spread = {0, DeviationOfMedian(run_spread_, prediction.runs), run_spread_};
  } else if (model != models_.end()) {
    prediction = FromGroup(model->second, run, data);
    prediction.basis = Basis::kModel;
    prediction.spread = {0, cell_spread_, run_spread_};
  } else if (!all_.speed.empty()) {
    prediction = FromGroup(all_, run, data);
    prediction.basis = Basis::kJournal;
    prediction.spread = {0, std::max(cell_spread_, kCellSpread), run_spread_};
  } else {
    prediction.epochs = ExpectedEpochs(run, data);
    prediction.seconds = PredictSeconds(run, data);
    prediction.spread = {kMachineSpread, kCellSpread, kRunSpread};
  }
  return prediction;
}

}  // namespace grove
