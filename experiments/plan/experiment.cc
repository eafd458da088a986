#include "experiments/plan/experiment.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "engine/error.h"
#include "engine/task.h"

namespace grove {
namespace {

constexpr size_t kMaxSeeds = 10000;

uint64_t ParseSeed(std::string_view text) {
  uint64_t seed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
  if (error != std::errc() || end != text.data() + text.size()) {
    throw Error("'" + std::string(text) + "': must be seeds like 1-5 or 1,2,7");
  }
  return seed;
}

void Apply(const AxisPoint& point, const std::string& axis, Job& planned) {
  for (const auto& [key, value] : point.run_settings) SetField(planned.run, key, value);
  for (const auto& [key, value] : point.data_settings) SetField(planned.data, key, value);
  if (axis == "dataset") {
    planned.dataset = point.value.get<int>();
  } else if (axis != "model" && axis != "seed") {
    planned.axes[axis] = point.value;
  }
}

}  // namespace

void FinishRun(Job& planned, const std::string& place) {
  try {
    ValidateDatasetSpec(planned.data);
    Validate(planned.run);
  } catch (const Error& error) {
    throw Error(place + ": " + error.what());
  }
  planned.run = Resolve(planned.run);
  SetKey(planned);
}

std::vector<uint64_t> ParseSeeds(std::string_view text) {
  std::vector<uint64_t> seeds;
  while (true) {
    const std::string_view item = text.substr(0, text.find(','));
    const size_t dash = item.find('-');
    const uint64_t first = ParseSeed(item.substr(0, dash));
    const uint64_t last = dash == std::string_view::npos ? first : ParseSeed(item.substr(dash + 1));
    if (last < first) throw Error("'" + std::string(item) + "': the range ends before it begins");
    if (last - first >= kMaxSeeds - seeds.size()) throw Error("more than 10000 seeds");
    for (uint64_t seed = first;; ++seed) {
      if (std::find(seeds.begin(), seeds.end(), seed) != seeds.end()) {
        throw Error("seed " + std::to_string(seed) + " is given twice");
      }
      seeds.push_back(seed);
      if (seed == last) break;
    }
    if (item.size() == text.size()) return seeds;
    text.remove_prefix(item.size() + 1);
  }
}

void SetSeeds(Experiment& experiment, const std::vector<uint64_t>& seeds) {
  std::erase_if(experiment.axes, [](const Axis& axis) { return axis.name == "seed"; });
  Axis axis{"seed", {}};
  for (const uint64_t seed : seeds) {
    axis.points.push_back({seed, {{"seed", seed}}, {}, experiment.path});
  }
  experiment.axes.push_back(std::move(axis));
}

std::vector<Job> PlanRuns(const Experiment& experiment) {
  std::vector<Job> runs;
  std::map<std::string, std::string> labels;                // by key
  std::vector<size_t> position(experiment.axes.size(), 0);  // an odometer over the axes
  while (true) {
    Job& planned = runs.emplace_back();
    planned.experiment = experiment.name;
    planned.dataset = 1;
    planned.run = experiment.run;
    planned.data = experiment.data;
    std::string place = experiment.path;
    for (size_t a = 0; a < position.size(); ++a) {
      const AxisPoint& point = experiment.axes[a].points[position[a]];
      Apply(point, experiment.axes[a].name, planned);
      if (a == 0) place = point.place;
    }
    FinishRun(planned, place);
    const auto [same, is_new] = labels.emplace(planned.key, planned.Label());
    if (!is_new) {
      throw Error(place + ": " + same->second + " and " + planned.Label() + " are the same run");
    }
    size_t a = position.size();
    while (a > 0 && ++position[a - 1] == experiment.axes[a - 1].points.size()) {
      position[--a] = 0;
    }
    if (a == 0) return runs;
  }
}

}  // namespace grove
