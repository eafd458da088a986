#include "sched/stop.h"

#include <signal.h>
#include <time.h>

#include <cerrno>
#include <cstdint>
#include <stdexcept>

namespace grove::sched {
namespace {

// All that the handler touches are lock-free atomics and functions that are safe in a signal
// handler.
std::atomic<bool> stop_flag{false};
std::atomic<int> first_signal{0};
std::atomic<int64_t> first_time{0};  // nanoseconds
std::atomic<int64_t> grace{0};       // nanoseconds
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int64_t>::is_always_lock_free);

std::atomic<bool> installed{false};
struct sigaction previous_int;
struct sigaction previous_term;

int64_t Now() {
  timespec now = {};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

// For SIGINT and SIGTERM alike; each is held back while the other is handled.
void Install(void (*handler)(int), struct sigaction* old_int, struct sigaction* old_term) {
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;  // no write or read fails because of us
  sigemptyset(&action.sa_mask);
  sigaddset(&action.sa_mask, SIGINT);
  sigaddset(&action.sa_mask, SIGTERM);
  sigaction(SIGINT, &action, old_int);
  sigaction(SIGTERM, &action, old_term);
}

extern "C" void OnSignal(int number) {
  const int saved_errno = errno;
  int none = 0;
  if (first_signal.compare_exchange_strong(none, number)) {
    first_time = Now();
    stop_flag = true;
  } else if (Now() - first_time >= grace) {
    Install(SIG_DFL, nullptr, nullptr);
    raise(number);  // takes effect when this handler returns
  }
  errno = saved_errno;
}

}  // namespace

StopOnSignal::StopOnSignal(double grace_seconds) {
  if (installed.exchange(true)) throw std::logic_error("StopOnSignal exists already");
  stop_flag = false;
  first_signal = 0;
  // Until the first signal has its time, a second one on another thread is within the grace.
  first_time = INT64_MAX;
  grace = static_cast<int64_t>(grace_seconds * 1e9);
  Install(OnSignal, &previous_int, &previous_term);
}

StopOnSignal::~StopOnSignal() {
  sigaction(SIGINT, &previous_int, nullptr);
  sigaction(SIGTERM, &previous_term, nullptr);
  installed = false;
}

const std::atomic<bool>& StopOnSignal::stop() const { return stop_flag; }

int StopOnSignal::signal() const { return first_signal; }

}  // namespace grove::sched
