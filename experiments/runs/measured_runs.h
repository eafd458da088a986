// The finished runs of a folder, with their settings and their times.
#pragma once

#include <string>
#include <vector>

#include "engine/run_spec.h"

namespace grove {

// A finished run with what it was and what it took.
struct MeasuredRun {
  RunSpec run;
  DatasetSpec data;
  int epochs = 0;
  double seconds = 0;
};

// The runs that are "done" in DIR/journal.jsonl, with their settings from DIR/manifest.json; empty
// if there is no such folder. Throws Error if one of the files is damaged or the manifest is not
// one of runs.
std::vector<MeasuredRun> ReadMeasuredRuns(const std::string& directory);

}  // namespace grove
