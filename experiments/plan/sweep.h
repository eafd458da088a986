// A sweep file: experiments varied in a few lines, for ablations.
//
//   name = "l2"
//   title = "L2 penalty"
//   of = ["exp1.toml"]     # experiment files, or sweep files: then their experiments, seeds and
//                          # `only` (not their settings); relative to this file
//   only = ["dataset=1-2,model=rnn"]   # runs that one of them selects (run_filter.h), and those
//                                      # of the sweep in `of`
//   seeds = "101-105"                  # in place of those of `of`
//   [run]                              # settings of every point; [dataset] likewise
//   [grid]                             # the product of lists of settings, the last varies fastest
//   l2 = [0, 1e-5]
//   batch = [{rnn = 10, rlstm = 2}, {rnn = 40}]    # by model; a model not named keeps its value
//   [[list]]                           # or: points one by one
//   leaf_weights = "shared"
//   [random]                           # or: so many points drawn at random
//   points = 8
//   seed = 1
//   learning_rate = {log_uniform = [0.01, 0.2]}    # also uniform, integer, or a list of choices
//
// Without grid, list and random there is one point: the settings of [run] and [dataset], if any.
// Files are read strictly: everything unknown, mistyped or out of range is an Error "file:line:
// ...".
#pragma once

#include <string>
#include <vector>

#include "engine/run_spec_fields.h"
#include "experiments/plan/experiment.h"

namespace grove {

struct Setting {
  std::string key;  // a field of RunSpec or DatasetSpec; neither model nor seed
  FieldValue value;
  std::string model;    // whose runs get it; "": all
  bool of_run = false;  // a field of RunSpec
};

struct SweepPoint {
  // What the file varies: "l2 = 1e-05, l2_words = false", "batch = 10 (rnn), 2 (rlstm)". Settings
  // of every point are not in it, unless there are no others; "" for the point without settings.
  std::string label;
  std::vector<Setting> settings;  // of every point, and its own
  std::string place;              // "file:line", for errors
};

struct Sweep {
  std::string path;
  std::string name;
  std::string title;
  std::vector<Experiment> experiments;         // with the sweep's seeds
  std::vector<std::vector<std::string>> only;  // each list must hold: one of its clauses must
  std::vector<SweepPoint> points;              // at least one
};

// Whether the file has the key `of`. Throws Error if it cannot be read.
bool IsSweepFile(const std::string& path);

// Throws Error if this file or one it names cannot be read or says anything wrong.
Sweep ReadSweep(const std::string& path);

// `base` with the settings that apply to its model, in its axes too. Throws Error where they
// contradict each other.
Job ApplyPoint(const SweepPoint& point, Job base);

// What every point varies: the runs of the experiments that `only` keeps.
std::vector<Job> PlanBaseRuns(const Sweep& sweep);

// Throws Error if the points of the sweep, with so many runs each, are more runs than kMaxRuns.
void CheckCount(const Sweep& sweep, size_t base_runs);

// Points times base runs, counted first; a run that several points have (settings of another model
// alone) is planned once, as that of the first.
std::vector<Job> PlanRuns(const Sweep& sweep);

}  // namespace grove
