#include "experiments/stats/cell_choice.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <tuple>

#include "engine/run_spec_table.h"
#include "experiments/stats/numbers.h"
#include "experiments/stats/statistics.h"
#include "experiments/stats/variants.h"

namespace grove {
namespace {

// Dev accuracies by seed, on each of the datasets: twins have equal results.
using GridRuns = std::map<uint64_t, double>[std::size(kGridDatasets)];

bool StandsOn(const StoredRun& run, int dataset) {
  const PaperDataset place{1, dataset};
  return std::find(run.datasets.begin(), run.datasets.end(), place) != run.datasets.end();
}

GridPoint MakePoint(const std::string& settings, const GridRuns& runs) {
  GridPoint point{.settings = settings};
  std::vector<double> all;
  for (size_t i = 0; i < std::size(kGridDatasets); ++i) {
    std::vector<double> accuracies;
    for (const auto& [seed, accuracy] : runs[i]) accuracies.push_back(accuracy);
    point.dev[i] = Mean(accuracies);
    all.insert(all.end(), accuracies.begin(), accuracies.end());
  }
  point.runs = static_cast<int>(all.size());
  point.mean = Mean(all);
  point.solved = CountSolved(all);
  return point;
}

bool IsBetter(const GridPoint& a, const GridPoint& b) {
  return std::tie(b.runs, b.mean, a.settings) < std::tie(a.runs, a.mean, b.settings);
}

}  // namespace

std::vector<CellChoice> ChooseSettings(const std::vector<StoredRun>& all) {
  std::map<std::string, std::map<std::string, GridRuns>> grids;  // by model and settings
  for (const StoredRun& run : all) {
    if (!IsChoosingSeed(run.record->seed)) continue;
    for (size_t i = 0; i < std::size(kGridDatasets); ++i) {
      if (!StandsOn(run, kGridDatasets[i])) continue;
      grids[run.record->model][run.settings][i][run.record->seed] =
          run.failed() ? 0 : Percent(run.record->dev_accuracy);
    }
  }
  std::vector<CellChoice> choices;
  for (const std::string& model : ModelChoices()) {
    CellChoice choice{model, {}};
    for (const auto& [settings, runs] : grids[model]) {
      choice.points.push_back(MakePoint(settings, runs));
    }
    std::sort(choice.points.begin(), choice.points.end(), IsBetter);
    if (!choice.points.empty()) choices.push_back(std::move(choice));
  }
  return choices;
}

Variant ChosenVariant(const std::vector<CellChoice>& choices) {
  Variant variant{"the best of each cell's grid", "", {}};
  for (const CellChoice& choice : choices) variant.settings[choice.model] = choice.best().settings;
  return variant;
}

}  // namespace grove
