#include "sched/journal.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace grove::sched {
namespace {

[[noreturn]] void Fail(const std::string& what, const std::string& path, int error) {
  throw JournalError("cannot " + what + " journal " + path + ": " + std::strerror(error));
}

// Everything from the file's position on.
std::string ReadAll(int file, const std::string& path) {
  std::string text;
  std::array<char, 1 << 16> buffer;
  for (;;) {
    const ssize_t count = read(file, buffer.data(), buffer.size());
    if (count == 0) return text;
    if (count > 0) {
      text.append(buffer.data(), static_cast<size_t>(count));
    } else if (errno != EINTR) {
      Fail("read", path, errno);
    }
  }
}

std::vector<std::string> CompleteLines(const std::string& text) {
  std::vector<std::string> lines;
  size_t begin = 0;
  for (size_t end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
    lines.push_back(text.substr(begin, end - begin));
  }
  return lines;
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

// Opens and locks; creates the file if it is missing.
int OpenLocked(const std::string& path) {
  constexpr int kFlags = O_RDWR | O_APPEND | O_CLOEXEC;
  int file = open(path.c_str(), kFlags);
  const bool created = file < 0 && errno == ENOENT;
  if (created) file = open(path.c_str(), kFlags | O_CREAT, 0666);
  if (file < 0) Fail("open", path, errno);
  if (flock(file, LOCK_EX | LOCK_NB) != 0) {
    const int error = errno;
    close(file);
    if (error == EWOULDBLOCK) {
      throw JournalError("journal " + path + " is in use by another process");
    }
    Fail("lock", path, error);
  }
  if (created) SyncFolder(path);
  return file;
}

}  // namespace

std::vector<std::string> ReadJournalLines(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    if (errno == ENOENT) return {};
    Fail("open", path, errno);
  }
  try {
    const std::string text = ReadAll(file, path);
    close(file);
    return CompleteLines(text);
  } catch (...) {
    close(file);
    throw;
  }
}

Journal::Journal(std::string path) : path_(std::move(path)), file_(OpenLocked(path_)) {
  try {
    const std::string text = ReadAll(file_, path_);
    lines_ = CompleteLines(text);
    end_ = static_cast<int64_t>(text.rfind('\n') + 1);  // npos + 1 == 0
    torn_ = static_cast<size_t>(end_) != text.size();
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
  if (error == 0 && fdatasync(file_) != 0) error = errno;
  if (error != 0) {
    if (ftruncate(file_, end_) == 0) torn_ = false;
    Fail("write to", path_, error);
  }
  torn_ = false;
  end_ += static_cast<int64_t>(text.size());
}

}  // namespace grove::sched
