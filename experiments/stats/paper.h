// Where a run stands in Le & Zuidema (2016). Its settings alone decide, never a name that it was
// given: whoever runs the same settings has the paper's run.
#pragma once

#include <compare>
#include <map>
#include <string>
#include <vector>

#include "engine/run_spec.h"

namespace grove {

inline constexpr const char* kPaperModels[] = {"rnn", "rlstm"};
inline constexpr int kPaperDatasets = 10;  // of experiments 1 and 2
inline constexpr int kRatioDataset = 3;    // of experiment 1; experiment 3 follows gradients on it

// One dataset of one of the paper's experiments:
//   1  sentences of 10 i - 9 to 10 i words, the keyword at any depth
//   2  sentences of 21 to 30 words, the keyword i or i + 1 edges below the root
//   3  dataset 3 of experiment 1, with the gradient probe
struct PaperDataset {
  int experiment = 0;
  int dataset = 0;  // 1 to 10
  auto operator<=>(const PaperDataset&) const = default;
};

// The datasets that a run of these settings stands on, whatever else its settings are. A run with
// the gradient probe also stands for the same run without it, since the probe changes no result:
// so it may have two. Empty for data that the paper does not have.
std::vector<PaperDataset> PaperDatasets(const RunSpec& run, const DatasetSpec& data);

// Those of experiments 1 and 2, in their order.
std::vector<PaperDataset> AccuracyDatasets();

std::string ExperimentName(int experiment);    // "exp2"
std::string WordsText(PaperDataset dataset);   // "21-30"
std::string DepthsText(PaperDataset dataset);  // "3-4"; "" for any depth

// Settings as texts, by name: {"l2", "1e-05"}. The seed of the trees is called "data.seed".
using Settings = std::map<std::string, std::string>;

// What differs from the defaults of the run's model and of the data. Not counted are what every
// run has of its own (model, seed), what an experiment varies (lengths and depths), and what
// changes no result (probe, observe, gemm). Empty for the paper's own runs.
Settings Differences(const RunSpec& run, const DatasetSpec& data);

// The value of a setting by default, for a model of the paper; "" for no name of a setting.
std::string DefaultSetting(const std::string& model, const std::string& key);

// Drops those that a model has by default.
Settings Normalised(const std::string& model, Settings settings);

// "l2 = 1e-05, l2_words = false", in the order of engine/run_spec_fields.h; "" for none.
std::string ToText(const Settings& settings);
std::string NamesOf(const Settings& settings);  // "l2, l2_words", likewise

}  // namespace grove
