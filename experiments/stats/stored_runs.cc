#include "experiments/stats/stored_runs.h"

#include <map>

#include "engine/error.h"
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

// Times differ between two measurements of one run; nothing else does.
bool SameResult(const RunRecord& a, const RunRecord& b) {
  return a.status == b.status && a.weights_xxh3 == b.weights_xxh3;
}

std::vector<StoredRun> Values(std::map<std::string, StoredRun> by_key) {
  std::vector<StoredRun> runs;
  for (auto& [key, run] : by_key) runs.push_back(std::move(run));
  return runs;
}

}  // namespace

double StoredRun::accuracy() const { return failed() ? 0 : Percent(record->test_accuracy); }

std::vector<StoredRun> AllRuns(const std::vector<Piece>& journals) {
  std::map<std::string, StoredRun> runs;
  for (const Piece& journal : journals) {
    for (const RunRecord& record : journal.runs) {
      const auto [there, is_new] = runs.try_emplace(record.key);
      StoredRun& run = there->second;
      if (is_new) {
        run = MakeRun(record);
      } else if (!SameResult(record, *run.record)) {
        throw Error(journal.name + ": run " + record.key +
                    " has another result than in another journal");
      }
      const auto ratios = journal.ratios.find(record.key);
      if (ratios != journal.ratios.end()) run.ratios = &ratios->second;
      const auto observations = journal.observations.find(record.key);
      if (observations != journal.observations.end()) run.observations = &observations->second;
    }
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
