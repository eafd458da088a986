// A spec file that stands for a single run.
#pragma once

#include <map>
#include <string>

#include "experiments/plan/job.h"

namespace grove {

// The run of an experiment on files: its settings, which may still contradict each other, and in
// `files` what paths and classes it names; nothing of these is read. `chosen` are settings from
// elsewhere as text by key, which the caller applies himself: here they decide their axis, by its
// point of that name (dataset=2, model=rlstm), or if it has none by leaving the axis out. Throws
// Error as ReadSpec does, and for a sweep, for generated trees, for an axis that still has several
// points, and for a chosen dataset that there is not.
Job ReadOneRun(const std::string& path, const std::map<std::string, std::string>& chosen);

}  // namespace grove
