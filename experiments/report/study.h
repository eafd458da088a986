// A study: everything that is told of the paper, computed from its runs.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "experiments/stats/cells.h"
#include "experiments/stats/judge.h"
#include "experiments/stats/observed.h"
#include "experiments/stats/run_ratios.h"
#include "experiments/stats/variants.h"

namespace grove {

struct Study {
  Study() = default;
  Study(Study&&) = default;
  Study(const Study&) = delete;  // its runs point into its store
  Study& operator=(const Study&) = delete;

  Store store;
  std::vector<StoredRun> runs;
  std::vector<JudgedVariant> variants;   // ranked
  std::set<uint64_t> seeds;              // of the default's runs, but those that chose it
  PaperRuns paper;                       // the default on all seeds that did not choose it
  Judgements reported, confirming, all;  // the default on seeds 1-5, 6-25 and all: every cell
  Judgements deciding;                   // the default on all seeds, deciding cells only
  std::vector<Cell> cells;
  std::vector<Pairing> pairings;
  std::vector<LengthDepth> length_depth;
  std::vector<NodeRatioMedian> node_ratios;
  std::vector<GateMean> gates;

  const JudgedVariant& standard() const;  // the default among the variants
};

// Reads the runs at `path` and computes all. Throws Error if none of them is on the data of the
// paper's experiments, or of a length crossed with a depth.
Study ComputeStudy(const std::string& path);

// Writes the study's tables, its figures and README.md into `folder`, each file whole or not at
// all. Returns the paths.
std::vector<std::string> WriteStudy(const Study& study, const std::string& folder);

// How E3.7 fares if its window of epochs ends `after` epochs behind the peak, by run of rlstm.
std::vector<DevRho> DevRhos(const PaperRuns& runs, int after);

// E3.8 at one epoch of training for both models: rlstm's median over runs of the depth-10 median
// ratio over rnn's; NaN where a model has no run of that many epochs.
double RatioAdvantage(const PaperRuns& runs, int epoch);

}  // namespace grove
