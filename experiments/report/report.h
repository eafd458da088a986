// The report of a store of runs: figures, claims, tables, and a page that shows them all.
#pragma once

#include <string>
#include <vector>

#include "experiments/report/table.h"
#include "experiments/stats/judge.h"

namespace grove {

struct Report {
  bool has_paper = false;             // runs of the paper's experiments with default settings
  Judgements claims;                  // on these; empty without
  std::string metric;                 // of all other runs: "test accuracy", "dev accuracy"
  Table sweep = Table({});            // of these; no rows without
  std::vector<std::string> warnings;  // one line each: what is missing or could not be drawn
  std::string page;                   // path of index.html
};

// The folder `name` in the folder `path`, or beside the journal `path`.
std::string BesideRuns(const std::string& path, const std::string& name);

// Reads the runs at `path` and writes the folder `out` (empty: BesideRuns(path, "report")):
// index.html, figures/, runs.csv, epochs.csv; with runs of the paper's experiments claims.csv,
// cells.csv, pairs.csv; with others sweep.csv; with gradient ratios ratios.csv. Each file is whole
// or not there. Throws Error if there is no run, or if a file is damaged or cannot be written.
Report WriteReport(const std::string& path, const std::string& out = "");

}  // namespace grove
