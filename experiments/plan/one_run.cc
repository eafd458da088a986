#include "experiments/plan/one_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "engine/error.h"
#include "engine/nearest_name.h"
#include "experiments/plan/spec.h"

namespace grove {
namespace {

// Paths that come from elsewhere are relative to another folder: they are no names of points.
bool IsCalled(const Point& point, const std::string& name) {
  const Setting& first = point.settings[0];
  return first.part != Part::kFiles && PlainText(first.shown) == name;
}

// "rnn, rlstm", or of many their number.
std::string Names(const Axis& axis) {
  if (axis.points.size() > 5) return fmt::format("{} values", axis.points.size());
  std::vector<std::string> names;
  for (const Point& point : axis.points) names.push_back(PlainText(point.settings[0].shown));
  return Join(names);
}

// Leaves of each axis the point that is chosen, or of the axis nothing.
void Choose(const std::map<std::string, std::string>& chosen, Spec& spec) {
  for (const auto& [key, text] : chosen) {
    const auto axis = std::find_if(spec.axes.begin(), spec.axes.end(),
                                   [&name = key](const Axis& each) { return each.name == name; });
    if (axis != spec.axes.end()) {
      std::erase_if(axis->points,
                    [&name = text](const Point& point) { return !IsCalled(point, name); });
    }
    if (key == "dataset" && (axis == spec.axes.end() || axis->points.empty())) {
      throw Error(spec.path + ": there is no dataset " + text);
    }
  }
  std::erase_if(spec.axes, [](const Axis& axis) { return axis.points.empty(); });
}

void RequireOneRun(const Spec& spec) {
  size_t runs = 1;
  std::string axes, choice;
  for (const Axis& axis : spec.axes) {
    runs *= axis.points.size();
    if (axis.points.size() == 1) continue;
    axes += (axes.empty() ? "" : ", ") + axis.name + " (" + Names(axis) + ")";
    choice += (choice.empty() ? "" : " ") + axis.name + "=...";
  }
  if (axes.empty()) return;
  throw Error(
      fmt::format("{}: {} runs, by {}; choose one ({}), or let 'grove run' train them, "
                  "with --only some of them",
                  spec.path, runs, axes, choice));
}

}  // namespace

Job ReadOneRun(const std::string& path, const std::map<std::string, std::string>& chosen) {
  Spec spec = ReadSpec(path);
  if (spec.IsSweep()) {
    throw Error(path + ": a sweep; 'grove run' trains its runs, this is for a single one");
  }
  if (!spec.treebanks) {
    throw Error(path + ": names no files in [data]; 'grove run' trains on trees that it makes, " +
                "and 'grove data generate' writes such files");
  }
  Choose(chosen, spec);
  RequireOneRun(spec);
  Job job;
  job.experiment = spec.name;
  job.dataset = 1;
  job.files.emplace();
  for (const Setting& setting : spec.settings) Apply(setting, job);
  for (const Axis& axis : spec.axes) {
    for (const Setting& setting : axis.points[0].settings) Apply(setting, job);
  }
  return job;
}

}  // namespace grove
