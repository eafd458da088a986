// The runs of the paper's experiments under one variant of the settings, cell by cell: what claims,
// tables and figures are made from.
#pragma once

#include <compare>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "experiments/stats/stored_runs.h"

namespace grove {

// A way to read what the paper leaves unsaid: the settings that differ from the defaults, as one
// text for each model: those of the paper, or any. The models mostly share them; batch sizes they
// need not.
struct Variant {
  std::string label = "default";  // "l2 = 1e-05", "batch = 10 (rnn), 2 (rlstm)"
  std::string factor;             // the settings it changes: "batch", "l2, l2_words"
  std::map<std::string, std::string> settings = {{"rnn", ""}, {"rlstm", ""}};  // by model
};

// The runs of one model on one of the paper's datasets.
struct CellName {
  int experiment = 0;
  int dataset = 0;
  std::string model;
  auto operator<=>(const CellName&) const = default;
};

using SeedFilter = std::function<bool(uint64_t)>;
inline bool AnySeed(uint64_t) { return true; }

class PaperRuns {
 public:
  PaperRuns() = default;
  // The runs of `all` that have the variant's settings. Of a run and its twins, which have the same
  // seed and differ in what changes no result, one is taken: the plainest.
  PaperRuns(const std::vector<StoredRun>& all, const Variant& variant,
            const SeedFilter& seeds = AnySeed);

  // One run a seed, by seed, those that failed or diverged among them. In experiment 3 runs whose
  // ratios are lost are left out.
  const std::vector<StoredRun>& Cell(int experiment, int dataset, const std::string& model) const;

  // The finished runs of experiment 3, by seed.
  std::vector<StoredRun> Probes(const std::string& model) const;

  // The variant's models, in the order of grove info.
  const std::vector<std::string>& models() const { return models_; }

  bool empty() const { return cells_.empty(); }

 private:
  std::vector<std::string> models_;
  std::map<CellName, std::vector<StoredRun>> cells_;
};

// The accuracies of runs, in percent, in their order.
std::vector<double> Accuracies(const std::vector<StoredRun>& runs);

// How many of these accuracies solve the task. A run that failed or diverged does not.
int CountSolved(const std::vector<double>& accuracies);
inline constexpr double kSolved = 50;  // percent, at least

int CountFailed(const std::vector<StoredRun>& runs);

}  // namespace grove
