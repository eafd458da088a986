// The runs of spec files, with all decided.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "experiments/plan/job.h"
#include "experiments/plan/spec.h"

namespace grove {

// The runs of an experiment, or of one point of a sweep.
struct RunGroup {
  std::string name;            // of the experiment or the sweep
  bool sweep = false;          // of a sweep
  std::string point;           // its label; empty for experiments, and for points without settings
  std::set<std::string> keys;  // of its runs, those that earlier groups have too included
};

struct RunList {
  std::vector<Job> runs;                   // each once
  std::vector<RunGroup> groups;            // in the order of the specs
  std::map<std::string, size_t> group_of;  // by key: the first that has the run, whose label it got

  bool HasSweeps() const {
    return std::any_of(groups.begin(), groups.end(), [](const RunGroup& g) { return g.sweep; });
  }
};

// All combinations of points, the jobs of each spec counted before they are built. A run that
// several specs have, or several points of a sweep (settings of another model alone), is planned
// once, as that of the first. Throws Error if there are more than a million runs, where settings
// contradict each other, where a file of trees has a fault, and if two runs of an experiment are
// alike.
RunList Plan(const std::vector<Spec>& specs);

// Settings that are right one by one may contradict each other, or ask for what the data do not
// have: throws Error, without a place.
void Validate(const Job& job);

// What every point of a sweep varies: the jobs of its experiments that `only` keeps.
std::vector<Job> JobsToVary(const Spec& sweep);

}  // namespace grove
