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
std::atomic<unsigned> save_requests{0};
std::atomic<int> first_signal{0};
std::atomic<int64_t> first_time{0};  // nanoseconds
std::atomic<int64_t> grace{0};       // nanoseconds
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int64_t>::is_always_lock_free &&
              std::atomic<unsigned>::is_always_lock_free);

std::atomic<bool> installed{false};
constexpr int kSignals[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR1};
constexpr int kCount = 4;
struct sigaction previous[kCount];
bool handled[kCount];  // whether ours is installed; set before any handler is

int64_t Now() {
  timespec now = {};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

// For every signal that is handled; each is held back while another is handled.
void Install(void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;  // no write or read fails because of us
  sigemptyset(&action.sa_mask);
  for (int i = 0; i < kCount; ++i) {
    if (handled[i]) sigaddset(&action.sa_mask, kSignals[i]);
  }
  for (int i = 0; i < kCount; ++i) {
    if (handled[i]) sigaction(kSignals[i], &action, nullptr);
  }
}

extern "C" void OnSignal(int number) {
  const int saved_errno = errno;
  int none = 0;
  if (number == SIGUSR1) {
    ++save_requests;
  } else if (first_signal.compare_exchange_strong(none, number)) {
    first_time = Now();
    stop_flag = true;
  } else if (Now() - first_time >= grace) {
    Install(SIG_DFL);
    raise(number);  // takes effect when this handler returns
  }
  errno = saved_errno;
}

}  // namespace

StopOnSignal::StopOnSignal(double grace_seconds) {
  if (installed.exchange(true)) throw std::logic_error("StopOnSignal exists already");
  stop_flag = false;
  save_requests = 0;
  first_signal = 0;
  // Until the first signal has its time, a second one on another thread is within the grace.
  first_time = INT64_MAX;
  grace = static_cast<int64_t>(grace_seconds * 1e9);
  for (int i = 0; i < kCount; ++i) {
    sigaction(kSignals[i], nullptr, &previous[i]);
    handled[i] = kSignals[i] != SIGHUP || previous[i].sa_handler != SIG_IGN;
  }
  Install(OnSignal);
}

StopOnSignal::~StopOnSignal() {
  for (int i = 0; i < kCount; ++i) {
    if (handled[i]) sigaction(kSignals[i], &previous[i], nullptr);
  }
  installed = false;
}

std::atomic<bool>& StopOnSignal::stop() const { return stop_flag; }

const std::atomic<unsigned>& StopOnSignal::saves() const { return save_requests; }

int StopOnSignal::signal() const { return first_signal; }

}  // namespace grove::sched
