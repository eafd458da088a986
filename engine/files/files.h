// Whole files in, whole files out; and the same piece by piece, where a whole is too much to hold.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace grove {

// The bytes of `path`. Throws Error with the path and the system's reason.
std::string ReadFile(const std::string& path);

// The same for a file proper, which stays what it is while it is read and can be read again. Throws
// Error also for a pipe, a device, a socket and a folder, and says what to do; none is opened.
std::string ReadRegularFile(const std::string& path);
// The same, or nothing if `stop` became true before the end: it is looked at every few megabytes.
std::optional<std::string> ReadRegularFile(const std::string& path, const std::atomic<bool>& stop);

// Makes `path` hold exactly `contents`, or leaves it as it was: writes a temporary file in the same
// folder, syncs it, renames it over `path` and syncs the folder. A symbolic link is followed.
//
// What no rename may replace is written to where it is, as `cat` would: a pipe, a device, and what
// is open under a path such as /dev/stdout, /dev/fd/3 or /proc/self/fd/3, be it a file that others
// append to. Throws Error with the path and the system's reason; also if `path` is a folder.
void WriteFileAtomically(const std::string& path, std::string_view contents);

// What WriteFileAtomically does, piece by piece: what it puts in place is there after Commit, and
// without one everything stays as it was. Only to a pipe, a device or an open file the pieces go at
// once. Throws Error likewise.
class FileWriter {
 public:
  enum class Kind { kAny, kOnlyFiles };  // kOnlyFiles: what is written at once is an Error

  explicit FileWriter(const std::string& path, Kind kind = Kind::kAny);
  ~FileWriter();
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;

  void Write(std::string_view bytes);
  // Puts `bytes` in the place of the first ones. For kOnlyFiles.
  void WriteFirst(std::string_view bytes);
  void Commit();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// A file, a pipe, or standard input ("-"), read as its bytes come.
class FileReader {
 public:
  // kOnlyFiles: anything but a file proper is the Error of ReadRegularFile.
  enum class Kind { kAny, kOnlyFiles };

  explicit FileReader(const std::string& path, Kind kind = Kind::kAny);
  ~FileReader();
  FileReader(const FileReader&) = delete;
  FileReader& operator=(const FileReader&) = delete;

  // Appends what is there, at most 256 KiB, and waits only where nothing is; false at the end.
  bool Read(std::string& to);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Gives a file its other name, in the place of what has that name, and syncs the folder of it.
// Throws Error with the new path and the system's reason.
void RenameFile(const std::string& from, const std::string& to);

// Throws the Error that WriteFileAtomically would, as far as it can be known before there is
// anything to write: a folder that is missing or not writable, a path that is a folder, a closed
// descriptor. Leaves nothing behind, and waits for no reader of a pipe.
void CheckWritable(const std::string& path);

}  // namespace grove
