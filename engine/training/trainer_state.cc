#include "engine/training/trainer_state.h"

#include <algorithm>
#include <climits>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <type_traits>
#include <utility>

#include "engine/error.h"
#include "engine/files/checkpoint.h"
#include "engine/json_text.h"
#include "engine/run_spec_json.h"
#include "engine/training/early_stopping.h"

namespace grove {
namespace {

// The number rises with every change of what stands where in the flat arrays: a state of another
// order must not be taken for one of ours.
constexpr char kFormat[] = "grove-state-4";
constexpr char kNote[] = "note";

NamedTensor Flat(std::string name, const simd::AlignedArray<float>& array) {
  return {std::move(name),
          {static_cast<int64_t>(array.size())},
          std::vector<float>(array.begin(), array.end())};
}

// The arrays of parameters with their names in a state file.
template <class State, class Visit>
void ForEachArray(const std::string& prefix, State& state, const Visit& visit) {
  ForEachSet(state, [&](const std::string& set_prefix, auto& set) {
    visit(prefix + set_prefix + "weights", set.weights);
    visit(prefix + set_prefix + "words", set.words);
  });
}

constexpr char kBest[] = "best.";  // before the names of the parameters of the best epoch
// Counters go no further than a float can hold.
constexpr char kUpdates[] = "updates";           // (1) of the weights
constexpr char kWordUpdates[] = "word_updates";  // (V)

void AppendParameters(const std::string& prefix, const ParameterState& state, TensorFile& file) {
  ForEachArray(prefix, state, [&](std::string name, const simd::AlignedArray<float>& array) {
    file.tensors.push_back(Flat(std::move(name), array));
  });
  const std::vector<uint32_t>& words = state.word_updates;
  file.tensors.push_back({prefix + kUpdates, {1}, {static_cast<float>(state.updates)}});
  file.tensors.push_back({prefix + kWordUpdates,
                          {static_cast<int64_t>(words.size())},
                          std::vector<float>(words.begin(), words.end())});
}

// JSON has no NaN: null. No number is cut to fit its field.
template <typename T>
void FromJson(const nlohmann::json& json, T& field) {
  if constexpr (std::is_same_v<T, double>) {
    field = json.is_null() ? std::numeric_limits<double>::quiet_NaN() : json.get<double>();
  } else if constexpr (std::is_integral_v<T>) {
    field = WholeNumber<T>(json);
  } else {
    field = json.get<T>();
  }
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
    history.push_back({e.epoch, e.loss, e.train_accuracy, e.dev_loss, e.dev_accuracy,
                       e.dev_node_accuracy, e.dev_macro_f1});
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
  if (state.scores.count > 0) {
    json["score_count"] = state.scores.count;
    nlohmann::json& sums = json["score_sums"];
    ForEachSum(state.scores, [&](double sum) { sums.push_back(sum); });
  }
  const Observations& observations = state.result.observations;
  if (!observations.node_ratios.empty() || !observations.gates.empty()) {
    json["observations"] = Describe(observations);
  }
  return json;
}

TrainerState Undescribe(const nlohmann::json& json) {
  TrainerState state;
  FromJson(json.at("epoch"), state.epoch);
  FromJson(json.at("next_tree"), state.next_tree);
  FromJson(json.at("loss_sum"), state.loss_sum);
  FromJson(json.at("roots"), state.roots);
  FromJson(json.at("correct_roots"), state.correct_roots);
  FromJson(json.at("best_epoch"), state.result.best_epoch);
  FromJson(json.at("dev_accuracy"), state.result.dev_accuracy);
  FromJson(json.at("train_accuracy"), state.result.train_accuracy);
  for (const auto& row : json.at("history")) {
    EpochRecord& record = state.result.history.emplace_back();
    FromJson(row.at(0), record.epoch);
    FromJson(row.at(1), record.loss);
    FromJson(row.at(2), record.train_accuracy);
    FromJson(row.at(3), record.dev_loss);
    FromJson(row.at(4), record.dev_accuracy);
    if (row.size() == 5) continue;  // of a version that knew no more
    FromJson(row.at(5), record.dev_node_accuracy);
    FromJson(row.at(6), record.dev_macro_f1);
  }
  if (json.contains("score_count")) {
    FromJson(json["score_count"], state.scores.count);
    size_t at = 0;
    ForEachSum(state.scores, [&](double& sum) { FromJson(json.at("score_sums").at(at++), sum); });
  }
  if (json.contains("observations")) {
    state.result.observations = UndescribeObservations(json["observations"]);
  }
  return state;
}

// What follows throws Error without the path.

const std::string& Metadata(const TensorFile& file, const char* key) {
  const auto found = file.metadata.find(key);
  if (found == file.metadata.end()) {
    throw Error(std::string("not the state of a run: no metadata '") + key + "'");
  }
  return found->second;
}

// The file must be the state of that run, on those trees.
void CheckOwner(const TensorFile& file, const RunSpec& spec, const Dataset& dataset) {
  const std::string& format = Metadata(file, "format");
  if (format != kFormat) {
    throw Error("not the state of a run: format " + Quoted(format) + "; allowed: " + kFormat);
  }
  if (!file.has_checksum) throw Error("damaged state: it has no checksum");
  if (Metadata(file, "spec") != CanonicalJson(spec)) throw Error("belongs to another run spec");
  if (Metadata(file, "dataset") != HashDataset(dataset)) throw Error("belongs to other trees");
}

void Require(bool possible, const std::string& what, const std::string& allowed) {
  if (!possible) throw Error("impossible state: " + what + "; expected " + allowed);
}

void RequireRange(const char* name, int64_t value, int64_t low, int64_t high) {
  Require(value >= low && value <= high, std::string(name) + " is " + std::to_string(value),
          "from " + std::to_string(low) + " to " + std::to_string(high));
}

bool IsShare(double value) { return value >= 0 && value <= 1; }

void CheckHistory(const RunResult& result, const std::string& select_by) {
  for (size_t i = 0; i < result.history.size(); ++i) {
    const EpochRecord& record = result.history[i];
    const int epoch = static_cast<int>(i) + 1;
    const std::string name = "epoch " + std::to_string(epoch) + " of the history";
    Require(record.epoch == epoch, name + " is " + std::to_string(record.epoch), "each in turn");
    Require(std::isfinite(record.loss) && std::isfinite(record.dev_loss), "a loss of " + name,
            "a finite number");
    Require(IsShare(record.train_accuracy) && IsShare(record.dev_accuracy),
            "an accuracy of " + name, "from 0 to 1");
    Require(select_by == "loss" || IsShare(MeritBy(select_by)(record)),
            "the dev " + select_by + " of " + name, "from 0 to 1");
  }
  const int best = BestEpoch(result.history, select_by);
  RequireRange("best_epoch", result.best_epoch, best, best);
  if (best == 0) return;
  const EpochRecord& record = result.history[best - 1];
  Require(
      result.dev_accuracy == record.dev_accuracy && result.train_accuracy == record.train_accuracy,
      "the accuracies of the best epoch", "those of the history");
}

// Every counter must be one that training can have between two updates.
void CheckState(const TrainerState& state, const RunSpec& spec, const Dataset& dataset) {
  const int64_t examples = static_cast<int64_t>(dataset.train.examples());
  RequireRange("epoch", state.epoch, 1, int64_t{spec.epochs} + 1);
  RequireRange("next_tree", state.next_tree, 0, examples);
  Require(
      state.next_tree % (int64_t{spec.batch} * spec.accumulate) == 0 || state.next_tree == examples,
      "next_tree is " + std::to_string(state.next_tree), "the end of an update");
  Require(state.next_tree == 0 || state.epoch <= spec.epochs,
          "next_tree is " + std::to_string(state.next_tree), "0 after the last epoch");
  RequireRange("roots", state.roots, 0, state.next_tree);
  RequireRange("correct_roots", state.correct_roots, 0, state.roots);
  RequireRange("score_count", state.scores.count, 0, state.next_tree);
  Require(std::isfinite(state.loss_sum) && state.loss_sum >= 0, "loss_sum",
          "a finite number from 0");
  ForEachSum(state.scores,
             [](double sum) { Require(std::isfinite(sum), "a sum of scores", "a finite number"); });
  const int64_t finished = state.epoch - 1;
  RequireRange("epochs of the history", static_cast<int64_t>(state.result.history.size()), finished,
               finished);
  CheckHistory(state.result, spec.select_by);
  RequireRange("ratios", static_cast<int64_t>(state.result.ratios.size()), 0,
               spec.probe ? finished * examples + state.next_tree : 0);
  for (const GradientRatio& ratio : state.result.ratios) {
    RequireRange("epoch of a ratio", ratio.epoch, 1, state.epoch);
    RequireRange("depth of a ratio", ratio.depth, 0, INT_MAX);
  }
  const Observations& observations = state.result.observations;
  Require(spec.observe || (observations.node_ratios.empty() && observations.gates.empty()),
          "observations", "none without 'observe'");
  for (const NodeRatioGroup& group : observations.node_ratios) {
    RequireRange("epoch of an observation", group.epoch, 0, finished);
  }
  for (const GateGroup& group : observations.gates) {
    RequireRange("epoch of an observation", group.epoch, 0, finished);
  }
}

// The tensor of that name and number of values.
const std::vector<float>& Values(const TensorFile& file, const std::string& name, size_t size) {
  const NamedTensor* tensor = file.Find(name);
  if (tensor == nullptr || tensor->values.size() != size) {
    throw Error("tensor '" + name + "' is missing or has another size");
  }
  return tensor->values;
}

uint32_t CountOf(float value) {
  if (value >= 0 && value <= simd::kMaxUpdates && std::trunc(value) == value) {
    return static_cast<uint32_t>(value);
  }
  throw Error("impossible state: no number of updates: " + std::to_string(value));
}

// Into parameters of the right shape.
void ReadParameters(const TensorFile& file, const std::string& prefix, ParameterState& state) {
  ForEachArray(prefix, state, [&](const std::string& name, simd::AlignedArray<float>& array) {
    const std::vector<float>& values = Values(file, name, array.size());
    std::copy(values.begin(), values.end(), array.begin());
  });
  state.updates = CountOf(Values(file, prefix + kUpdates, 1)[0]);
  const std::vector<float>& words = Values(file, prefix + kWordUpdates, state.word_updates.size());
  std::transform(words.begin(), words.end(), state.word_updates.begin(), CountOf);
}

void ReadRatios(const TensorFile& file, TrainerState& state) {
  const NamedTensor* ratios = file.Find("ratios");
  if (ratios == nullptr || ratios->values.size() % 3 != 0) {
    throw Error("tensor 'ratios' is missing or has another size");
  }
  const auto whole = [](float value) {
    if (!(value >= 0 && value < 1 << 30)) throw Error("impossible state: a ratio of no tree");
    return static_cast<int32_t>(value);
  };
  for (size_t i = 0; i < ratios->values.size(); i += 3) {
    const float* row = ratios->values.data() + i;
    state.result.ratios.push_back({whole(row[0]), whole(row[1]), row[2]});
  }
}

}  // namespace

void WriteTrainerState(const std::string& path, const RunSpec& spec, const Dataset& dataset,
                       const Parameters& parameters, const TrainerState& state,
                       const std::string& note) {
  TensorFile file;
  AppendParameters("", parameters, file);
  if (state.result.best_epoch > 0) AppendParameters(kBest, state.best, file);
  NamedTensor ratios{"ratios", {static_cast<int64_t>(state.result.ratios.size()), 3}, {}};
  for (const GradientRatio& r : state.result.ratios) {
    ratios.values.insert(ratios.values.end(),
                         {static_cast<float>(r.epoch), static_cast<float>(r.depth), r.ratio});
  }
  file.tensors.push_back(std::move(ratios));
  file.metadata = {{"format", kFormat},
                   {"spec", CanonicalJson(spec)},
                   {"dataset", HashDataset(dataset)},
                   {"state", Describe(state).dump()},
                   {kNote, note}};
  WriteTensorFile(path, file);
}

void ReadTrainerState(const std::string& path, const RunSpec& spec, const Dataset& dataset,
                      Parameters& parameters, TrainerState& state, std::string& note) {
  const TensorFile file = ReadTensorFile(path);
  TrainerState loaded;
  Parameters arrays = parameters;
  try {
    CheckOwner(file, spec, dataset);
    loaded = Undescribe(ParseJson(Metadata(file, "state"), "state"));
    ReadRatios(file, loaded);
    CheckState(loaded, spec, dataset);
    ReadParameters(file, "", arrays);
    if (loaded.result.best_epoch > 0) {
      loaded.best = static_cast<const ParameterState&>(arrays);
      ReadParameters(file, kBest, loaded.best);
      RequireRange("updates of the best epoch", loaded.best.updates, 0, arrays.updates);
    }
  } catch (const nlohmann::json::exception& error) {
    throw DamagedFile(path + ": damaged state: " + error.what());
  } catch (const Error& error) {
    throw DamagedFile(path + ": " + error.what());
  }
  parameters = std::move(arrays);
  state = std::move(loaded);
  const auto found = file.metadata.find(kNote);
  note = found == file.metadata.end() ? "" : found->second;
}

}  // namespace grove
