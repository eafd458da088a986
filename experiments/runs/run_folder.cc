#include "experiments/runs/run_folder.h"

#include <filesystem>
#include <map>
#include <set>

#include "engine/error.h"
#include "engine/files.h"
#include "engine/nearest_name.h"
#include "engine/run_spec_json.h"

namespace grove {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

// A run without its seed: runs that differ in nothing else are one cell of the experiment.
Json Cell(const Job& planned) {
  Json run = Json::parse(CanonicalJson(planned.run));
  run.erase("seed");
  return {{"dataset", planned.dataset},
          {"axes", planned.axes},
          {"run", std::move(run)},
          {"data", Json::parse(CanonicalJson(planned.data))}};
}

// {"experiments": {name: [cells, sorted]}}
Json MakeManifest(const std::vector<Job>& runs) {
  std::map<std::string, std::set<Json>> cells;
  for (const Job& planned : runs) cells[planned.experiment].insert(Cell(planned));
  Json manifest = {{"format", "grove-runs-1"}, {"experiments", Json::object()}};
  for (const auto& [name, set] : cells) manifest["experiments"][name] = Json(set);
  return manifest;
}

// "dataset 3, rlstm"
std::string CellName(const Json& cell) {
  std::string name = "dataset " + cell.value("dataset", Json()).dump();
  const Json axes = cell.value("axes", Json::object());
  for (const auto& [axis, value] : axes.items()) {
    name += ", " + axis + " " + value.dump();
  }
  return name + ", " + cell.value("run", Json::object()).value("model", "?");
}

// The first setting that two cells differ in: "l2 was 0.001, is 0.0003".
std::string Difference(const Json& was, const Json& is) {
  for (const char* part : {"run", "data"}) {
    for (const auto& [key, value] : is[part].items()) {
      const Json before = was.value(part, Json::object()).value(key, Json());
      if (before != value) return key + " was " + before.dump() + ", is " + value.dump();
    }
  }
  return "it has other keys";
}

std::string DescribeChange(const Json& was, const Json& is) {
  for (const Json& cell : is) {
    const Json* same_name = nullptr;
    bool found = false;
    for (const Json& other : was) {
      found = found || other == cell;
      if (other.is_object() && CellName(other) == CellName(cell)) same_name = &other;
    }
    if (found) continue;
    if (same_name == nullptr) return CellName(cell) + " is new";
    return CellName(cell) + ": " + Difference(*same_name, cell);
  }
  return "some datasets, models or other axis values are gone";
}

void CheckManifest(const std::string& path, const Json& manifest) {
  const Json found = Json::parse(ReadFile(path), nullptr, /*allow_exceptions=*/false);
  if (!found.is_object() || found.value("format", Json()) != manifest["format"] ||
      !found.value("experiments", Json()).is_object()) {
    throw Error(path + ": not a manifest of runs");
  }
  std::vector<std::string> names;
  for (const auto& [name, cells] : found["experiments"].items()) names.push_back(name);
  for (const auto& [name, cells] : manifest["experiments"].items()) {
    const std::string other = "; use another --out";
    if (!found["experiments"].contains(name)) {
      throw Error(path + ": the folder belongs to " + Join(names) + ", not to " + name + other);
    }
    const Json& before = found["experiments"][name];
    if (before != cells) {
      throw Error(path + ": the folder holds " + name + " with other settings (" +
                  DescribeChange(before, cells) + ")" + other);
    }
  }
}

// True if nothing but run folders is in `folder`: one may hold others, as OUT holds OUT/quick.
bool HoldsOnlyRunFolders(const fs::path& folder, std::error_code& error) {
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    if (!fs::exists(entry.path() / "manifest.json", error)) return false;
  }
  return true;
}

[[noreturn]] void Refuse(const fs::path& path, const std::error_code& error) {
  throw Error(path.string() + ": " + error.message());
}

}  // namespace

RunFolder::RunFolder(std::string directory, const std::vector<Job>& runs)
    : directory_(std::move(directory)) {
  const Json manifest = MakeManifest(runs);
  manifest_ = manifest.dump(1) + "\n";
  const fs::path folder(directory_);
  const std::string path = (folder / "manifest.json").string();
  std::error_code error;
  if (!fs::exists(folder, error)) {
    if (error) Refuse(folder, error);
    return;
  }
  if (!fs::is_directory(folder, error)) throw Error(directory_ + ": not a folder");
  if (fs::exists(path, error)) {
    CheckManifest(path, manifest);
    exists_ = true;
    return;
  }
  const bool usable = HoldsOnlyRunFolders(folder, error);
  if (error) Refuse(folder, error);
  if (!usable) {
    throw Error(directory_ +
                ": the folder is not empty and holds no runs (no manifest.json); use "
                "another --out");
  }
}

void RunFolder::Create() const {
  const auto create = [](const fs::path& path) {
    std::error_code error;
    fs::create_directories(path, error);
    if (error) Refuse(path, error);
  };
  create(directory_);
  // First: a folder without a manifest must be empty, or it would be refused next time.
  if (!exists_) WriteFileAtomically(directory_ + "/manifest.json", manifest_);
  create(fs::path(directory_) / "state");
}

std::string RunFolder::JournalPath() const { return directory_ + "/journal.jsonl"; }

std::string RunFolder::StatePath(const std::string& key) const {
  return directory_ + "/state/" + key + ".safetensors";
}

void RunFolder::WriteSeconds(const std::string& key, double seconds) const {
  WriteFileAtomically(directory_ + "/state/" + key + ".json",
                      Json{{"seconds", seconds}}.dump() + "\n");
}

double RunFolder::ReadSeconds(const std::string& key) const {
  const std::string path = directory_ + "/state/" + key + ".json";
  std::error_code error;
  if (!fs::exists(path, error)) return 0;
  const Json json = Json::parse(ReadFile(path), nullptr, /*allow_exceptions=*/false);
  const Json seconds = json.is_object() ? json.value("seconds", Json()) : Json();
  return seconds.is_number() ? seconds.get<double>() : 0;
}

bool RunFolder::HasState(const std::string& key) const {
  std::error_code error;
  return fs::exists(StatePath(key), error);
}

void RunFolder::RemoveState(const std::string& key) const {
  // A file that cannot be removed is left: the journal says that the run is done.
  std::error_code error;
  fs::remove(StatePath(key), error);
  fs::remove(directory_ + "/state/" + key + ".json", error);
}

}  // namespace grove
