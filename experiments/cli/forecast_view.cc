#include "experiments/cli/forecast_view.h"

#include <fmt/format.h>

#include "sched/progress.h"

namespace grove {

ForecastView::ForecastView(size_t parts)
    : parts_(static_cast<double>(parts)),
      terminal_([this](const Screen& screen) { return Line(screen.width); },
                Terminal::Elsewhere::kNothing) {}

std::string ForecastView::Line(size_t width) const {
  const double done = done_;
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin_;
  if (elapsed.count() < 2 || done == 0) return "";
  return fmt::format("forecast {:.0f} %, about {} left", 100 * done,
                     sched::FormatDuration(elapsed.count() * (1 - done) / done))
      .substr(0, width);
}

}  // namespace grove
