#include "experiments/report/gnuplot.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

extern char** environ;

namespace grove {
namespace {

constexpr char kLog[] = "gnuplot.log";

// Starts the program; returns 0 or the error number.
int Spawn(const std::string& folder, const std::string& script, pid_t& child) {
  posix_spawn_file_actions_t actions;
  if (const int error = posix_spawn_file_actions_init(&actions); error != 0) return error;
  posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, kLog, O_WRONLY | O_CREAT | O_TRUNC,
                                   0644);
  posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  std::string program = "gnuplot", argument = script;
  char* arguments[] = {program.data(), argument.data(), nullptr};
  const int error = posix_spawnp(&child, program.c_str(), &actions, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

// The last line of gnuplot's complaint: the lines before it show where.
std::string LastLineOfLog(const std::string& folder) {
  std::ifstream log(folder + "/" + kLog);
  std::string line, last;
  while (std::getline(log, line)) {
    if (!line.empty()) last = line;
  }
  return last.empty() ? "no message" : last;
}

}  // namespace

std::string RunGnuplot(const std::string& folder, const std::string& script) {
  pid_t child = 0;
  if (const int error = Spawn(folder, script, child); error != 0) {
    return error == ENOENT ? "gnuplot is not installed (package gnuplot-nox)"
                           : std::string("gnuplot cannot be started: ") + std::strerror(error);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return std::string("waiting for gnuplot: ") + std::strerror(errno);
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return "";
  return "gnuplot failed on " + script + ": " + LastLineOfLog(folder);
}

}  // namespace grove
