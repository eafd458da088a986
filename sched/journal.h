// An append-only file of lines: what was appended stays, whatever happens next. The lines are
// opaque.
#pragma once

#include <cstdint>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace grove::sched {

// A journal that cannot be opened, locked, read or written; the message is one line with the path
// and the system's reason.
class JournalError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The complete lines of the file, without their '\n'. What follows the last '\n' was torn by a
// crash and is left out. A missing file has no lines. Takes no lock.
std::vector<std::string> ReadJournalLines(const std::string& path);

// A journal opened for appending. Holds an exclusive lock on the file (flock) while it lives, so
// that two processes cannot write to the same journal.
class Journal {
 public:
  // Creates the file if it is missing (its folder must exist), locks it and reads its lines.
  // Nothing that is in the file is changed yet: a torn last line is cut off by the first Append.
  explicit Journal(std::string path);
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  const std::string& path() const { return path_; }
  // The complete lines that were there when the journal was opened.
  const std::vector<std::string>& lines() const { return lines_; }

  // Appends `line` and a '\n' with one write, and returns when it is on disk. `line` must not
  // contain
  // '\n' (std::invalid_argument). If the write fails, the file is left as it was and JournalError
  // is thrown. Thread-safe.
  void Append(std::string_view line);

 private:
  std::string path_;
  std::vector<std::string> lines_;
  int file_ = -1;
  std::mutex mutex_;
  int64_t end_ = 0;    // bytes of complete lines
  bool torn_ = false;  // bytes after end_ are to be cut off
};

}  // namespace grove::sched
