// Ctrl-C, SIGTERM and a session that hangs up, as a flag that jobs look at; and SIGUSR1, by which a
// scheduler or a user asks for what was computed to be saved.
#pragma once

#include <atomic>

namespace grove::sched {

// While it lives, the first SIGINT, SIGTERM or SIGHUP only sets stop(). A second one kills the
// process at once, as if nothing were installed. Only within `grace_seconds` of the first it is
// taken for the same one: timeout(1) and some shells send a signal to the process and to its group,
// which takes them less than a millisecond; no one presses Ctrl-C twice within 50.
//
// A SIGHUP that was ignored when this began stays ignored: so nohup(1) starts a program that is to
// outlive its session. (SIGINT is handled even then, because scripts start what runs in the
// background so, and may still mean to stop it.)
//
// Each SIGUSR1 only adds one to saves().
//
// Its end restores what was installed before. One at a time in a process (std::logic_error
// otherwise); a new one starts with stop() false.
class StopOnSignal {
 public:
  explicit StopOnSignal(double grace_seconds = 0.05);
  ~StopOnSignal();
  StopOnSignal(const StopOnSignal&) = delete;
  StopOnSignal& operator=(const StopOnSignal&) = delete;

  // Both valid for the life of the process. Whoever gives up for a reason of his own sets stop()
  // too; signal() then stays 0.
  std::atomic<bool>& stop() const;
  const std::atomic<unsigned>& saves() const;
  // SIGINT, SIGTERM or SIGHUP, whichever came first; 0 if none did.
  int signal() const;
};

}  // namespace grove::sched
