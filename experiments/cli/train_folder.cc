#include "experiments/cli/train_folder.h"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <system_error>
#include <utility>

#include "engine/error.h"
#include "engine/files.h"

namespace grove {
namespace {

namespace fs = std::filesystem;

std::set<std::string> FileNames(const std::string& path) {
  std::set<std::string> names;
  std::error_code failure;
  const fs::file_status status = fs::status(path, failure);
  if (status.type() == fs::file_type::not_found) return names;
  if (!fs::is_directory(status)) throw Error(path + ": not a folder");
  for (fs::directory_iterator i(path, failure), end; i != end; i.increment(failure)) {
    names.insert(i->path().filename().string());
  }
  if (failure) throw Error(path + ": " + failure.message());
  return names;
}

bool Within(const std::set<std::string>& names, const std::set<std::string>& allowed) {
  for (const std::string& name : names) {
    if (allowed.count(name) == 0) return false;
  }
  return true;
}

}  // namespace

TrainFolder::TrainFolder(std::string path, const std::string& key, bool force)
    : path_(std::move(path)), key_(key) {
  const std::set<std::string> names = FileNames(path_);
  const std::set<std::string> finished = {"model.safetensors", "record.json"};
  const std::set<std::string> interrupted = {"interrupted.json", "interrupted.safetensors"};
  if (names.empty()) return;
  if (names.count("interrupted.json") == 0) {
    if (!Within(names, finished)) {
      throw Error(path_ + ": not empty, and not the folder of a trained model");
    }
    if (!force) throw Error(path_ + ": holds a trained model; --force replaces it");
    return;
  }
  const nlohmann::json note =
      nlohmann::json::parse(ReadFile(note_path()), nullptr, /*allow_exceptions=*/false);
  const bool good = note.is_object() && note.contains("key") && note.contains("seconds") &&
                    note["key"].is_string() && note["seconds"].is_number();
  std::set<std::string> ours = finished;
  ours.insert(interrupted.begin(), interrupted.end());
  if (good && Within(names, ours) && note["key"] == key_) {
    interrupted_seconds_ = note["seconds"].get<double>();
    return;
  }
  if (force && Within(names, ours)) return;
  throw Error(path_ + ": holds an interrupted run with other settings or data; the same command " +
              "continues it, --force replaces it");
}

void TrainFolder::Create() const {
  std::error_code failure;
  fs::create_directories(path_, failure);
  if (failure) throw Error(path_ + ": " + failure.message());
}

void TrainFolder::NoteInterruption(double seconds) const {
  WriteFileAtomically(note_path(),
                      nlohmann::json{{"key", key_}, {"seconds", seconds}}.dump() + "\n");
}

void TrainFolder::RemoveState() const {
  std::error_code ignored;  // mostly they are not there
  fs::remove(note_path(), ignored);
  fs::remove(state_path(), ignored);
}

void TrainFolder::RemoveModel() const {
  std::error_code ignored;  // mostly it is not there
  fs::remove(model_path(), ignored);
}

}  // namespace grove
