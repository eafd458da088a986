#include "perf/sampler.h"

#include <execinfo.h>
#include <signal.h>
#include <sys/time.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <stdexcept>

namespace grove::perf {
namespace {

// A signal handler may not allocate: stacks go into memory that was taken before.
constexpr int kDepth = 32;
struct RawStack {
  int depth;
  void* frames[kDepth];
};
std::vector<RawStack> raw;
std::atomic<size_t> taken{0};

void OnTimer(int) {
  const int saved_errno = errno;
  const size_t i = taken.load(std::memory_order_relaxed);
  if (i < raw.size()) {
    raw[i].depth = backtrace(raw[i].frames, kDepth);
    taken.store(i + 1, std::memory_order_relaxed);
  }
  errno = saved_errno;
}

// The timer of the clock: those of processor time go by the kernel's ticks, a few hundred a second.
void SetTimer(int microseconds) {
  itimerval interval{};
  interval.it_interval.tv_usec = interval.it_value.tv_usec = microseconds;
  if (setitimer(ITIMER_REAL, &interval, nullptr) != 0) throw std::runtime_error("no timer");
}

}  // namespace

std::vector<Stack> Sample(double seconds, const std::function<void()>& work) {
  using Clock = std::chrono::steady_clock;
  constexpr int kMicroseconds = 500;
  raw.resize(static_cast<size_t>(2 * seconds * 1e6 / kMicroseconds));  // the last call may be long
  taken = 0;
  RawStack first;
  backtrace(first.frames, kDepth);  // loads what it needs, which a signal handler may not
  using Action = struct sigaction;
  Action action{}, before{};
  action.sa_handler = OnTimer;
  action.sa_flags = SA_RESTART;
  if (sigaction(SIGALRM, &action, &before) != 0) throw std::runtime_error("no signal handler");
  SetTimer(kMicroseconds);
  const Clock::time_point start = Clock::now();
  while (Clock::now() - start < std::chrono::duration<double>(seconds)) work();
  SetTimer(0);
  sigaction(SIGALRM, &before, nullptr);

  std::vector<Stack> stacks;
  for (size_t i = 0; i < taken; ++i) {
    Stack stack;
    // The handler and the system's frame for it stand before the place that was interrupted.
    for (int f = 2; f < raw[i].depth; ++f) {
      const uintptr_t address = reinterpret_cast<uintptr_t>(raw[i].frames[f]);
      stack.push_back(f == 2 ? address : address - 1);
    }
    stacks.push_back(stack);
  }
  raw.clear();
  return stacks;
}

}  // namespace grove::perf
