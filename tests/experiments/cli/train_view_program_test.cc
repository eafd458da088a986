// What grove train shows on a terminal, which standard error is here, and where there is none.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>

#include "tests/experiments/program.h"

namespace grove::test {
namespace {

// The program in a shell, with its standard error on a terminal of its own.
class OnTerminal {
 public:
  explicit OnTerminal(const std::string& arguments) : terminal_(posix_openpt(O_RDWR | O_NOCTTY)) {
    EXPECT_EQ(grantpt(terminal_), 0);
    EXPECT_EQ(unlockpt(terminal_), 0);
    const std::string path = ptsname(terminal_);
    // The process that the shell becomes keeps its number.
    out_ = popen(("echo $$; exec '" GROVE_PROGRAM "' " + arguments + " 2>" + path).c_str(), "r");
    EXPECT_EQ(fscanf(out_, "%d", &pid_), 1);
  }
  ~OnTerminal() { close(terminal_); }
  OnTerminal(const OnTerminal&) = delete;
  OnTerminal& operator=(const OnTerminal&) = delete;

  // Reads until the terminal has shown `part`, or to the end if that is empty, for a minute.
  void Await(const std::string& part) {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (part.empty() || shown_.find(part) == std::string::npos) {
      ASSERT_LT(std::chrono::steady_clock::now(), give_up) << "no '" << part << "' in " << shown_;
      pollfd ready = {terminal_, POLLIN, 0};
      if (poll(&ready, 1, 1000) == 0) continue;
      char buffer[4096];
      const ssize_t n = read(terminal_, buffer, sizeof(buffer));
      if (n <= 0) return;  // the program has closed it
      shown_.append(buffer, static_cast<size_t>(n));
    }
  }
  void Signal(int number) const { kill(pid_, number); }
  int Wait() {
    const int status = pclose(out_);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  const std::string& shown() const { return shown_; }

 private:
  int terminal_;
  FILE* out_ = nullptr;
  pid_t pid_ = 0;
  std::string shown_;
};

class TrainViewProgram : public ProgramTest {
 protected:
  void SetUp() override {
    ASSERT_EQ(RunProgram({"data", "generate", "-q", "--train", "3000", "--dev", "20", "--test", "1",
                          "-o", folder_.Path("data")})
                  .exit_code,
              0);
  }
  // A run that takes as long as it is let.
  std::string Train(const std::string& more) const {
    return "train train=" + folder_.Path("data/train.ptb") +
           " dev=" + folder_.Path("data/dev.ptb") + " epochs=1000000 patience=1000000 -o " +
           folder_.Path("m") + " " + more;
  }
};

TEST_F(TrainViewProgram, ATerminalShowsHowFarTheEpochIs) {
  OnTerminal program(Train(""));
  program.Await("epoch 1: loss ");  // in either order: it depends on the machine
  program.Await(" left\r\x1b[K");
  program.Signal(SIGINT);
  program.Await("");
  EXPECT_EQ(program.Wait(), 130);
  const std::string& shown = program.shown();
  EXPECT_NE(shown.find("epoch 1: loss "), std::string::npos) << shown;
  const size_t bar = shown.find(" [");
  ASSERT_NE(bar, std::string::npos) << shown;
  EXPECT_NE(shown.find("] ", bar), std::string::npos) << shown;
  EXPECT_NE(shown.find(" trees/s, ", bar), std::string::npos) << shown;
  // It is cleared before any other line.
  const std::string last = Lines(shown).back();
  const size_t cleared = last.rfind("\x1b[K");
  EXPECT_EQ(last.find("grove: stopped after"), cleared == std::string::npos ? 0 : cleared + 3)
      << last;
}

TEST_F(TrainViewProgram, QuietShowsNothing) {
  OnTerminal program(Train("-q"));
  std::this_thread::sleep_for(std::chrono::milliseconds(2600));
  program.Signal(SIGINT);
  program.Await("");
  EXPECT_EQ(program.Wait(), 130);
  EXPECT_EQ(program.shown().find("epoch "), std::string::npos) << program.shown();
  EXPECT_EQ(program.shown().find('['), std::string::npos) << program.shown();
}

TEST_F(TrainViewProgram, WithoutATerminalThereAreLines) {
  Program program({"train", "train=" + folder_.Path("data/train.ptb"),
                   "dev=" + folder_.Path("data/dev.ptb"), "epochs=1000000", "patience=1000000",
                   "-o", folder_.Path("m")});
  std::this_thread::sleep_for(std::chrono::milliseconds(2600));
  program.Signal(SIGINT);
  const ProgramResult result = program.Wait();
  EXPECT_EQ(result.exit_code, 130);
  EXPECT_EQ(result.err.rfind("epoch 1: loss ", 0), 0u) << result.err;
  EXPECT_EQ(result.err.find('\r'), std::string::npos);
  EXPECT_EQ(result.err.find('['), std::string::npos);
}

}  // namespace
}  // namespace grove::test
