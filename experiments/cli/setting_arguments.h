// Arguments of a command that are settings: key=value, in place of an option.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "engine/run_spec.h"
#include "experiments/cli/spec_options.h"

namespace grove {

// Whether it is key=value. What stands before the = has letters, digits, _ and -: a path that has a
// = may begin with ./
bool IsSetting(const std::string& argument);

// Takes key=value as if it were the option of `command`, or if there is no such option as the
// setting of `spec`. Throws Error for a key that is neither, for what is given already, and for a
// value that the option refuses.
void TakeSetting(const std::string& argument, CLI::App& command, SpecOptions<RunSpec>& spec);

}  // namespace grove
