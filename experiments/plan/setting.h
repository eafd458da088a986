// One setting as spec files give it: what it is of, and how it shows.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/run_spec_fields.h"
#include "experiments/plan/job.h"

namespace grove {

// What a setting is of: RunSpec, DatasetSpec, the files a run trains on, or the dataset's id.
enum class Part { kRun, kData, kFiles, kId };

struct Setting {
  Part part = Part::kRun;
  std::string key;
  FieldValue value;  // as the field has it: 1 and 1.0 are the same; paths are resolved
  // What labels and axes say: numbers without a fraction are whole, paths are as they are written.
  // Null where they say nothing, as of the settings that a dataset's id or a model stands for.
  nlohmann::json shown;
  std::string model;  // whose runs get it; "": all
};

// A value to be shown; 0, 0.0 and -0.0 are the same.
nlohmann::json ShownValue(const FieldValue& value);

// Those that show: "l2 = 1e-05, batch = 10 (rnn), 2 (rlstm)". Settings of one key must be
// neighbours.
std::string Label(const std::vector<Setting>& settings);

// Equal for settings that show the same, whatever their order.
std::string Identity(std::vector<Setting> settings);

// Gives the job the setting, and its axes what it shows. Throws Error, without a place, if it is of
// generated trees and the job has files.
void Apply(const Setting& setting, Job& job);

}  // namespace grove
