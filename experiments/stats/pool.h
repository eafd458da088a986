// All runs of a study's pieces by key, and the datasets of a reading drawn from them. A run is
// found by what it is - the hash of its resolved spec - and not by what its journal called it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "experiments/plan/sweep.h"
#include "experiments/runs/piece.h"
#include "experiments/stats/report_data.h"

namespace grove {

class Pool {
 public:
  // The pieces must outlive the pool. Throws Error if two of them hold one run with different
  // results.
  explicit Pool(const std::vector<Piece>& pieces);

  // The run of that key, or nullptr.
  const RunRecord* Find(const std::string& key) const;
  const std::vector<RatioSummary>* FindRatios(const std::string& key) const;
  const Observations* FindObservations(const std::string& key) const;

  // What there is of `planned`, as the paper's runs: labelled by experiment, dataset, model and
  // seed, without axes. A run that failed or diverged counts as one that got nothing right (0 %).
  // A run of experiment 1 that is not there is taken from its twin with the gradient probe, which
  // changes no result.
  ReportData Collect(const std::vector<Job>& planned) const;

 private:
  std::map<std::string, const RunRecord*> runs_;
  std::map<std::string, const std::vector<RatioSummary>*> ratios_;
  std::map<std::string, const Observations*> observations_;
};

}  // namespace grove
