// The study's figures.
#pragma once

#include <vector>

#include "experiments/report/draw.h"
#include "experiments/report/study.h"

namespace grove {

// "claims": how many of a thousand five-run studies uphold each; "variants": the share of the
// judged claims that hold, a variant a row; "experiment1", "experiment2": every run; "ratios":
// ratios by epoch; "length_depth": medians of experiment 4, "node_ratios" and "gates": of the
// observed runs. Those without data are `missing`. They read the CSV files of the study.
std::vector<Figure> StudyFigures(const Study& study);

}  // namespace grove
