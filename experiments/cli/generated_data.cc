#include "experiments/cli/generated_data.h"

#include <array>
#include <filesystem>
#include <system_error>
#include <vector>

#include "engine/error.h"
#include "engine/files.h"
#include "engine/ptb.h"

namespace grove {
namespace {

namespace fs = std::filesystem;

struct OutputFile {
  std::string path;
  std::string contents;
};

// The files that must be written; those that are right already are left out.
std::vector<OutputFile> Missing(const std::string& directory, const Dataset& dataset, bool force) {
  struct Split {
    const char* name;
    const Forest& forest;
  };
  const std::array<Split, 3> splits = {
      {{"train.ptb", dataset.train}, {"dev.ptb", dataset.dev}, {"test.ptb", dataset.test}}};
  std::vector<OutputFile> files;
  for (const Split& split : splits) {
    OutputFile file{directory + "/" + split.name, FormatPtb(split.forest, dataset.words)};
    if (fs::exists(file.path)) {
      if (ReadFile(file.path) == file.contents) continue;
      if (!force) throw Error(file.path + ": exists with other contents; --force replaces it");
    }
    files.push_back(std::move(file));
  }
  return files;
}

}  // namespace

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
    for (size_t i = 0; i < files.size(); ++i) fs::rename(staged[i], files[i].path);
  } catch (const std::exception& error) {
    std::error_code ignored;
    for (const std::string& path : staged) fs::remove(path, ignored);
    if (made) fs::remove(directory, ignored);
    throw Error(error.what());
  }
}

}  // namespace grove
