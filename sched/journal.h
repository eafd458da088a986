// An append-only file of lines: what was appended stays, whatever happens next. The lines are
// opaque.
#pragma once

#include <cstdint>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>

namespace grove::sched {

// A journal that cannot be opened, locked, read or written; the message is one line with the path
// and the system's reason.
class JournalError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A journal opened for appending. Holds an exclusive lock on the file (flock) while it lives, so
// that two processes cannot write to the same journal.
class Journal {
 public:
  // Creates the file if it is missing (its folder must exist), locks it and finds the end of its
  // lines. Nothing that is in the file is changed yet: a torn last line, which is what stands
  // behind the last '\n', is cut off by the first Append.
  explicit Journal(std::string path);
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  const std::string& path() const { return path_; }
  // Bytes of the torn last line, as it was opened; 0: none.
  int64_t torn_bytes() const { return torn_bytes_; }

  // Appends `line` and a '\n' with one write, and returns when it is on disk. `line` must not
  // contain '\n' (std::invalid_argument). If the write fails, the file is left as it was and
  // JournalError is thrown. Thread-safe.
  //
  // If the system could not sync the file, that is final: it may have dropped what it could not
  // write and say of the next sync that all is well. Every later Append throws, too; whoever opens
  // the journal anew sees what is there.
  void Append(std::string_view line);

 private:
  std::string path_;
  int file_ = -1;
  int64_t torn_bytes_ = 0;
  std::mutex mutex_;
  int64_t end_ = 0;     // bytes of complete lines
  bool torn_ = false;   // bytes after end_ are to be cut off
  int sync_error_ = 0;  // of the sync that failed; 0: none did
};

}  // namespace grove::sched
