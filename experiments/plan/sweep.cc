#include "experiments/plan/sweep.h"

#include <set>

#include "engine/error.h"
#include "experiments/plan/run_filter.h"
#include "experiments/plan/sweep_settings.h"

namespace grove {

Job ApplyPoint(const SweepPoint& point, Job base) {
  for (const Setting& setting : point.settings) {
    if (!setting.model.empty() && setting.model != base.run.model) continue;
    if (setting.of_run) {
      SetField(base.run, setting.key, setting.value);
    } else if (base.files) {
      throw Error(point.place + ": " + setting.key + ": a setting of generated trees, and " +
                  base.experiment + " trains on files");
    } else {
      SetField(base.data, setting.key, setting.value);
    }
    base.axes[setting.key] = AxisValue(setting.value);
  }
  if (!point.settings.empty()) base.variant = PointLabel(point.settings);
  FinishRun(base, point.place);
  return base;
}

std::vector<Job> PlanBaseRuns(const Sweep& sweep) {
  std::vector<Job> runs;
  for (const Experiment& experiment : sweep.experiments) {
    for (Job& planned : PlanRuns(experiment)) runs.push_back(std::move(planned));
  }
  for (const std::vector<std::string>& clauses : sweep.only) {
    runs = SelectRuns(runs, clauses, sweep.path + ": only");
  }
  return runs;
}

void CheckCount(const Sweep& sweep, size_t base_runs) {
  CheckCount(static_cast<double>(sweep.points.size()) * static_cast<double>(base_runs), sweep.path,
             std::to_string(sweep.points.size()) + " points of " + std::to_string(base_runs) +
                 " runs each");
}

std::vector<Job> PlanRuns(const Sweep& sweep) {
  const std::vector<Job> base = PlanBaseRuns(sweep);
  CheckCount(sweep, base.size());
  std::vector<Job> runs;
  std::set<std::string> keys;
  for (const SweepPoint& point : sweep.points) {
    for (const Job& planned : base) {
      Job run = ApplyPoint(point, planned);
      if (keys.insert(run.key).second) runs.push_back(std::move(run));
    }
  }
  return runs;
}

}  // namespace grove
