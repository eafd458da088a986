// The finished runs of a folder, with their settings and their times.
#pragma once

#include <string>
#include <vector>

#include "experiments/plan/predictor.h"

namespace grove {

// The runs that are "done" in DIR/journal.jsonl, with their settings from DIR/manifest.json; empty
// if there is no such folder. Throws Error if one of the files is damaged or the manifest is not
// one of runs.
std::vector<MeasuredRun> ReadMeasuredRuns(const std::string& directory);

}  // namespace grove
