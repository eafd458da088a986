#include "experiments/stats/numbers.h"

#include <fmt/format.h>

#include <cmath>

namespace grove {

std::string FormatNumber(double value, int digits) {
  return std::isnan(value) ? "-" : fmt::format("{:.{}g}", value, digits);
}

double RoundDecimals(double value) { return std::round(value * 1e9) / 1e9; }

double Percent(double share) { return RoundDecimals(share * 100); }

}  // namespace grove
