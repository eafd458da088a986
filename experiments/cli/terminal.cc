#include "experiments/cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string_view>
#include <utility>

namespace grove {
namespace {

Screen ScreenOf(int descriptor) {
  winsize size{};
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col < 20) return {};
  // One column is left free: a full line would wrap on some terminals.
  return {size_t{size.ws_col} - 1, size.ws_row == 0 ? Screen().rows : size.ws_row};
}

bool CanRedraw(int descriptor) {
  const char* name = std::getenv("TERM");
  return isatty(descriptor) == 1 && (name == nullptr || std::string_view(name) != "dumb");
}

}  // namespace

std::string Bar(double share, size_t places) {
  const double whole = static_cast<double>(places);
  const auto full = static_cast<size_t>(std::clamp(share, 0.0, 1.0) * whole);
  return "[" + std::string(full, '#') + std::string(places - full, ' ') + "]";
}

bool HasColours(int descriptor) {
  const char* no_color = std::getenv("NO_COLOR");
  return CanRedraw(descriptor) && (no_color == nullptr || *no_color == '\0');
}

std::string Red(const std::string& text, bool colours) {
  return colours ? "\x1b[31m" + text + "\x1b[0m" : text;
}

Terminal::Terminal(std::function<std::string(const Screen&)> progress, Elsewhere elsewhere)
    : progress_(std::move(progress)), redraws_(progress_ && CanRedraw(STDERR_FILENO)) {
  const bool shows = progress_ && (redraws_ || elsewhere == Elsewhere::kLines);
  if (shows) thread_ = std::thread([this] { Loop(); });
}

Terminal::~Terminal() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    Clear();
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Terminal::Loop() {
  const auto interval = std::chrono::milliseconds(redraws_ ? 200 : 30000);
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, interval, [this] { return ending_; })) {
    if (redraws_) {
      Draw(progress_(ScreenOf(STDERR_FILENO)));
    } else {
      std::cerr << progress_({200, 1}) << std::endl;
    }
  }
}

void Terminal::Draw(const std::string& text) {
  Clear();
  std::cerr << text << std::flush;
  drawn_ = 1 + static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
}

// The cursor stands behind the last of the lines.
void Terminal::Clear() {
  if (drawn_ == 0) return;
  std::cerr << "\r\x1b[K";
  for (; drawn_ > 1; --drawn_) std::cerr << "\x1b[A\x1b[K";
  std::cerr << std::flush;
  drawn_ = 0;
}

void Terminal::Write(std::ostream& stream, const std::string& line) {
  const std::lock_guard lock(mutex_);
  Clear();
  stream << line << std::endl;
}

void Terminal::Print(const std::string& line) { Write(std::cout, line); }
void Terminal::Note(const std::string& line) { Write(std::cerr, line); }

}  // namespace grove
