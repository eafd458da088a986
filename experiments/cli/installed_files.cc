#include "experiments/cli/installed_files.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "engine/error.h"
#include "engine/nearest_name.h"

namespace grove {
namespace {

namespace fs = std::filesystem;

// Names of the spec files of a folder and of those in it, as a user gives them.
std::vector<std::string> SpecNames(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".toml") {
      names.push_back(entry.path().lexically_relative(folder).string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

std::string InstalledFolder() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (error) return "";
  const fs::path folder = program.parent_path().parent_path() / "share" / "grove";
  return fs::is_directory(folder, error) ? folder.string() : "";
}

std::string FindSpec(const std::string& path) {
  std::error_code error;
  const std::string installed = InstalledFolder();
  if (installed.empty() || fs::exists(path, error) || fs::path(path).is_absolute()) return path;
  const fs::path specs = fs::path(installed) / "specs";
  if (fs::is_regular_file(specs / path, error)) return (specs / path).string();
  if (fs::path(path).has_parent_path() || !fs::is_directory(specs, error)) return path;
  const std::vector<std::string> names = SpecNames(specs);
  throw Error(path + ": no such file, here or in " + specs.string() + DidYouMean(path, names));
}

}  // namespace grove
