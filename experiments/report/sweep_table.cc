#include "experiments/report/sweep_table.h"

#include <initializer_list>
#include <utility>

namespace grove {

std::vector<RunRecord> SweepRuns(const std::vector<StoredRun>& runs) {
  std::vector<RunRecord> found;
  for (const StoredRun& run : runs) {
    const bool other = !run.record->axes.empty() || !run.settings.empty() || run.datasets.empty();
    if (other) found.push_back(*run.record);
  }
  return found;
}

Table SweepTable(const SweepSummary& summary) {
  constexpr auto kRight = Table::Align::kRight;
  std::vector<Table::Column> columns;
  for (const std::string& axis : summary.axes) columns.push_back({axis, "", kRight});
  columns.push_back({"model"});
  columns.push_back({"n", "runs", kRight});
  columns.push_back({"failed_or_diverged", "failed or diverged", kRight});
  for (const char* name : {"lowest", "q25", "median", "q75", "best", "mean"}) {
    columns.push_back({name, "", kRight});
  }
  Table table(columns);
  for (const SweepRow& summed : summary.rows) {
    std::vector<Value> row(summed.values.begin(), summed.values.end());
    const Spread& s = summed.spread;
    for (Value value : std::initializer_list<Value>{summed.model, s.n, s.failed, s.lowest, s.q25,
                                                    s.median, s.q75, s.best, s.mean}) {
      row.push_back(std::move(value));
    }
    table.Add(std::move(row));
  }
  return table;
}

}  // namespace grove
