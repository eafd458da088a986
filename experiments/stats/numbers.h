// How numbers of the results are written and rounded.
#pragma once

#include <string>

namespace grove {

// Shortest text with at most `digits` significant digits; "-" for NaN.
std::string FormatNumber(double value, int digits = 3);

// Undoes the last bits of decimal fractions, so that 0.18 / 0.2 is 0.9: to 1e-9.
double RoundDecimals(double value);

// A share as percent, rounded as above: 0.29 is 29 and not a hair less.
double Percent(double share);

}  // namespace grove
