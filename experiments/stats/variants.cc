#include "experiments/stats/variants.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "experiments/stats/claim_statistics.h"

namespace grove {
namespace {

// What a label says of each model: {"batch": {"rnn": "10", "rlstm": "2"}}. Settings that it gives
// without a model are left out.
using ByModel = std::map<std::string, std::map<std::string, std::string>>;

ByModel ParseLabel(const std::string& label) {
  ByModel settings;
  std::string key;
  for (size_t begin = 0; begin < label.size();) {
    const size_t end = std::min(label.find(", ", begin), label.size());
    std::string value = label.substr(begin, end - begin);
    begin = end + 2;
    if (const size_t equals = value.find(" = "); equals != std::string::npos) {
      key = value.substr(0, equals);
      value.erase(0, equals + 3);
    }
    const size_t open = value.find(" (");
    if (open == std::string::npos || value.back() != ')') continue;
    const std::string model = value.substr(open + 2, value.size() - open - 3);
    settings[key][model] = value.substr(0, open);
  }
  return settings;
}

std::string ValueOf(const Settings& settings, const std::string& model, const std::string& key) {
  const auto found = settings.find(key);
  return found == settings.end() ? DefaultSetting(model, key) : found->second;
}

// Names what the settings of the models are: "key = value" where they agree.
Variant MakeVariant(const std::map<std::string, Settings>& by_model) {
  Settings told;
  for (const auto& [model, settings] : by_model) told.insert(settings.begin(), settings.end());
  for (auto& [key, text] : told) {
    std::set<std::string> values;
    std::string apart;
    for (const std::string model : kPaperModels) {
      const Settings& settings = by_model.at(model);
      values.insert(ValueOf(settings, model, key));
      if (!settings.contains(key)) continue;
      apart += fmt::format("{}{} ({})", apart.empty() ? "" : ", ", settings.at(key), model);
    }
    text = values.size() == 1 ? *values.begin() : apart;
  }
  Variant variant;
  if (!told.empty()) variant.label = ToText(told);
  variant.factor = NamesOf(told);
  for (const auto& [model, settings] : by_model) variant.settings[model] = ToText(settings);
  return variant;
}

Variant VariantOf(const RunRecord& run) {
  const Settings own = Differences(run.run, run.data);
  const ByModel label = ParseLabel(run.variant);
  const std::string& model = run.run.model;
  // A label is believed where it tells the run's own settings.
  const bool agrees = std::all_of(label.begin(), label.end(), [&](const auto& setting) {
    const auto& [key, values] = setting;
    const auto mine = values.find(model);
    const std::string value = ValueOf(own, model, key);
    return value == (mine == values.end() ? DefaultSetting(model, key) : mine->second);
  });
  std::map<std::string, Settings> by_model;
  for (const std::string name : kPaperModels) {
    Settings& settings = by_model[name];
    settings = own;
    if (agrees) {
      std::erase_if(settings, [&](const auto& s) { return label.contains(s.first); });
      for (const auto& [key, values] : label) {
        const auto value = values.find(name);
        if (value != values.end()) settings[key] = value->second;
      }
    }
    settings = Normalised(name, std::move(settings));
  }
  return MakeVariant(by_model);
}

bool RanksBefore(const JudgedVariant& a, const JudgedVariant& b) {
  const int a_judged = a.judgements.judged(), b_judged = b.judgements.judged();
  if (a_judged == 0 || b_judged == 0) return a_judged > b_judged;
  // Shares compared without division: equal ones are equal.
  const int left = a.judgements.held() * b_judged, right = b.judgements.held() * a_judged;
  if (left != right) return left > right;
  if (a_judged != b_judged) return a_judged > b_judged;
  return a.is_default() && !b.is_default();
}

bool IsOfPaper(const StoredRun& run) {
  return !run.datasets.empty() && Variant().settings.contains(run.record->model);
}

}  // namespace

bool IsChoosingSeed(uint64_t seed) { return seed >= 101 && seed <= 105; }
bool IsReportedSeed(uint64_t seed) { return seed >= 1 && seed <= 5; }
bool IsConfirmingSeed(uint64_t seed) { return seed >= 6 && seed <= 25; }
bool IsStudySeed(uint64_t seed) { return !IsChoosingSeed(seed); }

std::vector<Variant> FindVariants(const std::vector<StoredRun>& all) {
  std::map<std::string, Variant> by_label;
  for (const StoredRun& run : all) {
    if (!IsOfPaper(run) || (run.settings.empty() && run.record->variant.empty())) continue;
    Variant variant = VariantOf(*run.record);
    by_label.emplace(variant.label, variant);
  }
  by_label.erase(Variant().label);
  std::vector<Variant> variants = {Variant()};
  for (auto& [label, variant] : by_label) variants.push_back(std::move(variant));
  return variants;
}

std::vector<CellName> DecidingCells() {
  std::set<CellName> cells;
  for (const ClaimSpec& claim : ClaimTable()) {
    if (!claim.decides_variants) continue;
    for (const Condition& whole : claim.conditions) {
      for (const CellName& cell : InputOf(Deciding(whole), PaperRuns()).cells) cells.insert(cell);
    }
  }
  std::vector<CellName> all;
  for (const CellName& cell : cells) {
    const bool repeated = cell.experiment == 1 && cells.contains({3, cell.dataset, cell.model});
    if (!repeated) all.push_back(cell);
  }
  return all;
}

std::vector<JudgedVariant> JudgeVariants(const std::vector<StoredRun>& all) {
  const std::vector<CellName> cells = DecidingCells();
  const int needed = static_cast<int>(cells.size() * kStudyRuns);
  // Empty unless all runs are there; counts those that are.
  const auto judge = [&](const Variant& variant, const SeedFilter& seeds, int& found) {
    const PaperRuns runs(all, variant, seeds);
    for (const auto& [experiment, dataset, model] : cells) {
      found += static_cast<int>(runs.Cell(experiment, dataset, model).size());
    }
    return found == needed ? Judge(runs, Cells::kDeciding) : Judgements();
  };
  std::vector<JudgedVariant> judged;
  for (const Variant& variant : FindVariants(all)) {
    int runs = 0, again = 0;
    Judgements chosen = judge(variant, IsChoosingSeed, runs);
    judged.push_back(
        {variant, std::move(chosen), runs, needed, judge(variant, IsReportedSeed, again)});
  }
  std::stable_sort(judged.begin(), judged.end(), RanksBefore);
  return judged;
}

}  // namespace grove
