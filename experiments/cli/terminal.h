// What people see on a terminal while the program works: lines that are drawn again, and others
// that do not tear them.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <iosfwd>
#include <mutex>
#include <string>
#include <thread>

namespace grove {

// Room for text.
struct Screen {
  size_t width = 80;
  size_t rows = 24;
};

// "[########            ]": a share in [0, 1] in `places` places.
std::string Bar(double share, size_t places);

// Whether to colour what goes to this descriptor: a terminal that knows how, and nobody has set
// NO_COLOR (no-color.org).
bool HasColours(int descriptor);
// The text in red, or as it is.
std::string Red(const std::string& text, bool colours);

// Progress that is redrawn on a terminal, and now and then a plain line elsewhere.
class Terminal {
 public:
  // What is told of progress if stderr is no terminal, or one that cannot redraw (TERM=dumb).
  enum class Elsewhere { kLines, kNothing };

  // Asks `progress` for text of at most the given size, from its own thread: five times a second on
  // a terminal, else every 30 seconds, for one line, or never. An empty function: no progress is
  // shown; an empty text: for now.
  explicit Terminal(std::function<std::string(const Screen&)> progress,
                    Elsewhere elsewhere = Elsewhere::kLines);
  ~Terminal();  // clears the progress
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  // True if progress is redrawn.
  bool redraws() const { return redraws_; }

  // A line of output, or a note on stderr. Thread-safe.
  void Print(const std::string& line);
  void Note(const std::string& line);

 private:
  void Loop();
  void Draw(const std::string& text);
  void Clear();
  void Write(std::ostream& stream, const std::string& line);

  std::function<std::string(const Screen&)> progress_;
  bool redraws_ = false;
  std::mutex mutex_;
  std::condition_variable wake_;
  size_t drawn_ = 0;  // lines
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace grove
