// Standard input, output and error as whoever starts the program hands them on: closed, full, or a
// pipe that nobody reads any more.
#pragma once

#include <streambuf>
#include <string>

namespace grove {

// Opens /dev/null for those of the three that are closed. Otherwise the next file that is opened,
// the journal for example, would take the number of a closed stream and get its messages. Comes
// before anything opens a file.
void OpenStandardStreams();

// While it lives, std::cout writes through it, and it remembers why a write failed: by the end of a
// program that failed to print in its first second, errno speaks of something else.
class CheckedOutput : public std::streambuf {
 public:
  CheckedOutput();
  ~CheckedOutput() override;
  CheckedOutput(const CheckedOutput&) = delete;
  CheckedOutput& operator=(const CheckedOutput&) = delete;

  // Writes out what std::cout and stdout still hold. Returns the system's reason if any of the
  // output so far was lost, else "". A pipe whose reader has gone is no fault: it had enough.
  std::string Finish();

 protected:
  int overflow(int c) override;
  int sync() override;

 private:
  static constexpr size_t kBytes = 1 << 16;

  std::streambuf* before_;
  char buffer_[kBytes];
  int error_ = 0;  // of the first write that failed
};

}  // namespace grove
