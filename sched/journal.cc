#include "sched/journal.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

namespace grove::sched {
namespace {

[[noreturn]] void Fail(const std::string& what, const std::string& path, int error) {
  throw JournalError("cannot " + what + " journal " + path + ": " + std::strerror(error));
}

// The bytes up to the last '\n', read from the end on; `size` is that of the file.
int64_t EndOfLines(int file, int64_t size, const std::string& path) {
  std::array<char, 1 << 16> buffer;
  int64_t begin = size;
  while (begin > 0) {
    const size_t count = static_cast<size_t>(std::min<int64_t>(begin, buffer.size()));
    begin -= static_cast<int64_t>(count);
    for (size_t read = 0; read < count;) {
      const ssize_t n =
          pread(file, buffer.data() + read, count - read, begin + static_cast<int64_t>(read));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) Fail("read", path, errno);
      if (n == 0) Fail("read", path, EIO);  // it became shorter meanwhile
      read += static_cast<size_t>(n);
    }
    const size_t found = std::string_view(buffer.data(), count).rfind('\n');
    if (found != std::string_view::npos) return begin + static_cast<int64_t>(found) + 1;
  }
  return 0;
}

// A new file is only sure to be found after a crash once its folder is on disk too.
void SyncFolder(const std::string& path) {
  const size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const int file = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) Fail("sync the folder of", path, errno);
  const int error = fsync(file) == 0 ? 0 : errno;
  close(file);
  if (error != 0) Fail("sync the folder of", path, error);
}

// Whether the path still leads to the open file, which someone else may have replaced.
bool IsAt(const std::string& path, int file) {
  struct stat here, there;
  return fstat(file, &here) == 0 && stat(path.c_str(), &there) == 0 &&
         here.st_dev == there.st_dev && here.st_ino == there.st_ino;
}

// Opens and locks; creates the file if it is missing.
int OpenLocked(const std::string& path) {
  constexpr int kFlags = O_RDWR | O_APPEND | O_CLOEXEC;
  int file = open(path.c_str(), kFlags);
  const bool created = file < 0 && errno == ENOENT;
  if (created) file = open(path.c_str(), kFlags | O_CREAT, 0666);
  if (file < 0) Fail("open", path, errno);
  try {
    if (flock(file, LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK) Fail("lock", path, errno);
      throw JournalError("journal " + path + " is in use by another process");
    }
    if (!IsAt(path, file)) throw JournalError("journal " + path + " was replaced meanwhile");
    if (created) SyncFolder(path);
  } catch (...) {
    close(file);
    throw;
  }
  return file;
}

}  // namespace

Journal::Journal(std::string path) : path_(std::move(path)), file_(OpenLocked(path_)) {
  try {
    struct stat status;
    if (fstat(file_, &status) != 0) Fail("read", path_, errno);
    end_ = EndOfLines(file_, status.st_size, path_);
    torn_bytes_ = status.st_size - end_;
    torn_ = torn_bytes_ > 0;
  } catch (...) {
    close(file_);
    throw;
  }
}

Journal::~Journal() { close(file_); }

void Journal::Append(std::string_view line) {
  if (line.find('\n') != std::string_view::npos) {
    throw std::invalid_argument("a line of a journal must not contain a line break");
  }
  std::string text(line);
  text += '\n';

  const std::lock_guard<std::mutex> lock(mutex_);
  if (sync_error_ != 0) Fail("sync", path_, sync_error_);
  if (torn_ && ftruncate(file_, end_) != 0) Fail("repair", path_, errno);
  // Until the line is on disk, whatever stands after end_ is no line.
  torn_ = true;
  ssize_t written;
  do {
    written = write(file_, text.data(), text.size());
  } while (written < 0 && errno == EINTR);
  int error = written < 0 ? errno : 0;
  if (error == 0 && static_cast<size_t>(written) != text.size()) {
    error = ENOSPC;  // the only reason for half a write to a file
  }
  if (error == 0 && fdatasync(file_) != 0) error = sync_error_ = errno;
  if (error != 0) {
    if (ftruncate(file_, end_) == 0) torn_ = false;
    Fail(sync_error_ != 0 ? "sync" : "write to", path_, error);
  }
  torn_ = false;
  end_ += static_cast<int64_t>(text.size());
}

}  // namespace grove::sched
