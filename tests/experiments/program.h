// Runs the real program as a child process, as a user would, and gives back what it said.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "experiments/runs/store.h"
#include "tests/experiments/temporary_folder.h"

namespace grove::test {

inline std::string ReadText(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in) << "cannot read " << path;
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void WriteText(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

inline std::vector<std::string> Lines(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

inline std::vector<std::string> With(std::vector<std::string> arguments,
                                     const std::vector<std::string>& more) {
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

struct ProgramResult {
  int exit_code = -1;  // 128 + signal if it was killed
  std::string out, err;
};

// A started program; Wait() once.
class Program {
 public:
  explicit Program(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), GROVE_PROGRAM);
    std::vector<char*> argv;
    for (std::string& a : arguments) argv.push_back(a.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    const int flags = O_CREAT | O_TRUNC | O_WRONLY;
    posix_spawn_file_actions_addopen(&actions, 1, folder_.Path("out").c_str(), flags, 0600);
    posix_spawn_file_actions_addopen(&actions, 2, folder_.Path("err").c_str(), flags, 0600);
    if (posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environ) != 0) {
      throw std::runtime_error("cannot start " + arguments[0]);
    }
    posix_spawn_file_actions_destroy(&actions);
  }

  void Signal(int number) const { kill(pid_, number); }
  // What it has said on standard error so far.
  std::string Errors() const { return ReadText(folder_.Path("err")); }

  ProgramResult Wait() {
    int status = 0;
    waitpid(pid_, &status, 0);
    ProgramResult result;
    result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    result.out = ReadText(folder_.Path("out"));
    result.err = ReadText(folder_.Path("err"));
    return result;
  }

 private:
  TemporaryFolder folder_;
  pid_t pid_ = -1;
};

inline ProgramResult RunProgram(const std::vector<std::string>& arguments) {
  return Program(arguments).Wait();
}

// The records of a run folder.
inline std::vector<RunRecord> ReadRecords(const std::string& out) {
  const Store store = ReadRunFolder(out);
  std::vector<RunRecord> records;
  for (const RunRecord* record : store.Records()) records.push_back(*record);
  return records;
}

// Bad input: exit code 2, nothing on standard output, and one line that holds all of `parts`.
inline void ExpectOneError(const std::vector<std::string>& arguments,
                           const std::vector<std::string>& parts) {
  const ProgramResult result = RunProgram(arguments);
  std::string command;
  for (const std::string& a : arguments) command += " " + a;
  SCOPED_TRACE("grove" + command);
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(Lines(result.err).size(), 1u) << result.err;
  for (const std::string& part : parts) {
    EXPECT_NE(result.err.find(part), std::string::npos) << "no '" << part << "' in " << result.err;
  }
}

// An experiment of two runs that take seconds, long enough to be interrupted.
inline constexpr char kLongExperiment[] = R"(name = "long"
[dataset]
min_length = 5
max_length = 15
train = 2000
dev = 50
test = 50
[run]
dim = 16
epochs = 60
patience = 60
[axes]
model = ["rlstm", "rnn"]
)";

// A test with a folder of its own for experiment files and results.
class ProgramTest : public testing::Test {
 protected:
  // Writes an experiment file; returns its path.
  std::string Spec(const std::string& name, const std::string& text) {
    const std::string path = folder_.Path(name + ".toml");
    WriteText(path, text);
    return path;
  }
  TemporaryFolder folder_;
};

// Starts `grove run` with these arguments, lets it work for a moment and sends `signal`; again,
// until some run was interrupted in the middle and left its state in `out`. Runs must take seconds.
inline ProgramResult StopInTheMiddle(const std::vector<std::string>& arguments,
                                     const std::string& out, int signal) {
  namespace fs = std::filesystem;
  ProgramResult result;
  for (int wait = 50; wait <= 3200; wait *= 2) {
    Program program(arguments);
    std::this_thread::sleep_for(std::chrono::milliseconds(wait));
    program.Signal(signal);
    result = program.Wait();
    if (fs::exists(out + "/state") && !fs::is_empty(out + "/state")) break;
  }
  return result;
}

}  // namespace grove::test
