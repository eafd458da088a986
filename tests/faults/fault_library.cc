// A library to be loaded before a program (LD_PRELOAD) that makes one call of it to the file system
// go wrong: what crash safety promises is then looked at on disk (tests/faults/run).
//
// It numbers, from 1, the calls that change anything in one folder: opening for writing, writing,
// syncing, renaming, truncating, removing, making a folder. Reading is not counted, nor what
// programs do that are started by this one, nor stdio's own writes, of which Grove has none. The
// call with the given number meets one of five faults:
//
//   kill      the process is killed (SIGKILL) before the call
//   eio       the call does nothing and fails with EIO; all later ones work
//   enospc    the same with ENOSPC
//   half      a write writes the first half of its bytes, any other call is done; then the process
//             is killed
//   unsynced  the power fails before the call: the folder is put back to what was durable by then
//             (durable_image.h says what that is), and the process is killed. If the number lies
//             behind the last call, the power fails when the program has ended.
//
// The environment says what to do:
//   GROVE_FAULT_FOLDER  the folder, which must exist
//   GROVE_FAULT_KIND    one of the five, or none
//   GROVE_FAULT_AT      the number of the call
//   GROVE_FAULT_LOG     a file that gets a line for each call: number, name and path in the folder
// What is wrong there ends the program with exit code 125 and a line that says so.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>

#include "tests/faults/injector.h"

