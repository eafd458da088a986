// The journals of several run folders, those of shards for instance, made into the journal of one.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "experiments/runs/journal_lines.h"

namespace grove {

struct MergeCounts {
  size_t journals = 0;  // read
  size_t runs = 0;      // records written, each run once
  size_t again = 0;     // records that were there more than once
  size_t not_done = 0;  // of the runs: failed; another journal may yet have them done
  size_t models = 0;    // copied
  size_t states = 0;    // copied, of runs that have not ended
  size_t damaged = 0;   // lines and files that were left out
};

// Writes `out`/journal.jsonl, whole or not at all, with the lines of the journals in `out` itself,
// if it has any, and in `folders`, in this order, each run once: its first record that is final,
// else its last. Models, and states of runs that have not ended, are copied; manifests become one.
// What is there already stays. `note` is told of what is damaged, in one line each.
//
// Equal keys must have equal bits: throws Error that names both places if two records or tables of
// one run differ in more than times. Also if `out` is in use, or if a folder has no journal.
// Memory: some 60 bytes a run.
MergeCounts MergeRuns(const std::string& out, const std::vector<std::string>& folders,
                      const std::function<void(const std::string&)>& note);

}  // namespace grove
