#include "experiments/stats/mean_curves.h"

#include <algorithm>

#include "experiments/stats/numbers.h"

namespace grove {
namespace {

using Runs = std::vector<const RunRecord*>;

Runs DoneRuns(const CellSide& side) {
  Runs done;
  for (const RunRecord* run : side.runs) {
    if (IsDone(*run) && !run->history.empty()) done.push_back(run);
  }
  return done;
}

// What belongs to one curve: the runs of its cells.
struct Curve {
  size_t folder = 0;
  std::string model;
  std::vector<Runs> cells;
};

Curve& CurveOf(size_t folder, const std::string& model, std::vector<Curve>& curves) {
  const auto found = std::find_if(curves.begin(), curves.end(), [&](const Curve& curve) {
    return curve.folder == folder && curve.model == model;
  });
  if (found != curves.end()) return *found;
  return curves.emplace_back(Curve{folder, model, {}});
}

std::vector<Curve> Collect(const Comparison& comparison, bool shared_cells) {
  std::vector<Curve> curves;
  for (const ComparedCell& cell : comparison.cells) {
    std::vector<Runs> sides;
    for (const CellSide& side : cell.sides) sides.push_back(DoneRuns(side));
    const bool is_shared =
        std::none_of(sides.begin(), sides.end(), [](const Runs& runs) { return runs.empty(); });
    if (shared_cells && !is_shared) continue;
    for (size_t folder = 0; folder < sides.size(); ++folder) {
      if (sides[folder].empty()) continue;
      CurveOf(folder, sides[folder][0]->model, curves).cells.push_back(sides[folder]);
    }
  }
  return curves;
}

// The mean over cells of the mean over runs; of a run that has stopped, its last epoch. NaN if some
// run has no number there.
template <typename Field>
double MeanAt(const Curve& curve, size_t epoch, Field field) {
  std::vector<double> cells;
  for (const Runs& runs : curve.cells) {
    std::vector<double> values;
    for (const RunRecord* run : runs) {
      values.push_back(run->history[std::min(epoch, run->history.size() - 1)].*field);
    }
    cells.push_back(Mean(values));
  }
  return Mean(cells);
}

MeanCurve MeanOf(const Curve& curve, bool shared) {
  MeanCurve mean{.folder = curve.folder,
                 .model = curve.model,
                 .cells = static_cast<int>(curve.cells.size()),
                 .shared = shared,
                 .dev_accuracy = {},
                 .loss = {}};
  size_t epochs = 0;
  for (const Runs& runs : curve.cells) {
    mean.runs += static_cast<int>(runs.size());
    for (const RunRecord* run : runs) epochs = std::max(epochs, run->history.size());
  }
  for (size_t epoch = 0; epoch < epochs; ++epoch) {
    mean.dev_accuracy.push_back(RoundDecimals(MeanAt(curve, epoch, &EpochRecord::dev_accuracy)));
    mean.loss.push_back(MeanAt(curve, epoch, &EpochRecord::loss));
  }
  return mean;
}

}  // namespace

std::vector<MeanCurve> MeanCurves(const Comparison& comparison) {
  std::vector<Curve> curves = Collect(comparison, true);
  const bool shared = !curves.empty();
  if (!shared) curves = Collect(comparison, false);
  std::vector<std::string> models;  // in the order of the cells
  for (const Curve& curve : curves) {
    if (std::find(models.begin(), models.end(), curve.model) == models.end()) {
      models.push_back(curve.model);
    }
  }
  std::vector<MeanCurve> means;
  for (const std::string& model : models) {
    for (size_t folder = 0; folder < comparison.folders.size(); ++folder) {
      for (const Curve& curve : curves) {
        if (curve.model == model && curve.folder == folder) means.push_back(MeanOf(curve, shared));
      }
    }
  }
  return means;
}

}  // namespace grove
