// All runs there are, each once, with what their settings say of them.
#pragma once

#include <string>
#include <vector>

#include "experiments/runs/store.h"
#include "experiments/stats/paper.h"

namespace grove {

// Whether the run was trained to its end, so that its numbers count.
inline bool IsDone(const RunRecord& run) { return run.status == "done"; }

// Points into what it was read from, which must outlive it.
struct StoredRun {
  StoredRun() = default;
  explicit StoredRun(const RunRecord& run);

  const RunRecord* record = nullptr;
  const std::vector<RatioSummary>* ratios = nullptr;  // of a finished run with the gradient probe
  const Observations* observations = nullptr;         // of a finished run that observed
  std::vector<PaperDataset> datasets;                 // it stands on; none for data from files
  // Settings that differ from the defaults, as one text: never empty for data from files.
  std::string settings;

  bool failed() const { return !IsDone(*record); }  // or diverged
  // With the paper's data and default settings.
  bool of_paper() const { return settings.empty() && !datasets.empty(); }
  // Test accuracy in percent. A run that failed or diverged got nothing right.
  double accuracy() const;
};

// By key.
std::vector<StoredRun> AllRuns(const Store& store);

}  // namespace grove
