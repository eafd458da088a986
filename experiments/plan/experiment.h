// An experiment file: base settings, and axes whose product is the list of runs.
//
//   name = "exp1"
//   title = "..."
//   [dataset]            # any field of DatasetSpec
//   [run]                # any field of RunSpec
//   [axes]
//   dataset = [{id = 1, min_length = 1, max_length = 10}, ...]
//   model = ["rnn", {model = "rlstm", batch = 5}]   # names, or tables of RunSpec fields
//   seed = "1-5"                                    # or [1, 2, 3]
//   l2 = [0, 1e-4]                                  # any other field of either spec
//
// Files are read strictly: everything unknown, mistyped or out of range is an Error "file:line:
// ...".
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/run_spec.h"
#include "engine/run_spec_fields.h"
#include "experiments/plan/job.h"

namespace grove {

// One place on an axis: its value, and the settings it stands for.
struct AxisPoint {
  nlohmann::json value;  // a dataset's id, a model's name, a seed, or the setting itself
  std::vector<std::pair<std::string, FieldValue>> run_settings;
  std::vector<std::pair<std::string, FieldValue>> data_settings;
  std::string place;  // "file:line", for errors
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
  RunSpec run;
  // dataset, model, the others by name, seed; the last varies fastest.
  std::vector<Axis> axes;
};

// Throws Error if the file cannot be read or says anything wrong.
Experiment ReadExperiment(const std::string& path);

// Replaces the seeds of the experiment.
void SetSeeds(Experiment& experiment, const std::vector<uint64_t>& seeds);

// The product of the axes. Throws Error where settings contradict each other, or two runs are
// alike.
std::vector<Job> PlanRuns(const Experiment& experiment);

// Resolves the run and gives it its key. Throws Error, with `place`, where settings that are right
// one by one contradict each other.
void FinishRun(Job& planned, const std::string& place);

// "1-3,7" -> 1, 2, 3, 7. Throws Error, without a place, on anything else, on a seed given twice and
// on more than 10,000 seeds.
std::vector<uint64_t> ParseSeeds(std::string_view text);

}  // namespace grove
