#include "experiments/stats/report_data.h"

#include <algorithm>
#include <filesystem>
#include <tuple>

#include "engine/error.h"

namespace grove {

ReportData LoadReportData(const std::string& directory) {
  JournalContents journal = ReadJournal(directory);
  if (journal.records.empty()) {
    throw Error(directory + "/journal.jsonl: no finished run to report; first run: grove run " +
                "experiments/specs/exp1.toml --out " + directory);
  }
  ReportData data;
  data.provenance = std::move(journal.provenance);
  data.runs = std::move(journal.records);
  SortRuns(data.runs);
  for (size_t i = 0; i < data.runs.size(); ++i) {
    const RunRecord& run = data.runs[i];
    if (!IsDone(run) || run.ratios.empty()) continue;
    const std::string path = (std::filesystem::path(directory) / run.ratios).string();
    if (!std::filesystem::exists(path)) {
      data.warnings.push_back("the gradient ratios of run " + run.key + " (" + run.experiment +
                              ", " + run.model + ", seed " + std::to_string(run.seed) +
                              ") are missing: " + run.ratios);
      continue;
    }
    data.probes.push_back({i, SummariseRatios(ReadRatios(path))});
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
