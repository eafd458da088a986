#include "experiments/stats/paper_runs.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "engine/run_spec_table.h"

namespace grove {
namespace {

bool HasRatios(const StoredRun& run) { return run.ratios != nullptr && !run.ratios->empty(); }

// Of twins the least is taken.
auto Plainness(const StoredRun& run) {
  const RunSpec& spec = run.record->run;
  return std::make_tuple(spec.gemm != RunSpec().gemm, spec.observe, spec.probe, run.record->key);
}

}  // namespace

PaperRuns::PaperRuns(const std::vector<StoredRun>& all, const Variant& variant,
                     const SeedFilter& seeds) {
  for (const std::string& model : ModelChoices()) {
    if (variant.settings.contains(model)) models_.push_back(model);
  }
  std::map<CellName, std::map<uint64_t, const StoredRun*>> chosen;
  for (const StoredRun& run : all) {
    const auto settings = variant.settings.find(run.record->model);
    if (settings == variant.settings.end() || settings->second != run.settings) continue;
    if (!seeds(run.record->seed)) continue;
    for (const PaperDataset& place : run.datasets) {
      if (place.experiment == 3 && !run.failed() && !HasRatios(run)) continue;
      const StoredRun*& best =
          chosen[{place.experiment, place.dataset, run.record->model}][run.record->seed];
      if (best == nullptr || Plainness(run) < Plainness(*best)) best = &run;
    }
  }
  for (const auto& [name, by_seed] : chosen) {
    for (const auto& [seed, run] : by_seed) cells_[name].push_back(*run);
  }
}

const std::vector<StoredRun>& PaperRuns::Cell(int experiment, int dataset,
                                              const std::string& model) const {
  static const std::vector<StoredRun> kNone;
  const auto found = cells_.find({experiment, dataset, model});
  return found == cells_.end() ? kNone : found->second;
}

std::vector<StoredRun> PaperRuns::Probes(const std::string& model) const {
  std::vector<StoredRun> probes = Cell(3, kRatioDataset, model);
  std::erase_if(probes, [](const StoredRun& run) { return run.failed(); });
  return probes;
}

std::vector<double> Accuracies(const std::vector<StoredRun>& runs) {
  std::vector<double> accuracies;
  for (const StoredRun& run : runs) accuracies.push_back(run.accuracy());
  return accuracies;
}

int CountSolved(const std::vector<double>& accuracies) {
  return static_cast<int>(std::count_if(accuracies.begin(), accuracies.end(),
                                        [](double accuracy) { return accuracy >= kSolved; }));
}

int CountFailed(const std::vector<StoredRun>& runs) {
  return static_cast<int>(
      std::count_if(runs.begin(), runs.end(), [](const StoredRun& run) { return run.failed(); }));
}

}  // namespace grove
