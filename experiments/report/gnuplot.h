// Runs gnuplot, the one outside program of the report.
#pragma once

#include <string>

namespace grove {

// Runs `gnuplot SCRIPT` in `folder` (found through PATH) and waits for it. What it prints goes to
// `folder`/gnuplot.log. Returns "" if it succeeded, else one line that says what went wrong.
std::string RunGnuplot(const std::string& folder, const std::string& script);

}  // namespace grove
