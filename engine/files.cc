#include "engine/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "engine/error.h"

namespace grove {
namespace {

[[noreturn]] void ThrowSystemError(const std::string& path, int error) {
  throw Error(path + ": " + std::generic_category().message(error));
}

// An open file descriptor, closed on destruction. Faults are reported under `name`.
class Descriptor {
 public:
  Descriptor(const std::string& path, int flags, const std::string& name) : name_(name) {
    do {
      fd_ = open(path.c_str(), flags | O_CLOEXEC, 0666);
    } while (fd_ < 0 && errno == EINTR);
    if (fd_ < 0) ThrowSystemError(name_, errno);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }

  struct stat Status() const {
    struct stat status;
    if (fstat(fd_, &status) != 0) ThrowSystemError(name_, errno);
    return status;
  }

  std::string ReadAll() {
    std::string contents;
    size_t used = 0;
    while (true) {
      contents.resize(std::max<size_t>(2 * used, 1 << 16));
      const ssize_t n = read(fd_, contents.data() + used, contents.size() - used);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) ThrowSystemError(name_, errno);
      if (n == 0) break;
      used += static_cast<size_t>(n);
    }
    contents.resize(used);
    return contents;
  }

  void WriteAll(std::string_view contents) {
    while (!contents.empty()) {
      const ssize_t n = write(fd_, contents.data(), contents.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) ThrowSystemError(name_, errno);
      contents.remove_prefix(static_cast<size_t>(n));
    }
  }

  void Sync() {
    if (fsync(fd_) != 0) ThrowSystemError(name_, errno);
  }

  // Some file systems report a failed write only here.
  void Close() {
    const int fd = fd_;
    fd_ = -1;
    if (close(fd) != 0 && errno != EINTR) ThrowSystemError(name_, errno);
  }

 private:
  std::string name_;
  int fd_ = -1;
};

void RequireRegular(const std::string& path, const struct stat& status) {
  const mode_t mode = status.st_mode;
  if (S_ISREG(mode)) return;
  const char* what = S_ISFIFO(mode)   ? "a pipe, not a file; write it to a file first"
                     : S_ISSOCK(mode) ? "a socket, not a file; write it to a file first"
                     : S_ISDIR(mode)  ? "a folder, not a file"
                                      : "a device, not a file";
  throw Error(path + ": is " + what);
}

// The file that `path` means: links resolved; never a device, folder or pipe, which the rename
// would replace by a file.
std::string RegularTarget(const std::string& path) {
  std::error_code error;
  std::string target = path;
  if (std::filesystem::is_symlink(path, error)) {
    target = std::filesystem::weakly_canonical(path, error).string();
    if (error) ThrowSystemError(path, error.value());
  }
  struct stat status;
  if (stat(target.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
    throw Error(path + ": exists and is not a regular file");
  }
  return target;
}

}  // namespace

std::string ReadFile(const std::string& path) { return Descriptor(path, O_RDONLY, path).ReadAll(); }

std::string ReadRegularFile(const std::string& path) {
  struct stat status;
  if (stat(path.c_str(), &status) != 0) ThrowSystemError(path, errno);
  RequireRegular(path, status);
  // Something else may stand there by now: a pipe must not hold us up.
  Descriptor file(path, O_RDONLY | O_NONBLOCK, path);
  RequireRegular(path, file.Status());
  return file.ReadAll();
}

void WriteFileAtomically(const std::string& path, std::string_view contents) {
  static std::atomic<unsigned> counter = 0;
  const std::string target = RegularTarget(path);
  const std::string temporary =
      target + ".tmp-" + std::to_string(getpid()) + "-" + std::to_string(counter++);
  try {
    Descriptor file(temporary, O_WRONLY | O_CREAT | O_TRUNC, path);
    file.WriteAll(contents);
    file.Sync();
    file.Close();
    if (rename(temporary.c_str(), target.c_str()) != 0) ThrowSystemError(path, errno);
  } catch (...) {
    unlink(temporary.c_str());
    throw;
  }
  const std::string folder = std::filesystem::path(target).parent_path().string();
  Descriptor(folder.empty() ? "." : folder, O_RDONLY | O_DIRECTORY, folder).Sync();
}

}  // namespace grove
