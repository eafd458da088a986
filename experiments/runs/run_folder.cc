#include "experiments/runs/run_folder.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "engine/error.h"
#include "engine/files/files.h"

namespace grove {
namespace {

namespace fs = std::filesystem;

constexpr char kStateEnding[] = ".safetensors";

[[noreturn]] void Refuse(const fs::path& path, const std::error_code& error) {
  throw Error(path.string() + ": " + error.message());
}

void MakeFolder(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) Refuse(path, error);
}

bool IsRunFolder(const fs::path& path) {
  std::error_code error;
  return fs::exists(path / "journal.jsonl", error) || fs::is_directory(path / "state", error);
}

}  // namespace

RunFolder::RunFolder(std::string directory, const std::vector<std::string>& welcome)
    : directory_(std::move(directory)) {
  const fs::path folder(directory_);
  std::error_code error;
  const fs::file_status status = fs::status(folder, error);
  if (status.type() == fs::file_type::not_found) return;
  if (error) Refuse(folder, error);
  if (!fs::is_directory(status)) throw Error(directory_ + ": not a folder");
  if (IsRunFolder(folder)) return;
  for (fs::directory_iterator i(folder, error), end; !error && i != end; i.increment(error)) {
    const std::string name = i->path().filename().string();
    const bool ours = std::find(welcome.begin(), welcome.end(), name) != welcome.end();
    if (ours || name[0] == '.' || name == "lost+found" || IsRunFolder(i->path())) continue;
    throw Error(directory_ + ": holds " + name +
                " and no runs (no journal.jsonl); use another --out");
  }
  if (error) Refuse(folder, error);
}

void RunFolder::Create() const {
  MakeFolder(directory_);
  MakeFolder(fs::path(directory_) / "state");
  CheckWritable(JournalPath());
  CheckWritable(StatePath("any"));
}

std::string RunFolder::StatePath(const std::string& key) const {
  return directory_ + "/state/" + key + kStateEnding;
}

std::string RunFolder::ModelPath(const std::string& key) const {
  return directory_ + "/models/" + key + ".safetensors";
}

void RunFolder::WriteSeconds(const std::string& key, double seconds) const {
  WriteFileAtomically(directory_ + "/state/" + key + ".json",
                      nlohmann::json{{"seconds", seconds}}.dump() + "\n");
}

double RunFolder::ReadSeconds(const std::string& key) const {
  const std::string path = directory_ + "/state/" + key + ".json";
  std::error_code error;
  if (!fs::exists(path, error)) return 0;
  const auto json = nlohmann::json::parse(ReadFile(path), nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains("seconds")) return 0;
  const nlohmann::json& seconds = json["seconds"];
  return seconds.is_number() ? std::max(0.0, seconds.get<double>()) : 0;
}

bool RunFolder::HasState(const std::string& key) const {
  std::error_code error;
  return fs::status(StatePath(key), error).type() != fs::file_type::not_found;
}

void RunFolder::RemoveState(const std::string& key) const {
  // A file that cannot be removed is left: the journal says that the run is done.
  std::error_code error;
  fs::remove(StatePath(key), error);
  fs::remove(directory_ + "/state/" + key + ".json", error);
}

std::vector<std::string> RunFolder::States() const {
  std::vector<std::string> keys;
  std::error_code error;
  for (fs::directory_iterator i(directory_ + "/state", error), end; !error && i != end;
       i.increment(error)) {
    if (i->path().extension() == kStateEnding) keys.push_back(i->path().stem().string());
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

}  // namespace grove
