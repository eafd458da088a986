// All runs there are, each once, with what their settings say of them.
#pragma once

#include <string>
#include <vector>

#include "experiments/runs/store.h"
#include "experiments/stats/paper.h"
#include "experiments/stats/report_data.h"

namespace grove {

// Points into what it was read from, which must outlive it.
struct StoredRun {
  const RunRecord* record = nullptr;
  const std::vector<RatioSummary>* ratios = nullptr;  // of a finished run with the gradient probe
  const Observations* observations = nullptr;         // of a finished run that observed
  std::vector<PaperDataset> datasets;                 // it stands on; none for data from files
  // Settings that differ from the defaults, as one text: never empty for data from files.
  std::string settings;

  bool failed() const { return !IsDone(*record); }  // or diverged
  // Test accuracy in percent. A run that failed or diverged got nothing right.
  double accuracy() const;
};

// By key.
std::vector<StoredRun> AllRuns(const Store& store);
std::vector<StoredRun> AllRuns(const ReportData& data);

}  // namespace grove
