#include "experiments/runs/manifest.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "engine/error.h"
#include "engine/files/files.h"
#include "engine/files/line_source.h"
#include "experiments/plan/cost_model.h"
#include "experiments/plan/shards.h"
#include "experiments/runs/line_fields.h"
#include "experiments/runs/sealed_line.h"

namespace grove {
namespace {

namespace fs = std::filesystem;

std::string Line(const ManifestRun& run) {
  const nlohmann::ordered_json json = {
      {"key", run.key}, {"experiment", run.experiment}, {"seconds", run.seconds}};
  return Seal(json.dump()) + "\n";
}

void ReadManifest(const std::string& path, const std::function<void(const ManifestRun&)>& visit,
                  const OnDamage& on_damage) {
  LineSource lines(path);
  for (std::string_view line; lines.Next(line);) {
    const std::string fault = SealFault(line);
    if (!fault.empty()) {
      TellDamage(lines, fault, on_damage);
      continue;
    }
    try {
      const LineFields fields(line);
      const double seconds = fields.Number("seconds");
      if (!(seconds >= 0)) throw Error("key 'seconds': must be a number from 0");
      visit({fields.Text("key"), fields.Text("experiment"), seconds});
    } catch (const Error& error) {
      throw Error(lines.place() + ": no run of a manifest: " + error.what());
    }
  }
}

}  // namespace

std::vector<ManifestRun> ManifestOf(const std::vector<Job>& runs) {
  std::vector<ManifestRun> manifest;
  manifest.reserve(runs.size());
  for (size_t i = 0; i < runs.size(); ++i) {
    const Job& run = runs[i];
    const double seconds = i > 0 && SameButSeed(run, runs[i - 1])
                               ? manifest.back().seconds
                               : PredictSeconds(run.run, run.data);
    manifest.push_back({run.key, run.experiment, seconds});
  }
  return manifest;
}

void WriteManifest(const RunFolder& folder, const std::vector<ManifestRun>& runs,
                   const std::function<void(const std::string&)>& note) {
  const std::string path = folder.ManifestPath();
  std::unordered_set<std::string> keys;
  std::string text;
  for (const ManifestRun& run : runs) {
    if (keys.insert(run.key).second) text += Line(run);
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
