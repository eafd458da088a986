#include "engine/files/folders.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <vector>

#include "engine/error.h"

namespace grove {
namespace {

namespace fs = std::filesystem;

// "a/b" of "a/b/".
fs::path WithoutSlash(const fs::path& path) {
  const fs::path normal = path.lexically_normal();
  return normal.has_filename() ? normal : normal.parent_path();
}

}  // namespace

void SyncFolderOf(const std::string& path) {
  const std::string folder = WithoutSlash(path).parent_path().string();
  const int fd = open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  const int error = fsync(fd) == 0 ? 0 : errno;
  close(fd);
  if (error != 0) throw Error(folder + ": " + std::generic_category().message(error));
}

void MakeFolders(const std::string& path) {
  const fs::path folder = WithoutSlash(path);
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    if (folder.has_parent_path()) MakeFolders(folder.parent_path().string());
    fs::create_directory(folder, error);
    if (error) throw Error(path + ": " + error.message());
  }
  SyncFolderOf(folder.string());
}

Hold::Hold(const std::string& path) : descriptor_(open(path.c_str(), O_RDWR | O_CLOEXEC)) {
  // A folder is not opened for writing; a file must be, or NFS refuses the lock.
  if (descriptor_ < 0 && errno == EISDIR) descriptor_ = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor_ < 0 || flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return;
  close(descriptor_);
  descriptor_ = -1;
}

Hold::~Hold() {
  if (descriptor_ >= 0) close(descriptor_);
}

void RemoveUnfinished(const std::string& folder,
                      const std::function<bool(const std::string& name)>& is_ours) {
  std::error_code error;
  std::vector<fs::path> found;
  for (fs::directory_iterator i(folder, error), end; !error && i != end; i.increment(error)) {
    const std::string name = i->path().filename().string();
    const size_t unfinished = name.rfind(kUnfinished);
    if (unfinished == std::string::npos || unfinished == 0) continue;
    if (is_ours(name.substr(0, unfinished))) found.push_back(i->path());
  }
  for (const fs::path& path : found) {
    // What cannot be removed is in nobody's way.
    if (fs::is_regular_file(path, error) && Hold(path.string()).held()) fs::remove(path, error);
  }
}

}  // namespace grove
