// The report of several folders of runs side by side.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "experiments/report/draw.h"
#include "experiments/report/table.h"
#include "experiments/stats/comparison.h"

namespace grove {

// More are too many to tell apart in a figure.
inline constexpr size_t kMostFolders = 8;

struct ComparisonReport {
  std::vector<std::string> paths;       // as they were given
  std::deque<Store> stores;             // of the folders, whose runs point into them
  std::vector<ComparedFolder> folders;  // by their names, the runs sorted
  Comparison comparison;
  std::vector<Figure> figures;
  std::vector<std::string> warnings;  // one line each: what could not be drawn
  std::string page;                   // path of index.html
};

// The endings of the paths that tell them apart, each as short as it can be: "a/rates", "b/rates",
// "narrow". Journals are called without .jsonl and .gz where that suffices.
std::vector<std::string> ShortestEndings(const std::vector<std::string>& paths);

// Reads the runs at each of the paths and writes the folder `out`: index.html, comparison.csv,
// curves.csv, runs.csv, epochs.csv, figures/. Each file is whole or not there. Throws Error before
// anything is written if a path cannot be read, has no run that is done or diverged or more than
// kMostRunsInDetail of them, if two are of the same journal, or if there are fewer than two or more
// than kMostFolders.
ComparisonReport WriteComparison(const std::vector<std::string>& paths, const std::string& out);

}  // namespace grove
