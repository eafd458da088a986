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

std::vector<Job> PlanRuns(const Sweep& sweep) {
  const std::vector<Job> base = PlanBaseRuns(sweep);
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
