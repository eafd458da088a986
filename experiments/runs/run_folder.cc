#include "experiments/runs/run_folder.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "engine/error.h"
#include "engine/files/files.h"
#include "engine/files/folders.h"

namespace grove {
namespace {

namespace fs = std::filesystem;

constexpr char kStateEnding[] = ".safetensors";
constexpr char kAnyState[] = "any";  // no run: to see whether states can be written

[[noreturn]] void Refuse(const fs::path& path, const std::error_code& error) {
  throw Error(path.string() + ": " + error.message());
}

bool IsRunFolder(const fs::path& path) {
  std::error_code error;
  return fs::is_directory(path / "state", error) || !JournalsOfRunFolder(path.string()).empty();
}

}  // namespace

std::vector<std::string> FilesOfRunFolder(const std::string& directory, const std::string& name,
                                          const std::string& ending) {
  std::vector<std::string> paths;
  std::error_code error;
  for (fs::directory_iterator i(directory, error), end; !error && i != end; i.increment(error)) {
    if (IsShardedName(i->path().filename().string(), name, ending)) {
      paths.push_back(i->path().string());
    }
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

RunFolder::RunFolder(std::string directory, const std::vector<std::string>& welcome, Shard shard)
    : directory_(std::move(directory)), welcome_(welcome), shard_(shard) {
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
  MakeFolders(directory_);
  MakeFolders(directory_ + "/state");
  CheckWritable(JournalPath());
  CheckWritable(StatePath(kAnyState));
}

std::string RunFolder::StatePath(const std::string& key) const {
  return directory_ + "/state/" + key + kStateEnding;
}

std::string RunFolder::ModelPath(const std::string& key) const {
  return directory_ + "/models/" + key + ".safetensors";
}

bool RunFolder::HasState(const std::string& key) const {
  std::error_code error;
  return fs::status(StatePath(key), error).type() != fs::file_type::not_found;
}

void RunFolder::RemoveState(const std::string& key) const {
  // A file that cannot be removed is left: the journal says that the run is done.
  std::error_code error;
  fs::remove(StatePath(key), error);
  fs::remove(directory_ + "/state/" + key + ".json", error);  // of an earlier version
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

std::string RunFolder::SetAside(const std::string& path) const {
  const fs::path folder = fs::path(directory_) / "damaged";
  MakeFolders(folder.string());
  const std::string name = fs::path(path).filename().string();
  fs::path to = folder / name;
  std::error_code error;
  for (int copy = 2; fs::exists(to, error); ++copy) {
    to = folder / (name + "." + std::to_string(copy));
  }
  RenameFile(path, to.string());
  return to.string();
}

void RunFolder::RemoveUnfinished(const std::set<std::string>& keys) const {
  const auto of_a_run = [&](const std::string& name) {
    return keys.count(fs::path(name).stem().string()) > 0;
  };
  grove::RemoveUnfinished(directory_ + "/state", [&](const std::string& name) {
    return of_a_run(name) || name == std::string(kAnyState) + kStateEnding;
  });
  grove::RemoveUnfinished(directory_ + "/models", of_a_run);
  grove::RemoveUnfinished(directory_, [&](const std::string& name) {
    const std::string path = directory_ + "/" + name;
    return path == JournalPath() || path == JournalPath() + ".damaged" || path == ManifestPath() ||
           path == LivePath() ||
           std::find(welcome_.begin(), welcome_.end(), name) != welcome_.end();
  });
  std::error_code ignored;
  fs::remove(LivePath(), ignored);
}

std::string RunFolder::PathOf(const char* name, const char* ending) const {
  return directory_ + "/" + ShardedName(shard_, name, ending);
}

}  // namespace grove
