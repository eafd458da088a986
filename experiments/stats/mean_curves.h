// How the runs of each folder went, epoch by epoch.
#pragma once

#include <string>
#include <vector>

#include "experiments/stats/comparison.h"

namespace grove {

// The mean curve of one model in one folder. Entry e - 1 is of epoch e.
struct MeanCurve {
  size_t folder = 0;  // in Comparison::folders
  std::string model;
  int cells = 0, runs = 0;
  bool shared = true;                // whether every folder has these cells
  std::vector<double> dev_accuracy;  // share
  std::vector<double> loss;          // of the training trees
};

// Over the cells in which every folder has a run that is done, and over these runs; where there is
// no such cell, over all. Every cell has the same weight, so that folders with other numbers of
// runs stay comparable. A run that stopped early counts with its last epoch, so that every epoch is
// the mean of the same runs. By model, in the order of the cells, then by folder.
std::vector<MeanCurve> MeanCurves(const Comparison& comparison);

}  // namespace grove
