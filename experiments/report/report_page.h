// The report as one HTML page.
#pragma once

#include <string>
#include <vector>

#include "experiments/report/figures.h"
#include "experiments/report/table.h"
#include "experiments/stats/cells.h"
#include "experiments/stats/judge.h"

namespace grove {

struct ReportContents {
  std::vector<StoredRun> runs;  // sorted
  std::vector<nlohmann::json> provenance;
  std::vector<std::string> warnings;
  std::vector<std::string> files;  // beside the page

  // Of the paper, on the runs of default settings; only if there are such runs.
  bool has_paper = false;
  PaperRuns paper;
  Judgements claims;
  std::vector<Cell> cells;
  std::vector<Pairing> pairings;
  std::vector<Figure> paper_figures;

  // Of all other runs.
  std::vector<RunRecord> sweep_runs;
  std::string metric;  // "test accuracy"
  Table sweep = Table({});
  std::vector<Figure> sweep_figures;
};

// The page: what was found, every figure, every table, what failed, and how to make it again. The
// paper comes first, but behind a sweep that merely passes the paper's settings.
std::string ReportPage(const ReportContents& contents);

// Whether some run of the paper's settings is of an experiment that sweeps over nothing.
bool PaperComesFirst(const ReportContents& contents);

}  // namespace grove
