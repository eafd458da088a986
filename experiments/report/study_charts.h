// The study's figures.
#pragma once

#include <vector>

#include "experiments/report/charts.h"
#include "experiments/report/study.h"

namespace grove {

// "claims": how many of a thousand five-run studies uphold each; "readings": claims that hold, a
// reading a row; "experiment1", "experiment2": every run; "ratios": depth-10 ratios by epoch;
// "length_depth": medians of experiment 4, "node_ratios" and "gates": of the observed runs, if
// there are any.
std::vector<Chart> StudyCharts(const Study& study);

}  // namespace grove
