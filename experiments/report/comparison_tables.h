// Tables and figures of folders that are compared.
#pragma once

#include <string>
#include <vector>

#include "experiments/report/draw.h"
#include "experiments/report/table.h"
#include "experiments/stats/comparison.h"
#include "experiments/stats/mean_curves.h"

namespace grove {

// What the figures begin with: curves_rnn.
inline constexpr char kCurveFigures[] = "curves";

// Long, for comparison.csv and programs: a row a cell and folder, and with empty axes a row a
// folder for what is said over all cells.
Table ComparisonTable(const Comparison& comparison);

// Wide, for people: a row a cell, of each folder the runs and their mean, and behind those of the
// first its difference with the interval. At most `most` rows.
Table CellsSideBySide(const Comparison& comparison, size_t most);

// "narrow - rates: -3.1 points of test accuracy, 95 % interval -5 to -1, over 6 cells that both
// have": a line for each folder but the first.
std::vector<std::string> Verdicts(const Comparison& comparison);

// For curves.csv: a row an epoch of each curve; folders by number, from 1, and by name.
Table CurvesTable(const Comparison& comparison, const std::vector<MeanCurve>& curves);

// The curves of the folders over each other, a figure a model; one figure where no two folders
// share a model. They read curves.csv.
std::vector<Figure> CurveFigures(const Comparison& comparison,
                                 const std::vector<MeanCurve>& curves);

}  // namespace grove
