// Commands of other programs, as a shell runs them.
#pragma once

#include <string>

namespace grove {

struct ShellResult {
  int exit_code = -1;  // 127 if there is no such program; 128 + signal if it was killed
  std::string out;     // its standard output; standard error and input are ours
};

// Runs a command of sh(1) and waits for its end. Throws Error if there is no shell.
ShellResult RunInShell(const std::string& command);

}  // namespace grove
