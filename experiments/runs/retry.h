// What fails may pass: a file server that is away for a moment, memory that another process gives
// back.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <functional>
#include <string>
#include <thread>

#include "experiments/runs/train_run.h"

namespace grove {

// Waits so many seconds, or until `stop` is true.
inline void WaitUnless(const std::atomic<bool>& stop, double seconds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  while (!stop && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

// What `call` returns; where it throws, it is called up to `retries` times more, after 1, 2, 4, ...
// seconds, at most 60. Not after `stop` became true, nor where a run took longer than it may.
// `note` is told in one line.
template <typename Call>
auto Retry(int retries, const std::atomic<bool>& stop,
           const std::function<void(const std::string&)>& note, const Call& call) {
  double wait = 1;
  for (int retry = 1;; ++retry) {
    try {
      return call();
    } catch (const TookTooLong&) {
      throw;
    } catch (const std::exception& failure) {
      if (retry > retries || stop) throw;
      note(std::string(failure.what()) + "; tried again (" + std::to_string(retry) + " of " +
           std::to_string(retries) + ")");
    }
    WaitUnless(stop, wait);
    wait = std::min(2 * wait, 60.0);
  }
}

}  // namespace grove
