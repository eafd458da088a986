#include "experiments/stats/observed.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "experiments/stats/statistics.h"

namespace grove {
namespace {

// The means over all depths of a run's gates, by epoch, gate and place.
std::map<std::tuple<int, std::string, std::string>, double> GateMeans(const Observations& run) {
  std::map<std::tuple<int, std::string, std::string>, std::pair<double, double>> sums;
  for (const GateGroup& group : run.gates) {
    auto& [sum, n] = sums[{group.epoch, group.gate, group.place}];
    sum += group.mean * static_cast<double>(group.n);
    n += static_cast<double>(group.n);
  }
  std::map<std::tuple<int, std::string, std::string>, double> means;
  for (const auto& [key, value] : sums) means[key] = value.first / value.second;
  return means;
}

// One run a model and seed: twins observe the same.
std::vector<const StoredRun*> ObservedRuns(const std::vector<StoredRun>& all) {
  std::map<std::pair<std::string, uint64_t>, const StoredRun*> chosen;
  const PaperDataset place{1, kRatioDataset};
  for (const StoredRun& run : all) {
    if (run.observations == nullptr || !run.settings.empty()) continue;
    if (std::find(run.datasets.begin(), run.datasets.end(), place) == run.datasets.end()) continue;
    chosen.emplace(std::pair(run.record->model, run.record->seed), &run);
  }
  std::vector<const StoredRun*> runs;
  for (const auto& [name, run] : chosen) runs.push_back(run);
  return runs;
}

}  // namespace

Observed SummariseObserved(const std::vector<StoredRun>& all) {
  std::map<std::tuple<std::string, int, std::string, int>, std::vector<double>> ratios;
  std::map<std::tuple<int, std::string, std::string>, std::vector<double>> gates;
  for (const StoredRun* run : ObservedRuns(all)) {
    for (const NodeRatioGroup& g : run->observations->node_ratios) {
      ratios[{run->record->model, g.epoch, g.kind, g.depth}].push_back(g.median);
    }
    for (const auto& [key, mean] : GateMeans(*run->observations)) gates[key].push_back(mean);
  }
  Observed observed;
  for (const auto& [key, values] : ratios) {
    const auto& [model, epoch, kind, depth] = key;
    observed.node_ratios.push_back(
        {model, epoch, kind, depth, static_cast<int>(values.size()), Median(values)});
  }
  for (const auto& [key, values] : gates) {
    const auto& [epoch, gate, place] = key;
    observed.gates.push_back({epoch, gate, place, static_cast<int>(values.size()), Median(values)});
  }
  return observed;
}

}  // namespace grove
