#include "experiments/cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <iostream>

namespace grove {
namespace {

size_t Width() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 20) return 80;
  return size.ws_col;
}

}  // namespace

Terminal::Terminal(std::function<std::string(size_t)> progress)
    : progress_(std::move(progress)), redraws_(progress_ && isatty(STDERR_FILENO) == 1) {
  if (progress_) thread_ = std::thread([this] { Loop(); });
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
    // One column is left free: a full line would wrap on some terminals.
    const std::string line = progress_(redraws_ ? Width() - 1 : 200);
    Clear();
    std::cerr << line;
    if (!redraws_) std::cerr << '\n';
    std::cerr << std::flush;
    drawn_ = redraws_;
  }
}

void Terminal::Clear() {
  if (drawn_) std::cerr << "\r\x1b[K" << std::flush;
  drawn_ = false;
}

void Terminal::Write(std::ostream& stream, const std::string& line) {
  const std::lock_guard lock(mutex_);
  Clear();
  stream << line << std::endl;
}

void Terminal::Print(const std::string& line) { Write(std::cout, line); }
void Terminal::Note(const std::string& line) { Write(std::cerr, line); }

}  // namespace grove
