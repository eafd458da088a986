// How far a forecast is, for who waits for it.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <string>

#include "experiments/cli/terminal.h"

namespace grove {

// A line on a terminal, once the forecast takes longer than two seconds.
class ForecastView {
 public:
  explicit ForecastView(size_t parts);

  // Of the `part`th part.
  void Show(size_t part, double share) { done_ = (static_cast<double>(part) + share) / parts_; }

 private:
  std::string Line(size_t width) const;

  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::atomic<double> done_ = 0;
  double parts_;
  Terminal terminal_;  // the last: its thread reads the others
};

}  // namespace grove
