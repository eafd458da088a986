// The manifest of a run folder: every run that was asked of it, so that whoever looks at the folder
// knows what is still to come. A line a run, sealed (sealed_line.h):
//
//   {"xxh3": ..., "key": ..., "experiment": ..., "seconds": what the cost model expects}
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "experiments/plan/job.h"
#include "experiments/runs/journal_lines.h"
#include "experiments/runs/run_folder.h"

namespace grove {

struct ManifestRun {
  std::string key;
  std::string experiment;
  double seconds = 0;
};

// Adds the runs to the manifest of the folder's process, in front of those that it has already.
// Damaged lines are told of and left out: what is planned again is written again. Throws Error if
// it cannot be written.
void WriteManifest(const RunFolder& folder, const std::vector<ManifestRun>& runs,
                   const std::function<void(const std::string&)>& note);
// What it says of planned runs.
std::vector<ManifestRun> ManifestOf(const std::vector<Job>& runs);

// Calls `visit` for each run of all manifests of a folder, shards' included; a run that several
// have comes several times. None if there is no manifest: then the folder is of an earlier version.
void ReadManifests(const std::string& directory,
                   const std::function<void(const ManifestRun&)>& visit, const OnDamage& on_damage);

}  // namespace grove
