// A spec file says which jobs there are, in one of two forms. An experiment is the product of axes:
//
//   name = "exp1"
//   title = "..."
//   [dataset]            # any field of DatasetSpec, or in its place:
//   [data]               # files of trees, by paths relative to this file
//   train = "train.ptb"
//   dev = "dev.ptb"
//   test = "test.ptb"    # may be left out
//   vectors = "glove.txt"   # start values of words, word_dim numbers each; may be left out
//   classes = 5          # labels are below; default: as many as the training file has
//   min_count = 2        # any field of ReadingSpec
//   [run]                # any field of RunSpec
//   [axes]
//   dataset = [{id = 1, min_length = 1, max_length = 10}, ...]
//   model = ["rnn", {model = "rlstm", batch = 5}]   # names, or tables of RunSpec fields
//   seed = "1-5"                                    # or [1, 2, 3]
//   l2 = [0, 1e-4]                                  # any other field of either spec
//
// With files the axes train, dev, test and vectors are lists of paths, and the tables of the
// dataset axis hold the keys of [data]; these need not be in [data] then.
//
// A sweep varies the jobs of experiments in a few lines, for ablations:
//
//   name = "l2"
//   title = "L2 penalty"
//   of = ["exp1.toml"]     # experiments, or sweeps: then their experiments, seeds and `only` (not
//                          # their settings); relative to this file
//   only = ["dataset=1-2,model=rnn"]   # jobs that one of them selects (run_filter.h), and those
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
//
// Files are read strictly: everything unknown, mistyped or out of range is an Error "file:line:
// ...".
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/plan/setting.h"
#include "experiments/plan/treebanks.h"

namespace grove {

// One place on an axis.
struct Point {
  std::vector<Setting> settings;
  std::string place;  // "file:line", for errors
  // Of a sweep, what the file varies: "l2 = 1e-05, l2_words = false". The settings of every point
  // are not in it, unless there are no others; "" for the point without settings.
  std::string label;
};

struct Axis {
  std::string name;
  std::vector<Point> points;
};

struct Spec {
  std::string path;
  std::string name;
  std::string title;
  // Of a sweep: the experiments it varies, with its seeds, and which of their jobs: each list must
  // hold, that is one of its clauses must. An experiment varies the defaults instead.
  std::vector<Spec> of;
  std::vector<std::vector<std::string>> only;
  std::shared_ptr<Treebanks> treebanks;  // of an experiment on files, else null
  std::vector<Setting> settings;         // of every job, before those of the axes
  // Of an experiment: dataset, model, the others by name, seed. Of a sweep: one, its points. The
  // last varies fastest.
  std::vector<Axis> axes;

  bool IsSweep() const { return !of.empty(); }
};

// Throws Error if this file or one it names cannot be read or says anything wrong.
Spec ReadSpec(const std::string& path);

// The experiments of a sweep; an experiment is its own.
std::span<Spec> Experiments(Spec& spec);

// Replaces the seeds of the experiments.
void SetSeeds(Spec& spec, const std::vector<uint64_t>& seeds);

// "1-3,7" -> 1, 2, 3, 7. Throws Error, without a place, on anything else, on a seed given twice and
// on more than 10,000 seeds.
std::vector<uint64_t> ParseSeeds(std::string_view text);

}  // namespace grove
