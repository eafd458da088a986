// Which call of this process meets a fault, and which; what fault_library.cc asks before each.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "tests/faults/durable_image.h"

namespace grove::faults {

// As in fault_library.cc.
enum class Kind { kNone, kKill, kEio, kEnospc, kHalf, kUnsynced };

// Ends the process with exit code 125 and one line: what was asked for cannot be done.
[[noreturn]] void Refuse(const std::string& what);

// True while a thread is in the library: the calls that the library makes are let through.
bool IsInside();

class Inside {
 public:
  Inside();
  ~Inside();
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;
};

// The one fault of this process, as the environment asks for it, and the count of calls up to it.
class Injector {
 public:
  // Never destroyed: what the program does in its own ends counts too.
  static Injector& Get();

  // The way of `path` from the folder on, "." for the folder itself; nothing if it lies elsewhere.
  std::optional<std::string> PlaceOf(const std::filesystem::path& path) const;

  // Held while a call is counted and done, so that the log has the order of the calls.
  std::mutex& mutex() { return mutex_; }
  // Null unless the fault is kUnsynced.
  DurableImage* image() { return image_.get(); }

  // Counts a call, logs it, and says which fault it meets.
  Kind Meet(const std::string& call);
  // Puts the folder back to what is durable.
  void LosePower();
  // Called when the program ends.
  void End();

 private:
  Injector();

  std::string folder_;
  Kind kind_ = Kind::kNone;
  long at_ = 0;
  long count_ = 0;
  int log_ = -1;
  std::mutex mutex_;
  std::unique_ptr<DurableImage> image_;
};

}  // namespace grove::faults