namespace {

namespace fs = std::filesystem;
using grove::faults::DurableImage;
using grove::faults::Injector;
using grove::faults::Inside;
using grove::faults::IsInside;
using grove::faults::Kind;
using grove::faults::Refuse;

[[noreturn]] void Die() {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

__attribute__((constructor)) void Begin() {
  const Inside guard;
  Injector::Get();
}

__attribute__((destructor)) void End() {
  const Inside guard;
  Injector::Get().End();
}

// The function that this library stands before.
template <typename Function>
Function* Next(const char* name) {
  auto* found = reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
  if (found == nullptr) Refuse(std::string(name) + ": the system has no such function");
  return found;
}

// Empty for what has no path, such as a pipe.
std::string PathOf(int descriptor) {
  std::error_code error;
  const fs::path path = fs::read_symlink("/proc/self/fd/" + std::to_string(descriptor), error);
  return path.is_absolute() ? path.string() : "";
}

fs::path PathAt(int folder, const char* path) {
  return folder == AT_FDCWD ? fs::path(path) : fs::path(PathOf(folder)) / path;
}

// Does the call `name` on `path`, or what its fault makes of it. `half` is what is done of it
// before the process is killed.
template <typename Action, typename Half>
auto Do(const std::string& name, const fs::path& path, const std::string& more, Action action,
        Half half) -> decltype(action()) {
  if (IsInside()) return action();
  const Inside guard;
  Injector& injector = Injector::Get();
  const std::optional<std::string> place = injector.PlaceOf(path);
  if (!place) return action();
  const std::lock_guard lock(injector.mutex());
  switch (injector.Meet(name + " " + *place + more)) {
    case Kind::kNone:
      return action();
    case Kind::kKill:
      Die();
    case Kind::kEio:
      errno = EIO;
      return -1;
    case Kind::kEnospc:
      errno = ENOSPC;
      return -1;
    case Kind::kHalf:
      half();
      Die();
    case Kind::kUnsynced:
      injector.LosePower();
      Die();
  }
  return -1;
}

template <typename Action>
auto Do(const std::string& name, const fs::path& path, const std::string& more, Action action) {
  return Do(name, path, more, action, action);
}

// Does `action`, by which `path` loses the file that it names, if it names one.
template <typename Action>
int Lose(const fs::path& path, Action action) {
  struct stat status;
  const bool last_name =
      lstat(path.c_str(), &status) == 0 && (S_ISDIR(status.st_mode) || status.st_nlink == 1);
  const int result = action();
  DurableImage* image = Injector::Get().image();
  if (result == 0 && last_name && image != nullptr) image->Forget(status.st_ino);
  return result;
}

template <typename Action>
int Open(const fs::path& path, int flags, Action action) {
  if ((flags & (O_ACCMODE | O_CREAT | O_TRUNC)) == O_RDONLY) return action();
  return Do("open", path, (flags & O_CREAT) != 0 ? " (may create it)" : "", action);
}

template <typename Action, typename Half>
ssize_t Write(const char* name, int file, size_t size, Action action, Half half) {
  if (IsInside()) return action();
  return Do(name, PathOf(file), " " + std::to_string(size) + " bytes", action, half);
}

template <typename Action>
int Sync(const char* name, int file, Action action) {
  if (IsInside()) return action();
  return Do(name, PathOf(file), "", [&] {
    const int result = action();
    DurableImage* image = Injector::Get().image();
    if (result == 0 && image != nullptr) image->Sync(file);
    return result;
  });
}

template <typename Action>
int Rename(const fs::path& from, const fs::path& to, Action action) {
  return Do("rename", to, " from " + from.filename().string(), [&] { return Lose(to, action); });
}

template <typename Action>
int Remove(const char* name, const fs::path& path, Action action) {
  return Do(name, path, "", [&] { return Lose(path, action); });
}

}  // namespace

// The functions that stand before the system's, under their names there.
// NOLINTBEGIN(readability-identifier-naming,readability-inconsistent-declaration-parameter-name)
extern "C" {

#define GROVE_MODE(last)                 \
  va_list rest;                          \
  va_start(rest, last);                  \
  const mode_t mode = va_arg(rest, int); \
  va_end(rest)

int open(const char* path, int flags, ...) {
  GROVE_MODE(flags);
  static auto* const next = Next<int(const char*, int, ...)>("open");
  return Open(path, flags, [&] { return next(path, flags, mode); });
}
int open64(const char* path, int flags, ...) {
  GROVE_MODE(flags);
  static auto* const next = Next<int(const char*, int, ...)>("open64");
  return Open(path, flags, [&] { return next(path, flags, mode); });
}
int openat(int folder, const char* path, int flags, ...) {
  GROVE_MODE(flags);
  static auto* const next = Next<int(int, const char*, int, ...)>("openat");
  return Open(PathAt(folder, path), flags, [&] { return next(folder, path, flags, mode); });
}
int openat64(int folder, const char* path, int flags, ...) {
  GROVE_MODE(flags);
  static auto* const next = Next<int(int, const char*, int, ...)>("openat64");
  return Open(PathAt(folder, path), flags, [&] { return next(folder, path, flags, mode); });
}
int creat(const char* path, mode_t mode) { return open(path, O_WRONLY | O_CREAT | O_TRUNC, mode); }

ssize_t write(int file, const void* bytes, size_t size) {
  static auto* const next = Next<ssize_t(int, const void*, size_t)>("write");
  return Write(
      "write", file, size, [&] { return next(file, bytes, size); },
      [&] { return next(file, bytes, size / 2); });
}
ssize_t pwrite(int file, const void* bytes, size_t size, off_t offset) {
  static auto* const next = Next<ssize_t(int, const void*, size_t, off_t)>("pwrite");
  return Write(
      "pwrite", file, size, [&] { return next(file, bytes, size, offset); },
      [&] { return next(file, bytes, size / 2, offset); });
}
ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t offset) {
  return pwrite(file, bytes, size, offset);
}

int fsync(int file) {
  static auto* const next = Next<int(int)>("fsync");
  return Sync("fsync", file, [&] { return next(file); });
}
int fdatasync(int file) {
  static auto* const next = Next<int(int)>("fdatasync");
  return Sync("fdatasync", file, [&] { return next(file); });
}

int rename(const char* from, const char* to) noexcept {
  static auto* const next = Next<int(const char*, const char*)>("rename");
  return Rename(from, to, [&] { return next(from, to); });
}
int renameat(int from_folder, const char* from, int to_folder, const char* to) noexcept {
  static auto* const next = Next<int(int, const char*, int, const char*)>("renameat");
  return Rename(PathAt(from_folder, from), PathAt(to_folder, to),
                [&] { return next(from_folder, from, to_folder, to); });
}

int truncate(const char* path, off_t size) noexcept {
  static auto* const next = Next<int(const char*, off_t)>("truncate");
  return Do("truncate", path, "", [&] { return next(path, size); });
}
int truncate64(const char* path, off64_t size) noexcept { return truncate(path, size); }
int ftruncate(int file, off_t size) noexcept {
  static auto* const next = Next<int(int, off_t)>("ftruncate");
  if (IsInside()) return next(file, size);
  return Do("ftruncate", PathOf(file), "", [&] { return next(file, size); });
}
int ftruncate64(int file, off64_t size) noexcept { return ftruncate(file, size); }

int unlink(const char* path) noexcept {
  static auto* const next = Next<int(const char*)>("unlink");
  return Remove("unlink", path, [&] { return next(path); });
}
int unlinkat(int folder, const char* path, int flags) noexcept {
  static auto* const next = Next<int(int, const char*, int)>("unlinkat");
  return Remove("unlinkat", PathAt(folder, path), [&] { return next(folder, path, flags); });
}
int remove(const char* path) noexcept {
  static auto* const next = Next<int(const char*)>("remove");
  return Remove("remove", path, [&] { return next(path); });
}
int rmdir(const char* path) noexcept {
  static auto* const next = Next<int(const char*)>("rmdir");
  return Remove("rmdir", path, [&] { return next(path); });
}

int mkdir(const char* path, mode_t mode) noexcept {
  static auto* const next = Next<int(const char*, mode_t)>("mkdir");
  return Do("mkdir", path, "", [&] { return next(path, mode); });
}
int mkdirat(int folder, const char* path, mode_t mode) noexcept {
  static auto* const next = Next<int(int, const char*, mode_t)>("mkdirat");
  return Do("mkdir", PathAt(folder, path), "", [&] { return next(folder, path, mode); });
}

}  // extern "C"
// NOLINTEND(readability-identifier-naming,readability-inconsistent-declaration-parameter-name)
