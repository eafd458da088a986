#include "engine/files/files.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cassert>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <system_error>
#include <vector>

#include "engine/error.h"
#include "engine/files/folders.h"

namespace grove {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void ThrowSystemError(const std::string& path, int error) {
  throw Error(path + ": " + std::generic_category().message(error));
}

// No disk takes longer for it than a user waits after Ctrl-C.
constexpr size_t kMostReadAtOnce = size_t{4} << 20;

const std::atomic<bool> kNeverStop = false;

struct Duplicate {
  int descriptor;
};

// An open file descriptor, closed on destruction. Faults are reported under `name`.
class Descriptor {
 public:
  Descriptor(const std::string& path, int flags, const std::string& name) : name_(name) {
    do {
      fd_ = open(path.c_str(), flags | O_CLOEXEC, 0666);
    } while (fd_ < 0 && errno == EINTR);
    if (fd_ < 0) ThrowSystemError(name_, errno);
  }
  // Writes where the other one stands, and appends if it does.
  Descriptor(Duplicate of, const std::string& name) : name_(name) {
    fd_ = fcntl(of.descriptor, F_DUPFD_CLOEXEC, 0);
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

  // Nothing if stopped.
  std::optional<std::string> ReadAll(const std::atomic<bool>& stop) {
    std::string contents;
    size_t used = 0;
    while (true) {
      if (stop.load(std::memory_order_relaxed)) return std::nullopt;
      if (used == contents.size()) contents.resize(std::max<size_t>(2 * used, 1 << 16));
      const size_t room = std::min(contents.size() - used, kMostReadAtOnce);
      const size_t n = ReadSome(contents.data() + used, room);
      if (n == 0) break;
      used += n;
    }
    contents.resize(used);
    return contents;
  }

  // As many bytes as there are at once, at most `most`; 0 at the end.
  size_t ReadSome(char* to, size_t most) {
    while (true) {
      const ssize_t n = read(fd_, to, most);
      if (n >= 0) return static_cast<size_t>(n);
      if (errno == EAGAIN) {  // a terminal or a pipe that someone else made non-blocking
        pollfd empty{fd_, POLLIN, 0};
        poll(&empty, 1, -1);
      } else if (errno != EINTR) {
        ThrowSystemError(name_, errno);
      }
    }
  }

  void Rewind() {
    if (lseek(fd_, 0, SEEK_SET) != 0) ThrowSystemError(name_, errno);
  }

  void WriteAll(std::string_view contents) {
    while (!contents.empty()) {
      const ssize_t n = write(fd_, contents.data(), contents.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0 && errno == EAGAIN) {  // a pipe that someone else made non-blocking, and is full
        pollfd full{fd_, POLLOUT, 0};
        poll(&full, 1, -1);
        continue;
      }
      if (n < 0) ThrowSystemError(name_, errno);
      contents.remove_prefix(static_cast<size_t>(n));
    }
  }

  // A file system without locks does without.
  void Lock() { flock(fd_, LOCK_EX | LOCK_NB); }

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

void RequireRegular(const std::string& path) {
  struct stat status;
  if (stat(path.c_str(), &status) != 0) ThrowSystemError(path, errno);
  RequireRegular(path, status);
}

// Where writing to a path leads.
struct Target {
  std::string path;  // links resolved; the file itself need not exist
  // A descriptor of this process, for a path such as /dev/stdout; else -1.
  int descriptor = -1;
  bool in_place = false;  // to be written where it is: a pipe, a device, or what others have open
};

bool IsNumber(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// Whether `link` stands in a folder of open files, as /proc/self/fd is one. If they are those of
// this process, `descriptor` is set.
bool IsOpenFile(const fs::path& link, int& descriptor) {
  const std::string name = link.filename().string();
  std::error_code error;
  const fs::path folder = fs::canonical(link.has_parent_path() ? link.parent_path() : ".", error);
  if (error || !IsNumber(name) || folder.filename() != "fd") return false;
  std::vector<std::string> parts;  // proc PID [task TID] fd
  for (const fs::path& part : folder.relative_path()) parts.push_back(part.string());
  if (parts.size() < 3 || parts[0] != "proc" || !IsNumber(parts[1])) return false;
  if (parts[1] == std::to_string(getpid())) descriptor = std::atoi(name.c_str());
  return true;
}

Target FindTarget(const std::string& path) {
  if (path.empty()) throw Error("an empty path names no file");
  Target target{path};
  constexpr int kMostLinks = 40;  // as the system has it
  for (int links = 0;; ++links) {
    if (IsOpenFile(target.path, target.descriptor)) {
      target.in_place = true;
      break;
    }
    std::error_code not_a_link;
    const fs::path next = fs::read_symlink(target.path, not_a_link);
    if (not_a_link) break;
    if (links == kMostLinks) ThrowSystemError(path, ELOOP);
    target.path = (fs::path(target.path).parent_path() / next).string();
  }
  struct stat status;
  if (target.descriptor < 0 && stat(target.path.c_str(), &status) == 0) {
    if (S_ISDIR(status.st_mode)) throw Error(path + ": is a folder, not a file");
    target.in_place |= !S_ISREG(status.st_mode);
  }
  return target;
}

// No other process uses the same name, not on another machine with the same folder either.
std::string TemporaryPath(const std::string& target) {
  static const unsigned kProcess = std::random_device()();
  static std::atomic<unsigned> counter = 0;
  return target + kUnfinished + std::to_string(getpid()) + "-" + std::to_string(kProcess) + "-" +
         std::to_string(counter++);
}

}  // namespace

std::string ReadFile(const std::string& path) {
  return *Descriptor(path, O_RDONLY, path).ReadAll(kNeverStop);
}

std::string ReadRegularFile(const std::string& path) { return *ReadRegularFile(path, kNeverStop); }

std::optional<std::string> ReadRegularFile(const std::string& path, const std::atomic<bool>& stop) {
  RequireRegular(path);
  // Something else may stand there by now: a pipe must not hold us up.
  Descriptor file(path, O_RDONLY | O_NONBLOCK, path);
  RequireRegular(path, file.Status());
  return file.ReadAll(stop);
}

struct FileWriter::State {
  State(const Target& where, const std::string& name)
      : target(where),
        path(name),
        temporary(target.in_place ? "" : TemporaryPath(target.path)),
        file(Open(target, temporary, name)) {
    // Without it others would take the file for one whose writer died (folders.h).
    if (!temporary.empty()) file.Lock();
  }
  ~State() {
    if (!temporary.empty()) unlink(temporary.c_str());
  }

  // What is written in place stays: a pipe or a device is no file to be replaced, and whoever
  // appends to an open file would go on writing to the one that is gone.
  static Descriptor Open(const Target& target, const std::string& temporary,
                         const std::string& name) {
    if (target.descriptor >= 0) return Descriptor(Duplicate{target.descriptor}, name);
    if (target.in_place) return Descriptor(target.path, O_WRONLY | O_APPEND | O_NOCTTY, name);
    return Descriptor(temporary, O_WRONLY | O_CREAT | O_TRUNC, name);
  }

  Target target;
  std::string path;       // as given
  std::string temporary;  // empty: written in place, or committed
  Descriptor file;
};

FileWriter::FileWriter(const std::string& path, Kind kind) {
  const Target target = FindTarget(path);
  if (kind == Kind::kOnlyFiles && target.in_place) {
    throw Error(path + ": must be a file proper: its first bytes are written last");
  }
  state_ = std::make_unique<State>(target, path);
}
FileWriter::~FileWriter() = default;

void FileWriter::Write(std::string_view bytes) { state_->file.WriteAll(bytes); }

void FileWriter::WriteFirst(std::string_view bytes) {
  assert(!state_->target.in_place);
  state_->file.Rewind();
  state_->file.WriteAll(bytes);
}

void FileWriter::Commit() {
  State& state = *state_;
  if (!state.target.in_place) state.file.Sync();
  state.file.Close();
  if (state.target.in_place) return;
  if (rename(state.temporary.c_str(), state.target.path.c_str()) != 0) {
    ThrowSystemError(state.path, errno);
  }
  state.temporary.clear();
  SyncFolderOf(state.target.path);
}

void WriteFileAtomically(const std::string& path, std::string_view contents) {
  FileWriter file(path);
  file.Write(contents);
  file.Commit();
}

struct FileReader::State {
  template <typename... Arguments>
  explicit State(const Arguments&... arguments) : file(arguments...) {}
  Descriptor file;
};

FileReader::FileReader(const std::string& path, Kind kind) {
  const bool only_files = kind == Kind::kOnlyFiles;
  if (path == "-" && !only_files) {
    state_ = std::make_unique<State>(Duplicate{STDIN_FILENO}, std::string("standard input"));
    return;
  }
  if (only_files) RequireRegular(path);
  state_ = std::make_unique<State>(path, O_RDONLY | (only_files ? O_NONBLOCK : 0), path);
  if (only_files) RequireRegular(path, state_->file.Status());
}
FileReader::~FileReader() = default;

bool FileReader::Read(std::string& to) {
  constexpr size_t kMost = 1 << 18;
  const size_t used = to.size();
  to.resize(used + kMost);
  const size_t n = state_->file.ReadSome(to.data() + used, kMost);
  to.resize(used + n);
  return n > 0;
}

void RenameFile(const std::string& from, const std::string& to) {
  if (rename(from.c_str(), to.c_str()) != 0) ThrowSystemError(to, errno);
  SyncFolderOf(to);
}

void CheckWritable(const std::string& path) {
  const Target target = FindTarget(path);
  if (target.descriptor >= 0) {
    const int flags = fcntl(target.descriptor, F_GETFL);
    if (flags < 0) ThrowSystemError(path, errno);
    if ((flags & O_ACCMODE) == O_RDONLY) throw Error(path + ": is open for reading only");
  } else if (target.in_place) {
    // Opening a pipe would wait for its reader.
    if (faccessat(AT_FDCWD, target.path.c_str(), W_OK, AT_EACCESS) != 0) {
      ThrowSystemError(path, errno);
    }
  } else {
    const std::string temporary = TemporaryPath(target.path);
    const Descriptor file(temporary, O_WRONLY | O_CREAT | O_EXCL, path);
    // Where no name can be removed, none can be replaced.
    if (unlink(temporary.c_str()) != 0) ThrowSystemError(path, errno);
  }
}

}  // namespace grove
