#include "experiments/stats/readings.h"

#include <algorithm>
#include <filesystem>

#include "engine/error.h"
#include "experiments/plan/run_filter.h"
#include "experiments/plan/sweep_settings.h"

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
  readings.all.emplace_back().label = "default";
  for (const std::string& path : SweepPaths(folder)) {
    const Sweep sweep = ReadSweep(path);
    for (const SweepPoint& point : sweep.points) {
      Reading& reading = readings.all.emplace_back();
      reading.factor = sweep.title;
      reading.label = PointLabel(point.settings);
      reading.point = point;
    }
  }
  return readings;
}

std::vector<Job> PlanReading(const std::vector<Experiment>& experiments, const SweepPoint& point,
                             const std::string& seeds) {
  std::vector<Job> planned;
  for (Experiment experiment : experiments) {
    SetSeeds(experiment, ParseSeeds(seeds));
    for (Job& run : PlanRuns(experiment)) planned.push_back(ApplyPoint(point, run));
  }
  return planned;
}

namespace {

struct DecidingRuns {
  int runs = 0, needed = 0;
  Judgements judgements;  // if all are there
};

DecidingRuns JudgeDeciding(const Pool& pool, const Readings& readings, const Reading& reading,
                           const char* seeds) {
  const std::vector<Job> planned = PlanReading(readings.experiments, reading.point, seeds);
  std::vector<Job> deciding = planned;
  for (const auto& clauses : readings.only) deciding = SelectRuns(deciding, clauses);
  DecidingRuns result;
  result.needed = static_cast<int>(deciding.size());
  result.runs = static_cast<int>(pool.Collect(deciding).runs.size());
  if (result.runs == result.needed) {
    result.judgements = Judge(pool.Collect(planned), Cells::kDeciding);
  }
  return result;
}

}  // namespace

void JudgeReadings(const Pool& pool, Readings& readings) {
  for (Reading& reading : readings.all) {
    DecidingRuns chosen = JudgeDeciding(pool, readings, reading, kChoosingSeeds);
    reading.runs = chosen.runs;
    reading.needed = chosen.needed;
    reading.judgements = std::move(chosen.judgements);
    reading.confirmed = JudgeDeciding(pool, readings, reading, kReportedSeeds).judgements;
  }
}

std::vector<const Reading*> Best(const Readings& readings) {
  std::vector<const Reading*> best;
  for (const Reading& reading : readings.all) {
    if (reading.judgements.judged() == 0) continue;
    const int failing = reading.judgements.failing();
    if (!best.empty() && failing > best.front()->judgements.failing()) continue;
    if (!best.empty() && failing < best.front()->judgements.failing()) best.clear();
    best.push_back(&reading);
  }
  return best;
}

}  // namespace grove
