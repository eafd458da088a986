// Where does a training step spend its time? A sampled profile of one run, split by phase.
#pragma once

#include <string_view>

namespace grove::perf {

// Trains for five seconds on the step "train/<model>/dim<n>/len<a>-<b>[/batch<B>]" and prints the
// share of each phase; of the model "all", a second on every model. Returns the program's exit
// code: 0, or 2 with a message if there is no such step, or 1 if more than a few percent of the
// samples belong to no phase: then the table in profile.cc no longer fits the engine, and the
// functions in question are printed.
int Profile(std::string_view step);

}  // namespace grove::perf
