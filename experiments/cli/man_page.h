// A page of the manual for each command, made from the table that the program parses by, so that
// they say the same.
#pragma once

#include <string>

#include "experiments/cli/command_table.h"

namespace grove {

// "grove-data-check" of `grove data check`: the name of its page.
std::string ManPageName(const CommandEntry& command);

// In the language of man(7). `command` is one of `program`'s, or `program` itself.
std::string ManPage(const CommandEntry& program, const CommandEntry& command,
                    const std::string& version);

}  // namespace grove
