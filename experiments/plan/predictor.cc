#include "experiments/plan/predictor.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

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
  if (basis == Basis::kMeasured) return "its measured time";
  if (basis == Basis::kCostModel) return "the cost model alone";
  const std::string runs =
      most == fewest ? std::to_string(most) : fmt::format("{} to {}", fewest, most);
  return fmt::format("{} finished run{} of {}", runs, most == 1 ? "" : "s",
                     basis == Basis::kCell    ? "the same dataset and model"
                     : basis == Basis::kModel ? "the same model"
                                              : "other models");
}

std::string CellOf(const RunSpec& run, const DatasetSpec& data) {
  return run.model + " " + CanonicalJson(data);
}

Predictor::Predictor(const std::vector<MeasuredRun>& measured) {
  // Of seconds / what the cost model says, by model and by cell.
  std::map<std::string, std::map<std::string, std::vector<double>>> logs;
  for (const auto& [run, data, epochs, seconds] : measured) {
    // A run without epochs or time says nothing of either.
    if (epochs < 1 || !(seconds > 0)) continue;
    const std::string cell = CellOf(run, data);
    for (const std::string& name : {cell, run.model, std::string()}) {
      groups_[name].speed.push_back(seconds / PredictSeconds(run, data, epochs));
      groups_[name].epochs.push_back(epochs / ExpectedEpochs(run, data));
    }
    logs[run.model][cell].push_back(std::log(seconds / PredictSeconds(run, data)));
  }
  std::vector<std::vector<double>> cells, medians;  // of each cell; of the cells of each model
  for (const auto& [model, by_cell] : logs) {
    medians.emplace_back();
    for (const auto& [cell, values] : by_cell) {
      cells.push_back(values);
      medians.back().push_back(Median(values));
    }
  }
  run_spread_ = OrElse(PooledDeviation(cells), kRunSpread);
  cell_spread_ = OrElse(PooledDeviation(medians), kCellSpread);
}

Prediction Predictor::Predict(const RunSpec& run, const DatasetSpec& data) const {
  for (const auto& [basis, name] : {std::pair{Basis::kCell, CellOf(run, data)},
                                    {Basis::kModel, run.model},
                                    {Basis::kJournal, ""}}) {
    const auto found = groups_.find(name);
    if (found == groups_.end()) continue;
    const Group& group = found->second;
    const size_t runs = group.speed.size();
    const double epochs =
        std::min(Mean(group.epochs) * ExpectedEpochs(run, data), static_cast<double>(run.epochs));
    const double cell_spread = basis == Basis::kCell    ? DeviationOfMedian(run_spread_, runs)
                               : basis == Basis::kModel ? cell_spread_
                                                        : std::max(cell_spread_, kCellSpread);
    return {Median(group.speed) * PredictSeconds(run, data, epochs),
            epochs,
            basis,
            runs,
            {0, cell_spread, run_spread_}};
  }
  return {PredictSeconds(run, data),
          ExpectedEpochs(run, data),
          Basis::kCostModel,
          0,
          {kMachineSpread, kCellSpread, kRunSpread}};
}

}  // namespace grove
