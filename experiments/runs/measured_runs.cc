// Where the settings of finished runs come from: the journal names their cell, the manifest of the
// folder holds the settings of each cell.
#include "experiments/runs/measured_runs.h"

#include <filesystem>
#include <map>

#include "engine/error.h"
#include "engine/files.h"
#include "engine/run_spec_json.h"
#include "experiments/runs/record.h"

namespace grove {
namespace {

using Json = nlohmann::json;

// What a record and a cell of the manifest have in common.
std::string CellName(const std::string& experiment, const Json& dataset, const Json& model,
                     const Json& axes) {
  return Json{experiment, dataset, model, axes}.dump();
}

// The cells of a manifest by name.
std::map<std::string, Json> ReadCells(const std::string& path) {
  const Json manifest = Json::parse(ReadFile(path), nullptr, /*allow_exceptions=*/false);
  const Json experiments = manifest.is_object() ? manifest.value("experiments", Json()) : Json();
  if (!experiments.is_object()) throw Error(path + ": not a manifest of runs");
  std::map<std::string, Json> cells;
  for (const auto& [experiment, list] : experiments.items()) {
    for (const Json& cell : list) {
      if (!cell.is_object() || !cell.value("run", Json()).is_object()) {
        throw Error(path + ": not a manifest of runs");
      }
      cells[CellName(experiment, cell.value("dataset", Json()), cell["run"].value("model", Json()),
                     cell.value("axes", Json()))] = cell;
    }
  }
  return cells;
}

}  // namespace

std::vector<MeasuredRun> ReadMeasuredRuns(const std::string& directory) {
  const std::string path = directory + "/manifest.json";
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return {};
  const std::map<std::string, Json> cells = ReadCells(path);
  std::vector<MeasuredRun> measured;
  for (const RunRecord& record : ReadJournal(directory).records) {
    if (record.status != "done") continue;
    const auto cell =
        cells.find(CellName(record.experiment, record.dataset, record.model, record.axes));
    if (cell == cells.end()) continue;
    Json run = cell->second["run"];
    run["seed"] = record.seed;
    measured.push_back({RunSpecFromJson(run.dump(), path),
                        DatasetSpecFromJson(cell->second.value("data", Json()).dump(), path),
                        record.epochs, record.seconds});
  }
  return measured;
}

}  // namespace grove
