// The report of a store of runs: figures, claims, tables, and a page that shows them all.
#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "experiments/report/draw.h"
#include "experiments/report/table.h"
#include "experiments/stats/cells.h"
#include "experiments/stats/judge.h"

namespace grove {

// Runs that have not ended yet, of a page that is written meanwhile: it shows them and their epochs
// among the others, and nothing rests on them.
struct UnfinishedRuns {
  std::vector<RunRecord> runs;  // with a status that says so
  std::string line;             // how far all is
  bool going_on = true;         // else they have stopped
};

struct Report {
  Store store;
  std::vector<StoredRun> runs;        // sorted; they point into the store
  std::vector<std::string> warnings;  // one line each: what is missing or could not be drawn
  std::vector<std::string> files;     // beside the page
  std::string page;                   // path of index.html
  UnfinishedRuns unfinished = {{}, "", false};

  // Of all runs, for the page.
  size_t run_count = 0;
  double seconds = 0;  // that they held their threads
  Table failed = Table({});
  std::vector<nlohmann::json> provenance;

  // Of the paper, on the runs of default settings; only if there are such runs. It comes first, but
  // behind a sweep that merely passes the paper's settings.
  bool has_paper = false, paper_first = false;
  PaperRuns paper;
  Judgements claims;
  std::vector<Cell> cells;
  std::vector<Pairing> pairings;
  std::vector<Figure> paper_figures;

  // Of all other runs.
  std::vector<RunRecord> sweep_runs;
  std::set<std::string> sweep_experiments;
  std::string metric;  // "test accuracy", "dev accuracy"
  Table sweep = Table({});
  std::vector<Figure> sweep_figures;
};

// The folder `name` in the folder `path`, or beside the journal `path`.
std::string BesideRuns(const std::string& path, const std::string& name);

// Reads the runs at `path` and writes the folder `out` (empty: BesideRuns(path, "report")):
// index.html, figures/, runs.csv, epochs.csv (of very many runs only what large_report.h says);
// with runs of the paper's experiments claims.csv, cells.csv, pairs.csv; with others sweep.csv;
// with gradient ratios ratios.csv; datapackage.json (data_package.h) tells of them. Each file is
// whole or not there. With `unfinished` runs the page shows these too, and figures are drawn as SVG
// alone, which is quicker. Throws Error if there is no run, or if a file is damaged or cannot be
// written.
Report WriteReport(const std::string& path, const std::string& out = "",
                   const UnfinishedRuns* unfinished = nullptr);

// The page: what was found, every figure, every table, what failed, and how to make it again.
std::string ReportPage(const Report& report);

}  // namespace grove
