// What a shell needs to complete the program's command lines, made from the table that the program
// parses by.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "experiments/cli/command_table.h"

namespace grove {

// "bash", "fish", "zsh".
std::vector<std::string> CompletionShells();

// The script of one of them. Throws Error for another.
std::string Completion(const CommandEntry& program, std::string_view shell);

}  // namespace grove
