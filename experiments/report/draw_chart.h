// Charts to SVG files.
#pragma once

#include <string>

#include "experiments/report/charts.h"

namespace grove {

// Draws `chart` to `folder`/NAME.svg, whole or not at all: a chart that cannot be drawn leaves no
// older drawing behind. Returns "", or one line that says what went wrong (that gnuplot is not
// installed, say). Throws Error if the folder cannot be written.
std::string DrawChart(const std::string& folder, const Chart& chart);

}  // namespace grove
