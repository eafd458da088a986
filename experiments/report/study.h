// A study: everything that is told of the paper, computed from its runs.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "experiments/report/draw.h"
#include "experiments/report/table.h"
#include "experiments/stats/cells.h"
#include "experiments/stats/judge.h"
#include "experiments/stats/observed.h"
#include "experiments/stats/run_ratios.h"
#include "experiments/stats/variants.h"

namespace grove {

struct Study {
  Store store;
  std::vector<StoredRun> runs;           // they point into the store
  std::vector<JudgedVariant> variants;   // ranked
  std::set<uint64_t> seeds;              // of the default's runs, but those that chose it
  PaperRuns paper;                       // the default on all seeds that did not choose it
  Judgements reported, confirming, all;  // the default on seeds 1-5, 6-25 and all: every cell
  Judgements deciding;                   // the default on all seeds, deciding cells only
  std::vector<Cell> cells;
  std::vector<Pairing> pairings;
  std::vector<RatioMedian> ratios;
  std::vector<LengthDepth> length_depth;
  Observed observed;

  const JudgedVariant& standard() const;  // the default among the variants
};

// Reads the runs at `path` and computes all. Throws Error if none of them is on the data of the
// paper's experiments, or of a length crossed with a depth.
Study ComputeStudy(const std::string& path);

// Writes the study's tables with what tells of them (data_package.h), its figures, README.md and,
// where claims are judged on seeds 1-5, ARTIFACT.md (artifact_page.h) into `folder`, each file
// whole or not at all. Returns the paths.
std::vector<std::string> WriteStudy(const Study& study, const std::string& folder);

// A claim a row: the default on all seeds, and what parts of them say.
Table StudyClaimsTable(const Study& study);

// "claims": how many of a thousand five-run studies uphold each; "variants": the share of the
// judged claims that hold, a variant a row; "experiment1", "experiment2": every run; "ratios":
// ratios by epoch; "length_depth": medians of experiment 4, "node_ratios" and "gates": of the
// observed runs. Those without data are `missing`. They read the CSV files of the study.
std::vector<Figure> StudyFigures(const Study& study);

// README.md: fills pages/study.md with what the study found. All prose stands there.
std::string StudyPage(const Study& study, const std::vector<Figure>& figures);

}  // namespace grove
