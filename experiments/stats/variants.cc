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

const std::string* Find(const Settings& settings, const std::string& key) {
  for (const auto& [name, value] : settings) {
    if (name == key) return &value;
  }
  return nullptr;
}

std::string ValueOf(const Settings& settings, const std::string& model, const std::string& key) {
  const std::string* value = Find(settings, key);
  return value == nullptr ? DefaultSetting(model, key) : *value;
}

// Names what the settings of the models are: "key = value" where they agree.
Variant MakeVariant(const std::map<std::string, Settings>& by_model) {
  Settings keys;  // of all models, in the order of the table
  for (const auto& [model, settings] : by_model) {
    for (const auto& [key, value] : settings) {
      if (Find(keys, key) == nullptr) keys.emplace_back(key, "");
    }
  }
  Variant variant;
  variant.label.clear();
  for (const auto& [key, unused] : Normalised(kPaperModels[0], keys)) {
    std::set<std::string> values;
    std::string apart;
    for (const std::string model : kPaperModels) {
      const Settings& settings = by_model.at(model);
      values.insert(ValueOf(settings, model, key));
      if (const std::string* value = Find(settings, key)) {
        apart += fmt::format("{}{} ({})", apart.empty() ? "" : ", ", *value, model);
      }
    }
    const char* comma = variant.label.empty() ? "" : ", ";
    variant.label +=
        fmt::format("{}{} = {}", comma, key, values.size() == 1 ? *values.begin() : apart);
    variant.factor += comma + key;
  }
  if (variant.label.empty()) variant.label = Variant().label;
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
        if (value != values.end()) settings.emplace_back(key, value->second);
      }
    }
    settings = Normalised(name, std::move(settings));
  }
  return MakeVariant(by_model);
}

struct DecidingRuns {
  int runs = 0, needed = 0;
  Judgements judgements;  // if all are there
};

DecidingRuns JudgeDeciding(const std::vector<StoredRun>& all, const Variant& variant,
                           const SeedFilter& seeds) {
  const PaperRuns runs(all, variant, seeds);
  DecidingRuns result;
  for (const CellName& cell : DecidingCells()) {
    result.needed += static_cast<int>(kStudyRuns);
    result.runs += static_cast<int>(runs.Cell(cell.experiment, cell.dataset, cell.model).size());
  }
  if (result.runs == result.needed) result.judgements = Judge(runs, Cells::kDeciding);
  return result;
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
  std::vector<JudgedVariant> judged;
  for (const Variant& variant : FindVariants(all)) {
    DecidingRuns chosen = JudgeDeciding(all, variant, IsChoosingSeed);
    DecidingRuns confirmed = JudgeDeciding(all, variant, IsReportedSeed);
    judged.push_back({variant, std::move(chosen.judgements), chosen.runs, chosen.needed,
                      std::move(confirmed.judgements)});
  }
  std::stable_sort(judged.begin(), judged.end(), RanksBefore);
  return judged;
}

std::vector<const JudgedVariant*> Best(const std::vector<JudgedVariant>& ranked) {
  std::vector<const JudgedVariant*> best;
  for (const JudgedVariant& variant : ranked) {
    const Judgements& own = variant.judgements;
    if (own.judged() == 0) break;
    const Judgements& first = ranked.front().judgements;
    if (own.held() * first.judged() < first.held() * own.judged()) break;
    best.push_back(&variant);
  }
  return best;
}

}  // namespace grove
