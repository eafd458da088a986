#include "experiments/runs/manifest.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "engine/error.h"
#include "engine/files/files.h"
#include "engine/files/line_source.h"
#include "engine/json_text.h"
#include "experiments/plan/cost_model.h"
#include "experiments/plan/shards.h"
#include "experiments/runs/sealed_line.h"

namespace grove {
namespace {

namespace fs = std::filesystem;

std::string Line(const ManifestRun& run) {
  const nlohmann::ordered_json json = {
      {"key", run.key}, {"experiment", run.experiment}, {"seconds", run.seconds}};
  return Seal(json.dump()) + "\n";
}

ManifestRun Parse(std::string_view line, const std::string& place) {
  const nlohmann::json json = ParseJson(line, place);
  try {
    return {json.at("key").get<std::string>(), json.at("experiment").get<std::string>(),
            json.at("seconds").get<double>()};
  } catch (const nlohmann::json::exception&) {
    throw Error(place + ": no run of a manifest");
  }
}

void ReadManifest(const std::string& path, const std::function<void(const ManifestRun&)>& visit,
                  const OnDamage& on_damage) {
  LineSource lines(path);
  for (std::string_view line; lines.Next(line);) {
    const std::string fault = SealFault(line);
    if (fault.empty()) {
      visit(Parse(line, lines.place()));
    } else {
      on_damage({path, lines.number(), lines.cut(), lines.place() + ": damaged: " + fault});
    }
  }
}

}  // namespace

void WriteManifest(const RunFolder& folder, const std::vector<Job>& runs,
                   const std::function<void(const std::string&)>& note) {
  const std::string path = folder.ManifestPath();
  std::unordered_set<std::string> keys;
  std::string text;
  double seconds = 0;
  for (size_t i = 0; i < runs.size(); ++i) {
    const Job& run = runs[i];
    keys.insert(run.key);
    if (i == 0 || !SameButSeed(run, runs[i - 1])) seconds = PredictSeconds(run.run, run.data);
    text += Line({run.key, run.experiment, seconds});
  }
  bool is_whole = true;
  size_t earlier = 0;
  std::error_code error;
  if (fs::exists(path, error)) {
    ReadManifest(
        path,
        [&](const ManifestRun& run) {
          ++earlier;
          if (keys.insert(run.key).second) text += Line(run);
        },
        [&](const DamagedLine& line) {
          is_whole = false;
          note(line.message + "; it is left out");
        });
  }
  if (is_whole && earlier == keys.size()) return;
  if (!is_whole) folder.SetAside(path);
  WriteFileAtomically(path, text);
}

void ReadManifests(const std::string& directory,
                   const std::function<void(const ManifestRun&)>& visit,
                   const OnDamage& on_damage) {
  for (const std::string& path : FilesOfRunFolder(directory, "manifest", ".jsonl")) {
    ReadManifest(path, visit, on_damage);
  }
}

}  // namespace grove
