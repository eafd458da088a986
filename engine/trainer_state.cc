#include "engine/trainer_state.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/checkpoint.h"
#include "engine/error.h"
#include "engine/json_text.h"
#include "engine/run_spec_json.h"

namespace grove {
namespace {

// The number rises with every change of what stands where in the flat arrays: a state of another
// order must not be taken for one of ours.
constexpr char kFormat[] = "grove-state-2";

NamedTensor Flat(std::string name, const simd::AlignedArray<float>& array) {
  return {std::move(name),
          {static_cast<int64_t>(array.size())},
          std::vector<float>(array.begin(), array.end())};
}

// The arrays of a state file with their places, in one list for writing and reading.
template <class P, class S, class Visit>
void ForEachArray(P& parameters, S& state, const Visit& visit) {
  visit("weights", parameters.weights);
  visit("weights_sum", parameters.weights_sum);
  visit("words", parameters.words);
  visit("words_sum", parameters.words_sum);
  if (state.result.best_epoch > 0) {
    visit("best.weights", state.best_weights);
    visit("best.weights_sum", state.best_weights_sum);
    visit("best.words", state.best_words);
    visit("best.words_sum", state.best_words_sum);
  }
}

// JSON has no NaN: null.
template <typename T>
void FromJson(const nlohmann::json& json, T& field) {
  field = json;
}
void FromJson(const nlohmann::json& json, double& field) {
  field = json.is_null() ? std::numeric_limits<double>::quiet_NaN() : json.get<double>();
}

// A group is the array of its fields.
nlohmann::json Describe(const Observations& observations) {
  nlohmann::json ratios = nlohmann::json::array(), gates = nlohmann::json::array();
  for (const NodeRatioGroup& group : observations.node_ratios) {
    nlohmann::json& row = ratios.emplace_back();
    ForEachRatioField(group, [&](const char*, const auto& field) { row.push_back(field); });
  }
  for (const GateGroup& group : observations.gates) {
    nlohmann::json& row = gates.emplace_back();
    ForEachGateField(group, [&](const char*, const auto& field) { row.push_back(field); });
  }
  return {{"node_ratios", std::move(ratios)}, {"gates", std::move(gates)}};
}

Observations UndescribeObservations(const nlohmann::json& json) {
  Observations observations;
  for (const auto& row : json.at("node_ratios")) {
    size_t at = 0;
    ForEachRatioField(observations.node_ratios.emplace_back(),
                      [&](const char*, auto& field) { FromJson(row.at(at++), field); });
  }
  for (const auto& row : json.at("gates")) {
    size_t at = 0;
    ForEachGateField(observations.gates.emplace_back(),
                     [&](const char*, auto& field) { FromJson(row.at(at++), field); });
  }
  return observations;
}

nlohmann::json Describe(const TrainerState& state) {
  nlohmann::json history = nlohmann::json::array();
  for (const EpochRecord& e : state.result.history) {
    history.push_back({e.epoch, e.loss, e.train_accuracy, e.dev_loss, e.dev_accuracy});
  }
  nlohmann::json json = {{"epoch", state.epoch},
                         {"next_tree", state.next_tree},
                         {"loss_sum", state.loss_sum},
                         {"roots", state.roots},
                         {"correct_roots", state.correct_roots},
                         {"best_epoch", state.result.best_epoch},
                         {"dev_accuracy", state.result.dev_accuracy},
                         {"train_accuracy", state.result.train_accuracy},
                         {"history", std::move(history)}};
  const Observations& observations = state.result.observations;
  if (!observations.node_ratios.empty() || !observations.gates.empty()) {
    json["observations"] = Describe(observations);
  }
  return json;
}

TrainerState Undescribe(const nlohmann::json& json) {
  TrainerState state;
  state.epoch = json.at("epoch");
  state.next_tree = json.at("next_tree");
  state.loss_sum = json.at("loss_sum");
  state.roots = json.at("roots");
  state.correct_roots = json.at("correct_roots");
  state.result.best_epoch = json.at("best_epoch");
  state.result.dev_accuracy = json.at("dev_accuracy");
  state.result.train_accuracy = json.at("train_accuracy");
  for (const auto& e : json.at("history")) {
    state.result.history.push_back({e.at(0), e.at(1), e.at(2), e.at(3), e.at(4)});
  }
  if (json.contains("observations")) {
    state.result.observations = UndescribeObservations(json["observations"]);
  }
  return state;
}

}  // namespace

void WriteTrainerState(const std::string& path, const RunSpec& spec, const Parameters& parameters,
                       const TrainerState& state) {
  TensorFile file;
  ForEachArray(parameters, state, [&](const char* name, const simd::AlignedArray<float>& array) {
    file.tensors.push_back(Flat(name, array));
  });
  NamedTensor ratios{"ratios", {static_cast<int64_t>(state.result.ratios.size()), 3}, {}};
  for (const GradientRatio& r : state.result.ratios) {
    ratios.values.insert(ratios.values.end(),
                         {static_cast<float>(r.epoch), static_cast<float>(r.depth), r.ratio});
  }
  file.tensors.push_back(std::move(ratios));
  file.metadata = {
      {"format", kFormat}, {"spec", CanonicalJson(spec)}, {"state", Describe(state).dump()}};
  WriteTensorFile(path, file);
}

void ReadTrainerState(const std::string& path, const RunSpec& spec, Parameters& parameters,
                      TrainerState& state) {
  const TensorFile file = ReadTensorFile(path);
  const auto metadata = [&](const char* key) -> const std::string& {
    const auto found = file.metadata.find(key);
    if (found == file.metadata.end()) {
      throw Error(path + ": not the state of a run: no metadata '" + key + "'");
    }
    return found->second;
  };
  if (metadata("format") != kFormat) {
    throw Error(path + ": not the state of a run: format '" + metadata("format") + "'");
  }
  if (metadata("spec") != CanonicalJson(spec)) throw Error(path + ": belongs to another run spec");
  TrainerState loaded;
  try {
    loaded = Undescribe(ParseJson(metadata("state"), path + ": state"));
  } catch (const nlohmann::json::exception& e) {
    throw Error(path + ": damaged state: " + e.what());
  }
  loaded.best_weights.Resize(parameters.weights.size());
  loaded.best_weights_sum.Resize(parameters.weights.size());
  loaded.best_words.Resize(parameters.words.size());
  loaded.best_words_sum.Resize(parameters.words.size());
  Parameters arrays = parameters;
  ForEachArray(arrays, loaded, [&](const char* name, simd::AlignedArray<float>& array) {
    const NamedTensor* tensor = file.Find(name);
    if (tensor == nullptr || tensor->values.size() != array.size()) {
      throw Error(path + ": tensor '" + name + "' is missing or has another size");
    }
    std::copy(tensor->values.begin(), tensor->values.end(), array.begin());
  });
  const NamedTensor* ratios = file.Find("ratios");
  if (ratios == nullptr || ratios->values.size() % 3 != 0) {
    throw Error(path + ": tensor 'ratios' is missing or has another size");
  }
  for (size_t i = 0; i < ratios->values.size(); i += 3) {
    loaded.result.ratios.push_back({static_cast<int32_t>(ratios->values[i]),
                                    static_cast<int32_t>(ratios->values[i + 1]),
                                    ratios->values[i + 2]});
  }
  parameters = std::move(arrays);
  state = std::move(loaded);
}

}  // namespace grove
