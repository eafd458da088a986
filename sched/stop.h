// Ctrl-C and SIGTERM as a flag that jobs look at.
#pragma once

#include <atomic>

namespace grove::sched {

// While it lives, the first SIGINT or SIGTERM only sets stop(). A later one kills the process as if
// nothing were installed, but not within `grace_seconds` of the first: timeout(1) and some shells
// send the same signal twice, to the process and to its group. Its end restores what was installed
// before. One at a time in a process (std::logic_error otherwise); a new one starts with stop()
// false.
class StopOnSignal {
 public:
  explicit StopOnSignal(double grace_seconds = 1);
  ~StopOnSignal();
  StopOnSignal(const StopOnSignal&) = delete;
  StopOnSignal& operator=(const StopOnSignal&) = delete;

  // Valid for the life of the process.
  const std::atomic<bool>& stop() const;
  // SIGINT or SIGTERM, whichever came first; 0 if none did.
  int signal() const;
};

}  // namespace grove::sched
