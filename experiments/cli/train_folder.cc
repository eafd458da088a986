#include "experiments/cli/train_folder.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <system_error>
#include <vector>

#include "engine/error.h"
#include "engine/files/files.h"
#include "experiments/runs/store.h"

namespace grove {
namespace {

// What an earlier version left of an interrupted run.
constexpr const char* kOldState[] = {"interrupted.safetensors", "interrupted.json"};

bool Exists(const std::string& path) {
  std::error_code error;
  return std::filesystem::exists(path, error);
}

}  // namespace

TrainFolder::TrainFolder(const std::string& out)
    : runs_(out, {"model.safetensors", "record.json", kOldState[0], kOldState[1]}),
      model_(out + "/model.safetensors"),
      record_(out + "/record.json") {}

bool TrainFolder::HasModelAndRecord() const { return Exists(model_) && Exists(record_); }

// Whether record.json is that of a run that came to an end without a model.
bool TrainFolder::RecordIsOfAFailure() const {
  const auto json = nlohmann::json::parse(ReadFile(record_), nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return false;
  const auto status = json.find("status");
  return status != json.end() && (*status == "failed" || *status == "diverged");
}

// Whether the model is what a crash, or a fault of the disk, left of a training here: between the
// end of this very run and its record.json, or between the model of a run and its line in the
// journal. In that case no run is done here.
bool TrainFolder::HoldsUnfinishedRun(const Job& job) const {
  if (Exists(record_) && !RecordIsOfAFailure()) return false;
  const Store store = ReadRunFolder(path());
  const RunRecord* record = store.Find(job.key);
  if (record != nullptr && record->status == "done") return true;
  const std::vector<const RunRecord*>& all = store.Records();
  return Exists(runs_.JournalPath()) &&
         std::none_of(all.begin(), all.end(),
                      [](const RunRecord* run) { return run->status == "done"; });
}

void TrainFolder::Check(const Job& job) const {
  const std::vector<std::string> states = runs_.States();
  // The run itself was interrupted here, be it while it replaced another.
  if (std::find(states.begin(), states.end(), job.key) != states.end()) return;
  if (Exists(model_) && !HoldsUnfinishedRun(job)) {
    throw Error(path() + ": holds a trained model; --force replaces it");
  }
  for (const char* name : kOldState) {
    if (!Exists(path() + "/" + name)) continue;
    throw Error(path() + ": holds a run that an earlier version interrupted; --force starts anew");
  }
  if (!states.empty()) {
    throw Error(path() + ": holds an interrupted run with other settings or data; the same " +
                "command continues it, --force replaces it");
  }
}

void TrainFolder::RemoveOthers(const Job& job) const {
  for (const std::string& key : runs_.States()) {
    if (key != job.key) runs_.RemoveState(key);
  }
  std::error_code ignored;  // mostly they are not there
  for (const char* name : kOldState) std::filesystem::remove(path() + "/" + name, ignored);
}

}  // namespace grove
