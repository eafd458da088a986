// Ctrl-C and SIGTERM as a flag that jobs look at.
#pragma once

#include <atomic>

namespace grove::sched {

// While it lives, the first SIGINT or SIGTERM only sets stop(); it also gives both signals back to
// the system, so that a second one kills the process. Its end restores what was installed before.
// One at a time in a process (std::logic_error otherwise); a new one starts with stop() false.
class StopOnSignal {
 public:
  StopOnSignal();
  ~StopOnSignal();
  StopOnSignal(const StopOnSignal&) = delete;
  StopOnSignal& operator=(const StopOnSignal&) = delete;

  // Valid for the life of the process.
  const std::atomic<bool>& stop() const;
  // SIGINT or SIGTERM, whichever came first; 0 if none did.
  int signal() const;
};

}  // namespace grove::sched
