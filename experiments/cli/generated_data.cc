#include "experiments/cli/generated_data.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <exception>
#include <filesystem>
#include <system_error>
#include <vector>

#include "engine/error.h"
#include "engine/files/files.h"
#include "engine/files/ptb.h"

namespace grove {
namespace {

namespace fs = std::filesystem;

constexpr std::array<const char*, 3> kNames = {"train.ptb", "dev.ptb", "test.ptb"};

struct OutputFile {
  std::string path;
  std::string contents;
};

// The files that must be written; those that are right already are left out.
std::vector<OutputFile> Missing(const std::string& directory, const Dataset& dataset, bool force) {
  const std::array<const Forest*, 3> forests = {&dataset.train, &dataset.dev, &dataset.test};
  std::vector<OutputFile> files;
  for (size_t i = 0; i < forests.size(); ++i) {
    OutputFile file{directory + "/" + kNames[i], FormatPtb(*forests[i], dataset.words)};
    if (fs::exists(file.path)) {
      if (ReadFile(file.path) == file.contents) continue;
      if (!force) throw Error(file.path + ": exists with other contents; --force replaces it");
    }
    files.push_back(std::move(file));
  }
  return files;
}

}  // namespace

void CheckGeneratedData(const std::string& directory) {
  // A folder that is missing will be made, with its parents: in the first of them that is there.
  fs::path existing = fs::absolute(directory).lexically_normal();
  std::error_code failure;
  while (existing.has_relative_path() && !fs::exists(existing, failure)) {
    existing = existing.parent_path();
  }
  if (!fs::is_directory(existing, failure)) throw Error(existing.string() + ": not a folder");
  if (faccessat(AT_FDCWD, existing.c_str(), W_OK | X_OK, AT_EACCESS) != 0) {
    throw Error(directory + ": " + std::generic_category().message(errno));
  }
  for (const char* name : kNames) {
    const fs::file_status status = fs::status(directory + "/" + name, failure);
    if (!fs::exists(status) || fs::is_regular_file(status)) continue;
    throw Error(directory + "/" + name + ": is there, and no file that could be replaced");
  }
}

void WriteGeneratedData(const std::string& directory, const Dataset& dataset, bool force) {
  std::vector<OutputFile> files = Missing(directory, dataset, force);
  std::error_code failure;
  const bool made = fs::create_directories(directory, failure);
  if (failure) throw Error(directory + ": " + failure.message());
  // All contents reach the disk under other names first: what can fail late, fails before any file
  // has its name.
  std::vector<std::string> staged;
  try {
    for (const OutputFile& file : files) {
      staged.push_back(file.path + ".partial");
      WriteFileAtomically(staged.back(), file.contents);
    }
    for (size_t i = 0; i < files.size(); ++i) RenameFile(staged[i], files[i].path);
  } catch (const std::exception& error) {
    std::error_code ignored;
    for (const std::string& path : staged) fs::remove(path, ignored);
    if (made) fs::remove(directory, ignored);
    throw Error(error.what());
  }
}

}  // namespace grove
