// The report of a run folder: claims, figures, tables and a page that shows them all.
#pragma once

#include <string>
#include <vector>

#include "experiments/stats/judge.h"

namespace grove {

struct Report {
  Judgements claims;                  // of the paper, on the runs of default settings
  std::vector<std::string> warnings;  // one line each: what is missing or could not be drawn
  std::string page;                   // path of index.html
};

// Reads DIR/journal.jsonl and DIR/ratios/ and writes DIR/report/: index.html, figures/, claims.csv,
// runs.csv, sweep.csv, epochs.csv, ratios.csv; each file whole or not at all. Runs that are missing
// are named in the report. Throws Error if there is no finished run, or if a file is damaged or
// cannot be written.
Report WriteReport(const std::string& directory);

}  // namespace grove
