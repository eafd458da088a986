#include "experiments/plan/sweep.h"

#include <set>

#include "engine/error.h"
#include "experiments/plan/run_filter.h"
#include "experiments/plan/sweep_settings.h"

namespace grove {

PlannedRun ApplyPoint(const SweepPoint& point, PlannedRun base) {
  for (const Setting& setting : point.settings) {
    if (!setting.model.empty() && setting.model != base.run.model) continue;
    if (setting.of_run) {
      SetField(base.run, setting.key, setting.value);
    } else {
      SetField(base.data, setting.key, setting.value);
    }
    base.axes[setting.key] = AxisValue(setting.value);
  }
  FinishRun(base, point.place);
  return base;
}

std::vector<PlannedRun> PlanBaseRuns(const Sweep& sweep) {
  std::vector<PlannedRun> runs;
  for (const Experiment& experiment : sweep.experiments) {
    for (PlannedRun& planned : PlanRuns(experiment)) runs.push_back(std::move(planned));
  }
  for (const std::vector<std::string>& clauses : sweep.only) {
    runs = SelectRuns(runs, clauses, sweep.path + ": only");
  }
  return runs;
}

std::vector<PlannedRun> PlanRuns(const Sweep& sweep) {
  const std::vector<PlannedRun> base = PlanBaseRuns(sweep);
  std::vector<PlannedRun> runs;
  std::set<std::string> keys;
  for (const SweepPoint& point : sweep.points) {
    for (const PlannedRun& planned : base) {
      PlannedRun run = ApplyPoint(point, planned);
      if (keys.insert(run.key).second) runs.push_back(std::move(run));
    }
  }
  return runs;
}

}  // namespace grove
