// Which settings the runs of several folders have: what differs from folder to folder, and what
// varies within one.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "experiments/stats/run_settings.h"
#include "experiments/stats/stored_runs.h"

namespace grove {

// Runs under the name that they are shown by.
struct ComparedFolder {
  std::string name;
  std::vector<StoredRun> runs;
};

struct FolderSettings {
  // The values of a folder are texts such as "0.05", "0.02, 0.1" or, where they depend on the
  // model, "20 (rnn), 5 (rlstm)".
  std::vector<SideRow> differing;  // each model of a folder has one value, and folders differ
  std::vector<SideRow> varying;    // a model of some folder has several values
  size_t equal = 0;                // all others: one value a model, the same in every folder
};

// Of all settings but the seed of the run. Models are compared with themselves where folders share
// some, so that a default of a model which only one folder has is no difference.
FolderSettings CompareSettings(const std::vector<ComparedFolder>& folders);

}  // namespace grove
