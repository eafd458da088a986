// The parts of the page, and what they are written with.
#pragma once

#include <string>
#include <vector>

#include "experiments/report/study.h"

namespace grove::story {

std::string Number(double value, int digits = 3);  // significant digits
std::string Count(int value);
std::string Row(const std::vector<std::string>& fields);  // of a table

// A figure of the study, with the command that makes the runs it rests on.
std::string Figure(const std::string& name, const std::string& command);

// What goes beyond the paper; empty without runs.
std::string ObservedText(const Study& study);
std::string LengthDepthText(const Study& study);

}  // namespace grove::story
