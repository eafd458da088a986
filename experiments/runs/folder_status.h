// How the runs of some folders stand, for whoever looks at them: while processes train there, on
// this machine or on others, or of a copy. Reads only, in bounded memory.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "experiments/runs/journal_lines.h"
#include "experiments/runs/live.h"

namespace grove {

struct StatusCounts {
  size_t done = 0;
  size_t diverged = 0;
  size_t failed = 0;          // the last time they were tried
  size_t interrupted = 0;     // a state is there: they are running, or go on from it
  size_t waiting = 0;         // nothing is there yet
  double seconds_done = 0;    // of one core, that done and diverged runs took
  double expected_done = 0;   // of these, by the cost model
  double expected_to_do = 0;  // of all others

  size_t All() const { return done + diverged + failed + interrupted + waiting; }
  size_t Ended() const { return done + diverged; }
};

struct FailedRun {
  std::string key, label, message;
};

struct FolderStatus {
  std::map<std::string, StatusCounts> experiments;  // by name
  StatusCounts total;
  std::vector<FailedRun> failed;  // in the order of the journals
  std::vector<Live> live;         // processes that train in the folders, as they last said
  bool has_manifest = true;  // a folder of an earlier version has none: nothing is known to wait
};

// A process that has said nothing for longer is taken for gone.
inline constexpr double kAliveSeconds = 30;

// Runs that several folders have count once. Throws Error if a folder is not there, or has neither
// a journal nor a manifest; `on_damage` is told of damaged lines.
FolderStatus ReadStatus(const std::vector<std::string>& folders, const OnDamage& on_damage);

// Seconds until all is done, as far as it can be said: by the processes that are alive at `now`
// (WallTime); without one, or nothing done, none.
std::optional<double> RemainingSeconds(const FolderStatus& status, double now);

}  // namespace grove
