#include "experiments/stats/stored_runs.h"

#include <map>

#include "experiments/stats/numbers.h"

namespace grove {
namespace {

StoredRun MakeRun(const RunRecord& record) {
  StoredRun run;
  run.record = &record;
  if (record.files) {
    run.settings = "data = files";
    return run;
  }
  run.datasets = PaperDatasets(record.run, record.data);
  run.settings = ToText(Differences(record.run, record.data));
  return run;
}

std::vector<StoredRun> Values(std::map<std::string, StoredRun>&& by_key) {
  std::vector<StoredRun> runs;
  for (auto& [key, run] : by_key) runs.push_back(std::move(run));
  return runs;
}

}  // namespace

double StoredRun::accuracy() const { return failed() ? 0 : Percent(record->test_accuracy); }

std::vector<StoredRun> AllRuns(const Store& store) {
  std::map<std::string, StoredRun> runs;
  for (const RunRecord* record : store.Records()) {
    StoredRun& run = runs[record->key];
    run = MakeRun(*record);
    run.ratios = store.FindRatios(record->key);
    run.observations = store.FindObservations(record->key);
  }
  return Values(std::move(runs));
}

std::vector<StoredRun> AllRuns(const ReportData& data) {
  std::map<std::string, StoredRun> runs;
  for (const RunRecord& record : data.runs) runs[record.key] = MakeRun(record);
  for (const ProbeRun& probe : data.probes) {
    runs[data.runs[probe.run].key].ratios = &probe.summaries;
  }
  return Values(std::move(runs));
}

}  // namespace grove
