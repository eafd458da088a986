// One run that has ended, as a command line names it.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "engine/files/checkpoint.h"
#include "engine/files/model_file.h"
#include "experiments/runs/store.h"

namespace grove {

struct NamedRun {
  std::string path;  // of the folder, journal or model
  Store store;       // holds the record
  const RunRecord* record = nullptr;

  // What made it; an empty object where its journal does not say.
  nlohmann::json provenance() const;
};

// `argument` is PATH or PATH:WHICH. PATH is a folder of runs, a journal, or a model beside whose
// folder the journal lies; WHICH is the key of a run or the beginning of one, or terms as --only
// takes them ("model=rlstm,seed=1"), and may be left out where there is a single run. Throws Error
// that says what there is if that is not one run.
NamedRun FindNamedRun(const std::string& argument);

// The run that made these weights, by their hash, if its journal lies in the model's folder or the
// one above.
std::optional<NamedRun> FindRunOfModel(const TensorFile& file, const ModelInfo& info);

}  // namespace grove
