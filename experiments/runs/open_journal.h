// A run folder taken into use: its journal locked, what has ended read, what is damaged set aside.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

#include "experiments/runs/run_folder.h"
#include "sched/journal.h"

namespace grove {

// What came of a run, as far as a batch needs to know.
struct Outcome {
  std::string status;                          // done, failed, diverged
  std::string message;                         // why, unless done
  double test_accuracy = 0, dev_accuracy = 0;  // shares; NaN where there is none
};

struct OpenJournal {
  std::unique_ptr<sched::Journal> journal;            // that of this process
  std::unordered_map<std::string, Outcome> outcomes;  // by key, of every journal of the folder
};

// Damaged lines of the process's own journal are moved to the folder's damaged/, so that their runs
// have not ended; those of other shards' journals are left out, for these to mend. `note` is told
// of each, in one line. Throws Error if the journal cannot be opened, is in use by another process,
// or holds what is no run, and if two journals have different results of one run. Goes through the
// journals in bounded memory.
OpenJournal OpenJournalOf(const RunFolder& folder,
                          const std::function<void(const std::string&)>& note);

// Only the lock: the journal of the folder's process, which is made if it is missing. Throws Error.
std::unique_ptr<sched::Journal> LockJournal(const RunFolder& folder);

}  // namespace grove
