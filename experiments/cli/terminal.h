// Lines for people while a batch runs: a progress line that is redrawn on a terminal, and now and
// then a plain line elsewhere; other lines do not tear it.
#pragma once

#include <condition_variable>
#include <functional>
#include <iosfwd>
#include <mutex>
#include <string>
#include <thread>

namespace grove {

class Terminal {
 public:
  // Asks `progress` for a line of at most the given width, from its own thread: five times a second
  // if stderr is a terminal, else every 30 seconds. An empty function: no progress is shown.
  explicit Terminal(std::function<std::string(size_t width)> progress);
  ~Terminal();  // clears the progress line
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  // True if progress goes to a terminal.
  bool redraws() const { return redraws_; }

  // A line of output, or a note on stderr. Thread-safe.
  void Print(const std::string& line);
  void Note(const std::string& line);

 private:
  void Loop();
  void Clear();
  void Write(std::ostream& stream, const std::string& line);

  std::function<std::string(size_t)> progress_;
  bool redraws_ = false;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool drawn_ = false;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace grove
