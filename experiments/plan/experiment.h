// An experiment file: base settings, and axes whose product is the list of runs.
//
//   name = "exp1"
//   title = "..."
//   [dataset]            # any field of DatasetSpec, or in its place:
//   [data]               # files of trees, by paths relative to this file
//   train = "train.ptb"
//   dev = "dev.ptb"
//   test = "test.ptb"    # may be left out
//   classes = 5          # labels are below; default: as many as the training file has
//   [run]                # any field of RunSpec
//   [axes]
//   dataset = [{id = 1, min_length = 1, max_length = 10}, ...]
//   model = ["rnn", {model = "rlstm", batch = 5}]   # names, or tables of RunSpec fields
//   seed = "1-5"                                    # or [1, 2, 3]
//   l2 = [0, 1e-4]                                  # any other field of either spec
//
// With files the axes train, dev and test are lists of paths, and the tables of the dataset axis
// hold the keys of [data]; these need not be in [data] then.
//
// Files are read strictly: everything unknown, mistyped or out of range is an Error "file:line:
// ...".
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/run_spec.h"
#include "engine/run_spec_fields.h"
#include "experiments/plan/job.h"
#include "experiments/plan/treebanks.h"

namespace grove {

// One place on an axis: its value, and the settings it stands for.
struct AxisPoint {
  // A dataset's id, a model's name, a seed, a path as it is written, or the setting itself.
  nlohmann::json value;
  std::vector<std::pair<std::string, FieldValue>> run_settings;
  std::vector<std::pair<std::string, FieldValue>> data_settings;
  std::vector<std::pair<std::string, FieldValue>> file_settings;  // keys of [data], paths resolved
  std::string place;                                              // "file:line", for errors
};

struct Axis {
  std::string name;
  std::vector<AxisPoint> points;
};

struct Experiment {
  std::string path;
  std::string name;
  std::string title;
  DatasetSpec data;
  // Where runs are on files: what [data] says, and what is known of them. `data` is not used then.
  std::optional<TreebankPaths> files;
  std::shared_ptr<Treebanks> treebanks;
  RunSpec run;
  // dataset, model, the others by name, seed; the last varies fastest.
  std::vector<Axis> axes;
};

// Throws Error if the file cannot be read or says anything wrong.
Experiment ReadExperiment(const std::string& path);

// Replaces the seeds of the experiment.
void SetSeeds(Experiment& experiment, const std::vector<uint64_t>& seeds);

// More runs than these are no plan but a mistake in a file.
inline constexpr size_t kMaxRuns = 1'000'000;

// The product of the axes, counted before it is built. Throws Error if it has more than kMaxRuns,
// where settings contradict each other, where a file of trees has a fault, and if two runs are
// alike.
std::vector<Job> PlanRuns(const Experiment& experiment);

// Throws Error that there are `runs` runs in `what`, if these are too many; `why` may say more.
void CheckCount(double runs, const std::string& what, const std::string& why);

// Resolves the run and gives it its key. Throws Error, with `place`, where settings that are right
// one by one contradict each other.
void FinishRun(Job& planned, const std::string& place);

// Sets a key of [data]; `value` must be a string, for `classes` an integer.
void SetFile(TreebankPaths& files, const std::string& key, const FieldValue& value);

// "1-3,7" -> 1, 2, 3, 7. Throws Error, without a place, on anything else, on a seed given twice and
// on more than 10,000 seeds.
std::vector<uint64_t> ParseSeeds(std::string_view text);

}  // namespace grove
