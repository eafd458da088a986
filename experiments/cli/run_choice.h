// Which runs a command is about: experiment and sweep files, narrowed by --only and --seeds.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "experiments/cli/cli.h"
#include "experiments/plan/experiment.h"

namespace grove {

struct RunChoice {
  std::vector<std::string> specs;
  std::vector<std::string> only;
  std::string seeds;  // empty: those of the files
};

// The runs of an experiment file, or of one point of a sweep file.
struct RunGroup {
  std::string name;            // of the experiment or the sweep
  bool sweep = false;          // of a sweep file
  std::string point;           // its label; empty for experiments, and for points without settings
  std::set<std::string> keys;  // of its runs, those that earlier groups have too included
};

struct RunList {
  std::vector<Job> runs;                   // each once
  std::vector<RunGroup> groups;            // in the order of the files
  std::map<std::string, size_t> group_of;  // by key: the first that has the run, whose label it got

  bool HasSweeps() const;
};

// Adds SPEC, --only and --seeds; `choice` must outlive the app's parsing.
void AddRunChoice(CLI::App& command, RunChoice& choice);

// All runs of the files, whatever --only says. A run that several files have is planned once, as
// that of the first. Throws Error for what is wrong in them, for files of the same name, and for
// experiments of the same name that are not the same file.
RunList ReadRuns(const RunChoice& choice, const GlobalOptions& globals);

}  // namespace grove
