#include "experiments/cli/named_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>
#include <vector>

#include "engine/error.h"
#include "engine/training/network.h"
#include "experiments/plan/run_filter.h"

namespace grove {
namespace {

namespace fs = std::filesystem;

constexpr size_t kShownRuns = 3;
constexpr char kModelEnding[] = ".safetensors";

bool Exists(const std::string& path) {
  std::error_code error;
  return fs::exists(path, error);
}

// PATH and WHICH. A path may have colons itself: the longest that is there counts.
std::pair<std::string, std::string> Split(const std::string& argument) {
  if (Exists(argument)) return {argument, ""};
  for (size_t colon = argument.rfind(':'); colon != std::string::npos && colon > 0;
       colon = argument.rfind(':', colon - 1)) {
    const std::string path = argument.substr(0, colon);
    if (Exists(path)) return {path, argument.substr(colon + 1)};
  }
  const size_t colon = argument.find(':');
  if (colon == std::string::npos) return {argument, ""};
  return {argument.substr(0, colon), argument.substr(colon + 1)};
}

using Records = std::vector<const RunRecord*>;

// What of the records is meant; all of them where `which` says nothing.
Records Choose(const Records& all, const std::string& which, const std::string& path) {
  if (which.empty()) return all;
  Records chosen;
  if (which.find('=') != std::string::npos) {
    const std::vector<const RunIdentity*> runs(all.begin(), all.end());
    for (const size_t i : SelectPositions(runs, {which}, path)) chosen.push_back(all[i]);
    return chosen;
  }
  for (const RunRecord* record : all) {
    if (record->key.starts_with(which)) chosen.push_back(record);
  }
  return chosen;
}

// "0123456789abcdef (rates d1 rlstm learning_rate=0.05 s1), ..."
std::string Shown(const Records& records) {
  std::string text;
  for (size_t i = 0; i < std::min(records.size(), kShownRuns); ++i) {
    text += fmt::format("{}{} ({})", i == 0 ? "" : ", ", records[i]->key, records[i]->Label());
  }
  if (records.size() > kShownRuns)
    text += fmt::format(", and {} more", records.size() - kShownRuns);
  return text;
}

[[noreturn]] void RefuseChoice(const Records& all, const Records& chosen, const std::string& which,
                               const std::string& path) {
  if (chosen.empty()) {
    throw Error(
        fmt::format("{}: no run's key begins with '{}'; there are {}", path, which, Shown(all)));
  }
  throw Error(
      fmt::format("{}: {} runs{}; choose one by its key, as in {}:{}, or by what it is, as "
                  "in {}:model={},seed={}: {}",
                  path, chosen.size(), which.empty() ? "" : " are " + which, path, chosen[0]->key,
                  path, chosen[0]->model, chosen[0]->seed, Shown(chosen)));
}

NamedRun RunOfModel(const std::string& path) {
  const TensorFile file = ReadTensorFile(path);
  std::optional<NamedRun> run = FindRunOfModel(file, ReadModelInfo(file));
  if (!run) {
    throw Error(path + ": no journal in its folder or the one above has the run that made it");
  }
  return std::move(*run);
}

}  // namespace

nlohmann::json NamedRun::provenance() const {
  const nlohmann::json* made = store.FindProvenance(record->key);
  return made == nullptr ? nlohmann::json::object() : *made;
}

NamedRun FindNamedRun(const std::string& argument) {
  const auto [path, which] = Split(argument);
  if (path.ends_with(kModelEnding) && !fs::is_directory(path)) {
    if (!which.empty()) throw Error(argument + ": a model is of one run; name it alone");
    return RunOfModel(path);
  }
  NamedRun run{path, ReadStore(path)};
  const Records& all = run.store.Records();
  if (all.empty()) throw Error(path + ": no run has ended here");
  const Records chosen = Choose(all, which, path);
  if (chosen.size() != 1) RefuseChoice(all, chosen, which, path);
  run.record = chosen[0];
  return run;
}

std::optional<NamedRun> FindRunOfModel(const TensorFile& file, const ModelInfo& info) {
  try {
    Network network(info.spec, info.vocabulary_size, info.classes);
    LoadWeights(file, network.layout(), network.parameters());
    const std::string hash = WeightsHash(network.layout(), network.parameters());
    const fs::path folder = fs::absolute(file.path).parent_path();
    for (const fs::path& each : {folder, folder.parent_path()}) {
      NamedRun run{file.path, ReadRunFolder(each.string())};
      for (const RunRecord* record : run.store.Records()) {
        if (record->weights_xxh3 != hash) continue;
        run.record = record;
        return run;
      }
    }
  } catch (const std::exception&) {
    // Weights that are no numbers, or a journal of something else: there is no history then.
  }
  return std::nullopt;
}

}  // namespace grove
