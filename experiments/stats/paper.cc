#include "experiments/stats/paper.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "engine/run_spec_fields.h"
#include "experiments/stats/run_settings.h"

namespace grove {
namespace {

constexpr int kAnyDepth = -1;
constexpr int kLengthsADataset = 10;
constexpr int kShortest = 21, kLongest = 30;  // sentences of experiment 2

// What Differences does not count.
const std::vector<std::string> kFreeKeys = {"model",
                                            "seed",
                                            "probe",
                                            "observe",
                                            "gemm",
                                            "min_length",
                                            "max_length",
                                            "min_keyword_depth",
                                            "max_keyword_depth"};

// In the order of the tables.
using OrderedSettings = std::vector<std::pair<std::string, std::string>>;

// Every setting that counts.
OrderedSettings AllSettings(const RunSpec& run, const DatasetSpec& data) {
  OrderedSettings all;
  for (const NamedSetting& setting : SettingsOf(run, data)) {
    if (std::find(kFreeKeys.begin(), kFreeKeys.end(), setting.name) != kFreeKeys.end()) continue;
    all.emplace_back(setting.name, setting.text);
  }
  return all;
}

const OrderedSettings& Defaults(const std::string& model) {
  static const std::map<std::string, OrderedSettings> kDefaults = [] {
    std::map<std::string, OrderedSettings> all;
    for (const std::string& name : ModelChoices()) {
      RunSpec run;
      run.model = name;
      all[name] = AllSettings(run, DatasetSpec());
    }
    return all;
  }();
  return kDefaults.at(model);
}

// Joins what `text` makes of each setting, in the order of the tables.
template <typename Text>
std::string JoinInOrder(const Settings& settings, Text text) {
  std::string joined;
  for (const auto& [key, unused] : Defaults(kPaperModels[0])) {
    const auto found = settings.find(key);
    if (found != settings.end()) joined += (joined.empty() ? "" : ", ") + text(*found);
  }
  return joined;
}

}  // namespace

std::vector<PaperDataset> PaperDatasets(const RunSpec& run, const DatasetSpec& data) {
  std::vector<PaperDataset> datasets;
  const int low = data.min_length, high = data.max_length, depth = data.min_keyword_depth;
  if (depth == 0 && data.max_keyword_depth == kAnyDepth) {
    const int i = high / kLengthsADataset;
    if (i >= 1 && i <= kPaperDatasets && high == kLengthsADataset * i &&
        low == high - kLengthsADataset + 1) {
      datasets.push_back({1, i});
      if (run.probe && i == kRatioDataset) datasets.push_back({3, i});
    }
  } else if (low == kShortest && high == kLongest && depth >= 1 && depth <= kPaperDatasets &&
             data.max_keyword_depth == depth + 1) {
    datasets.push_back({2, depth});
  }
  return datasets;
}

std::vector<PaperDataset> AccuracyDatasets() {
  std::vector<PaperDataset> datasets;
  for (const int experiment : {1, 2}) {
    for (int dataset = 1; dataset <= kPaperDatasets; ++dataset) {
      datasets.push_back({experiment, dataset});
    }
  }
  return datasets;
}

std::string ExperimentName(int experiment) { return fmt::format("exp{}", experiment); }

std::string WordsText(PaperDataset dataset) {
  if (dataset.experiment == 2) return fmt::format("{}-{}", kShortest, kLongest);
  const int high = kLengthsADataset * dataset.dataset;
  return fmt::format("{}-{}", high - kLengthsADataset + 1, high);
}

std::string DepthsText(PaperDataset dataset) {
  return dataset.experiment == 2 ? fmt::format("{}-{}", dataset.dataset, dataset.dataset + 1) : "";
}

Settings Differences(const RunSpec& run, const DatasetSpec& data) {
  const OrderedSettings all = AllSettings(run, data);
  return Normalised(run.model, Settings(all.begin(), all.end()));
}

std::string DefaultSetting(const std::string& model, const std::string& key) {
  for (const auto& [name, value] : Defaults(model)) {
    if (name == key) return value;
  }
  return "";
}

Settings Normalised(const std::string& model, Settings settings) {
  for (const auto& [key, value] : Defaults(model)) {
    const auto found = settings.find(key);
    if (found != settings.end() && found->second == value) settings.erase(found);
  }
  return settings;
}

std::string ToText(const Settings& settings) {
  return JoinInOrder(settings, [](const auto& s) { return s.first + " = " + s.second; });
}

std::string NamesOf(const Settings& settings) {
  return JoinInOrder(settings, [](const auto& s) { return s.first; });
}

}  // namespace grove
