#include "experiments/cli/output_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <exception>
#include <filesystem>
#include <system_error>

#include "engine/error.h"
#include "engine/files/files.h"
#include "engine/files/folders.h"

namespace grove {
namespace {

namespace fs = std::filesystem;

fs::path FolderOf(const std::string& path) {
  return fs::absolute(path).lexically_normal().parent_path();
}

// A folder that is missing will be made, with its parents: in the first of them that is there.
void CheckFolder(const fs::path& folder) {
  fs::path existing = folder;
  std::error_code failure;
  while (existing.has_relative_path() && !fs::exists(existing, failure)) {
    existing = existing.parent_path();
  }
  if (!fs::is_directory(existing, failure)) throw Error(existing.string() + ": not a folder");
  if (faccessat(AT_FDCWD, existing.c_str(), W_OK | X_OK, AT_EACCESS) != 0) {
    throw Error(folder.string() + ": " + std::generic_category().message(errno));
  }
}

// Makes the folder with its parents; those that were missing are added to `made`, innermost last.
void MakeFolder(const fs::path& folder, std::vector<fs::path>& made) {
  std::error_code failure;
  if (folder.empty() || fs::exists(folder, failure)) return;
  MakeFolder(folder.parent_path(), made);
  fs::create_directory(folder, failure);
  if (failure) throw Error(folder.string() + ": " + failure.message());
  made.push_back(folder);
  SyncFolderOf(folder.string());
}

// Whether the file need not be written.
bool IsRight(const OutputFile& file, bool force) {
  if (!fs::exists(file.path)) return false;
  if (ReadFile(file.path) == file.contents) return true;
  if (!force) throw Error(file.path + ": exists with other contents; --force replaces it");
  return false;
}

}  // namespace

void CheckOutputFiles(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    CheckFolder(FolderOf(path));
    std::error_code failure;
    const fs::file_status status = fs::status(path, failure);
    if (!fs::exists(status) || fs::is_regular_file(status)) continue;
    throw Error(path + ": is there, and no file that could be replaced");
  }
}

void WriteTogether(std::vector<OutputFile> files, bool force) {
  std::erase_if(files, [force](const OutputFile& file) { return IsRight(file, force); });
  // All contents reach the disk under other names first: what can fail late, fails before any file
  // has its name.
  std::vector<std::string> staged;
  std::vector<fs::path> made;
  try {
    for (const OutputFile& file : files) {
      MakeFolder(FolderOf(file.path), made);
      staged.push_back(file.path + ".partial");
      WriteFileAtomically(staged.back(), file.contents);
    }
    for (size_t i = 0; i < files.size(); ++i) RenameFile(staged[i], files[i].path);
    for (const std::string& path : staged) {
      RemoveUnfinished(FolderOf(path).string(), [&](const std::string& name) {
        return name == fs::path(path).filename().string();
      });
    }
  } catch (const std::exception& error) {
    std::error_code ignored;
    for (const std::string& path : staged) fs::remove(path, ignored);
    for (size_t i = made.size(); i-- > 0;) fs::remove(made[i], ignored);
    throw Error(error.what());
  }
}

}  // namespace grove
