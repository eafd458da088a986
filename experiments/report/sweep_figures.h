// Figures of any sweep: its metric against its axes, with every run.
#pragma once

#include <string>
#include <vector>

#include "experiments/report/draw.h"
#include "experiments/runs/record.h"

namespace grove {

// For each experiment and set of axes that runs vary together: where the axes beside the one with
// the most numbers make at most eight series (a model and the values of the other axes), one
// figure; else a figure an axis, a series a model, in which a dot says nothing of the other axes.
// An experiment on several datasets has "dataset" as an axis, too; without any axis the models are
// one. The metric is test accuracy, or
// dev accuracy where no run has test trees; a failed or diverged run counts as 0 %.
std::vector<Figure> SweepFigures(const std::vector<RunRecord>& runs);

}  // namespace grove
