#include "experiments/study/readings.h"

#include <algorithm>
#include <filesystem>
#include <tuple>

#include "engine/error.h"

namespace grove {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> SweepPaths(const std::string& folder) {
  std::vector<std::string> paths;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(".toml") && name != "default.toml" && name != "random.toml") {
      paths.push_back(entry.path().string());
    }
  }
  if (error) throw Error(folder + ": " + error.message());
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace

Readings ReadReadings(const std::string& folder) {
  Readings readings;
  Sweep base = ReadSweep((fs::path(folder) / "default.toml").string());
  readings.experiments = std::move(base.experiments);
  readings.only = std::move(base.only);
  readings.all.push_back({"", "default", {}, {}});
  for (const std::string& path : SweepPaths(folder)) {
    const Sweep sweep = ReadSweep(path);
    for (const SweepPoint& point : sweep.points) {
      readings.all.push_back({sweep.title, point.label, point, {}});
    }
  }
  return readings;
}

ReportData CollectReading(const Pool& pool, const std::vector<Experiment>& experiments,
                          const SweepPoint& point, const std::string& seeds) {
  std::vector<PlannedRun> planned;
  for (Experiment experiment : experiments) {
    SetSeeds(experiment, ParseSeeds(seeds));
    for (PlannedRun& run : PlanRuns(experiment)) {
      planned.push_back(point.settings.empty() ? std::move(run)
                                               : ApplyPoint(point, std::move(run)));
    }
  }
  return pool.Collect(planned);
}

void JudgeReadings(const Pool& pool, Readings& readings) {
  for (Reading& reading : readings.all) {
    const ReportData data =
        CollectReading(pool, readings.experiments, reading.point, kChoosingSeeds);
    reading.judgements = Judge(data, Cells::kDeciding);
  }
}

const Reading& Winner(const Readings& readings) {
  return *std::max_element(readings.all.begin(), readings.all.end(),
                           [](const Reading& a, const Reading& b) {
                             return std::make_tuple(a.judgements.held(), a.judgements.judged()) <
                                    std::make_tuple(b.judgements.held(), b.judgements.judged());
                           });
}

}  // namespace grove
