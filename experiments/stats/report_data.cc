#include "experiments/stats/report_data.h"

#include <algorithm>
#include <tuple>

#include "engine/error.h"
#include "experiments/runs/store.h"

namespace grove {

ReportData LoadReportData(const std::string& directory) {
  const Store store = ReadStore(directory);
  const std::vector<const RunRecord*> records = store.Records();
  if (records.empty()) {
    throw Error(directory + ": no finished run to report; first run: grove run " +
                "experiments/specs/exp1.toml --out " + directory);
  }
  ReportData data;
  for (const Journal& journal : store.journals()) {
    data.provenance.insert(data.provenance.end(), journal.provenance.begin(),
                           journal.provenance.end());
  }
  for (const RunRecord* record : records) data.runs.push_back(*record);
  SortRuns(data.runs);
  for (size_t i = 0; i < data.runs.size(); ++i) {
    const RunRecord& run = data.runs[i];
    if (!IsDone(run) || !run.run.probe) continue;
    const std::vector<RatioSummary>* ratios = store.FindRatios(run.key);
    if (ratios == nullptr) {
      data.warnings.push_back("the gradient ratios of run " + run.key + " (" + run.experiment +
                              ", " + run.model + ", seed " + std::to_string(run.seed) +
                              ") are missing");
      continue;
    }
    data.probes.push_back({i, *ratios});
  }
  return data;
}

void SortRuns(std::vector<RunRecord>& runs) {
  const auto order = [](const RunRecord& run) {
    return std::make_tuple(std::cref(run.experiment), run.dataset, run.model == "rnn" ? 0 : 1,
                           std::cref(run.model), run.seed, run.axes.dump(), std::cref(run.key));
  };
  std::stable_sort(runs.begin(), runs.end(),
                   [&](const RunRecord& a, const RunRecord& b) { return order(a) < order(b); });
}

bool IsDone(const RunRecord& run) { return run.status == "done"; }

}  // namespace grove
