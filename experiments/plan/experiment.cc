#include "experiments/plan/experiment.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <set>
#include <unordered_map>

#include "engine/error.h"
#include "engine/run_spec_json.h"
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

void Apply(const AxisPoint& point, const std::string& axis, Job& planned, TreebankPaths& files) {
  for (const auto& [key, value] : point.run_settings) SetField(planned.run, key, value);
  for (const auto& [key, value] : point.data_settings) SetField(planned.data, key, value);
  for (const auto& [key, value] : point.file_settings) SetFile(files, key, value);
  if (axis == "dataset") {
    planned.dataset = point.value.get<int>();
  } else if (axis != "model" && axis != "seed") {
    planned.axes[axis] = point.value;
  }
}

void RequireFile(const std::string& path, const std::string& key, const std::string& place) {
  if (!path.empty()) return;
  throw Error(place + ": " + key + ": no file is named; [data], an axis or every dataset must");
}

// "seed has 10000 values, l2 1000": the axes that make a plan large.
std::string LargestAxes(std::vector<Axis> axes) {
  std::stable_sort(axes.begin(), axes.end(),
                   [](const Axis& a, const Axis& b) { return a.points.size() > b.points.size(); });
  std::string text;
  for (size_t a = 0; a < std::min<size_t>(3, axes.size()) && axes[a].points.size() > 1; ++a) {
    text += (a == 0 ? "" : ", ") + axes[a].name + (a == 0 ? " has " : " ") +
            std::to_string(axes[a].points.size()) + (a == 0 ? " values" : "");
  }
  return text;
}

}  // namespace

void FinishRun(Job& planned, const std::string& place) {
  try {
    if (!planned.files) ValidateDatasetSpec(planned.data);
    Validate(planned.run);
    if (planned.run.probe && !planned.has_keywords) {
      throw Error("probe = true: it follows the keywords of trees, and no tree of " +
                  planned.files->train.path +
                  " has one (words that are numbers, exactly one of them below 1000)");
    }
  } catch (const Error& error) {
    throw Error(place + ": " + error.what());
  }
  planned.run = Resolve(planned.run);
  SetKey(planned);
}

std::vector<uint64_t> ParseSeeds(std::string_view text) {
  std::vector<uint64_t> seeds;
  std::set<uint64_t> seen;
  while (true) {
    const std::string_view item = text.substr(0, text.find(','));
    const size_t dash = item.find('-');
    const uint64_t first = ParseSeed(item.substr(0, dash));
    const uint64_t last = dash == std::string_view::npos ? first : ParseSeed(item.substr(dash + 1));
    if (last < first) throw Error("'" + std::string(item) + "': the range ends before it begins");
    if (last - first >= kMaxSeeds - seeds.size()) throw Error("more than 10000 seeds");
    for (uint64_t seed = first;; ++seed) {
      if (!seen.insert(seed).second) {
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
    axis.points.push_back({seed, {{"seed", seed}}, {}, {}, experiment.path});
  }
  experiment.axes.push_back(std::move(axis));
}

void SetFile(TreebankPaths& files, const std::string& key, const FieldValue& value) {
  if (key == "classes") {
    files.classes = static_cast<int>(std::get<int64_t>(value));
    return;
  }
  std::string& path = key == "train" ? files.train : key == "dev" ? files.dev : files.test;
  path = std::get<std::string>(value);
}

void CheckCount(double runs, const std::string& what, const std::string& why) {
  if (runs <= static_cast<double>(kMaxRuns)) return;
  char count[64];
  std::snprintf(count, sizeof(count), runs < 1e15 ? "%.0f" : "about %.1g", runs);
  throw Error(what + ": " + count + " runs, and a plan has at most " + std::to_string(kMaxRuns) +
              (why.empty() ? "" : "; " + why));
}

namespace {

// The run at that point of each axis; `place` is where its dataset stands in the file.
Job PlanRun(const Experiment& experiment, const std::vector<size_t>& position, std::string& place) {
  Job planned;
  planned.experiment = experiment.name;
  planned.dataset = 1;
  planned.run = experiment.run;
  planned.data = experiment.data;
  TreebankPaths files = experiment.files.value_or(TreebankPaths());
  place = experiment.path;
  for (size_t a = 0; a < position.size(); ++a) {
    const AxisPoint& point = experiment.axes[a].points[position[a]];
    Apply(point, experiment.axes[a].name, planned, files);
    if (a == 0) place = point.place;
  }
  if (experiment.files) {
    RequireFile(files.train, "train", place);
    RequireFile(files.dev, "dev", place);
    TakeTreebank(experiment.treebanks->Get(files), planned);
  }
  FinishRun(planned, place);
  return planned;
}

}  // namespace

std::vector<Job> PlanRuns(const Experiment& experiment) {
  double count = 1;
  for (const Axis& axis : experiment.axes) count *= static_cast<double>(axis.points.size());
  CheckCount(count, experiment.path, LargestAxes(experiment.axes));

  std::vector<Job> runs;
  runs.reserve(static_cast<size_t>(count));
  std::unordered_map<std::string, size_t> by_key;
  std::vector<size_t> position(experiment.axes.size(), 0);  // an odometer over the axes
  std::string place, identity;
  while (true) {
    // The seed, the last axis, decides nothing but itself: the rest is that of the run before.
    const bool only_seed =
        !position.empty() && experiment.axes.back().name == "seed" && position.back() > 0;
    if (only_seed) {
      runs.push_back(runs.back());
      runs.back().run.seed = experiment.axes.back().points[position.back()].value.get<uint64_t>();
      runs.back().key = RunKey(runs.back().run, identity);
    } else {
      runs.push_back(PlanRun(experiment, position, place));
      identity = DataIdentity(runs.back().data, runs.back().files);
    }
    const Job& planned = runs.back();
    const auto [same, is_new] = by_key.emplace(planned.key, runs.size() - 1);
    if (!is_new) {
      throw Error(place + ": " + runs[same->second].Label() + " and " + planned.Label() +
                  " are the same run");
    }
    size_t a = position.size();
    while (a > 0 && ++position[a - 1] == experiment.axes[a - 1].points.size()) {
      position[--a] = 0;
    }
    if (a == 0) return runs;
  }
}

}  // namespace grove
