#include "experiments/stats/stored_runs.h"

#include <algorithm>

#include "experiments/stats/numbers.h"

namespace grove {

StoredRun::StoredRun(const RunRecord& run) : record(&run) {
  if (run.files) {
    settings = "data = files";
    return;
  }
  datasets = PaperDatasets(run.run, run.data);
  settings = ToText(Differences(run.run, run.data));
}

double StoredRun::accuracy() const { return failed() ? 0 : Percent(record->test_accuracy); }

std::vector<StoredRun> AllRuns(const Store& store) {
  std::vector<StoredRun> runs;
  for (const RunRecord* record : store.Records()) {
    StoredRun& run = runs.emplace_back(*record);
    run.ratios = store.FindRatios(record->key);
    run.observations = store.FindObservations(record->key);
  }
  std::sort(runs.begin(), runs.end(),
            [](const StoredRun& a, const StoredRun& b) { return a.record->key < b.record->key; });
  return runs;
}

}  // namespace grove
