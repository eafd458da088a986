#include "experiments/report/run_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <map>
#include <tuple>

#include "experiments/stats/numbers.h"

namespace grove {
std::vector<StoredRun> SortedRuns(std::vector<StoredRun> runs) {
  const auto order = [](const StoredRun& stored) {
    const RunRecord& run = *stored.record;
    return std::make_tuple(std::cref(run.experiment), run.dataset, run.model == "rnn" ? 0 : 1,
                           std::cref(run.model), run.seed, run.axes.dump(), std::cref(run.key));
  };
  std::stable_sort(runs.begin(), runs.end(),
                   [&](const StoredRun& a, const StoredRun& b) { return order(a) < order(b); });
  return runs;
}

Table RunsTable(const std::vector<StoredRun>& runs) {
  std::set<std::string> axes;
  for (const StoredRun& run : runs) {
    for (const auto& [axis, value] : run.record->axes.items()) axes.insert(axis);
  }
  std::vector<std::string> names = {"key", "experiment", "dataset", "model", "seed"};
  names.insert(names.end(), axes.begin(), axes.end());
  names.insert(names.end(),
               {"variant", "status", "message", "test_accuracy", "dev_accuracy", "train_accuracy",
                "best_epoch", "epochs", "seconds", "trees_per_second", "weights_xxh3"});
  Table table = Table::Named(names);
  for (const StoredRun& stored : runs) {
    const RunRecord& run = *stored.record;
    std::vector<Value> row = {run.key, run.experiment, run.dataset, run.model, run.seed};
    for (const std::string& axis : axes) {
      const nlohmann::json value = run.ValueOn(axis);
      row.push_back(value.is_null() ? Value() : PlainText(value));
    }
    row.insert(row.end(), {run.variant, run.status, run.message, run.test_accuracy,
                           run.dev_accuracy, run.train_accuracy, run.best_epoch, run.epochs,
                           run.seconds, run.trees_per_second, run.weights_xxh3});
    table.Add(std::move(row));
  }
  return table;
}

Table SweepTable(const SweepSummary& summary) {
  std::vector<Table::Column> columns;
  for (const std::string& axis : summary.axes) columns.push_back(Numbers(axis));
  columns.insert(columns.end(), {Words("model"), Numbers("n", "runs"),
                                 Numbers("failed_or_diverged", "failed or diverged"),
                                 Numbers("lowest"), Numbers("q25"), Numbers("median"),
                                 Numbers("q75"), Numbers("best"), Numbers("mean")});
  Table table(columns);
  for (const SweepRow& summed : summary.rows) {
    const Spread& s = summed.spread;
    std::vector<Value> row(summed.values.begin(), summed.values.end());
    row.insert(row.end(),
               {summed.model, s.n, s.failed, s.lowest, s.q25, s.median, s.q75, s.best, s.mean});
    table.Add(std::move(row));
  }
  return table;
}

Table FailedRuns(const std::vector<StoredRun>& runs) {
  Table table({Words("experiment"), Numbers("dataset"), Words("model"), Numbers("seed"),
               Words("settings"), Words("status"), Words("why")});
  for (const StoredRun& stored : runs) {
    const RunRecord& run = *stored.record;
    if (!stored.failed()) continue;
    table.Add({run.experiment, run.dataset, run.model, run.seed, stored.settings, run.status,
               run.message});
  }
  return table;
}

std::string EpochsCsv(const std::vector<StoredRun>& runs) {
  std::string csv = CsvLine({"key", "experiment", "dataset", "model", "seed", "epoch", "loss",
                             "train_accuracy", "dev_loss", "dev_accuracy"});
  for (const StoredRun& stored : runs) {
    const RunRecord& run = *stored.record;
    for (const EpochRecord& e : run.history) {
      csv += CsvLine({run.key, run.experiment, run.dataset, run.model, run.seed, e.epoch, e.loss,
                      e.train_accuracy, e.dev_loss, e.dev_accuracy});
    }
  }
  return csv;
}

std::string RatiosCsv(const std::vector<StoredRun>& runs) {
  std::string csv = CsvLine({"key", "experiment", "model", "seed", "epoch", "depth", "n", "q05",
                             "q25", "median", "q75", "q95", "share_above_1"});
  for (const StoredRun& stored : runs) {
    if (stored.ratios == nullptr || stored.failed()) continue;
    const RunRecord& run = *stored.record;
    for (const RatioSummary& s : *stored.ratios) {
      csv += CsvLine({run.key, run.experiment, run.model, run.seed, s.epoch, s.depth, s.n, s.q05,
                      s.q25, s.median, s.q75, s.q95, s.share_above_1()});
    }
  }
  return csv;
}

Table JournalsTable(const std::vector<Journal>& journals) {
  Table table = Table::Named({"journal", "runs", "failed", "diverged", "core_hours", "commits",
                              "simd_target", "first_started"});
  for (const Journal& journal : journals) {
    int failed = 0, diverged = 0;
    double seconds = 0;
    for (const RunRecord& run : journal.records) {
      failed += run.status == "failed";
      diverged += run.status == "diverged";
      seconds += run.seconds;
    }
    std::string commits, target, date;
    for (const nlohmann::json& provenance : journal.provenance) {
      const std::string commit = provenance.value("commit", "");
      if (commits.find(commit) == std::string::npos) {
        commits += (commits.empty() ? "" : " ") + commit;
      }
      if (target.empty()) target = provenance.value("simd_target", "");
      if (date.empty()) date = provenance.value("date", "");
    }
    table.Add({journal.name, journal.records.size(), failed, diverged,
               std::round(seconds / 36) / 100, commits, target, date});
  }
  return table;
}

Table ProvenanceTable(const std::vector<nlohmann::json>& provenance) {
  std::vector<std::string> order;
  std::map<std::string, std::vector<std::string>> values;
  for (const nlohmann::json& made : provenance) {
    for (const auto& [key, value] : made.items()) {
      const std::string text = PlainText(value);
      std::vector<std::string>& seen = values[key];
      if (seen.empty()) order.push_back(key);
      if (std::find(seen.begin(), seen.end(), text) == seen.end()) seen.push_back(text);
    }
  }
  Table table({{"what"}, {"value"}});
  for (const std::string& key : order)
    table.Add({key, fmt::format("{}", fmt::join(values[key], "; "))});
  return table;
}

double TotalSeconds(const std::vector<StoredRun>& runs) {
  double seconds = 0;
  for (const StoredRun& run : runs) {
    if (!std::isnan(run.record->seconds)) seconds += run.record->seconds;
  }
  return seconds;
}

std::string TrainingTime(double seconds) {
  if (seconds >= 3600) return FormatNumber(seconds / 3600) + " core-hours";
  if (seconds >= 60) return FormatNumber(seconds / 60) + " core-minutes";
  return FormatNumber(seconds) + " core-seconds";
}

std::string SeedRanges(const std::set<uint64_t>& seeds) {
  std::string text;
  for (auto seed = seeds.begin(); seed != seeds.end();) {
    const uint64_t first = *seed;
    uint64_t last = first;
    for (++seed; seed != seeds.end() && *seed == last + 1; ++seed) last = *seed;
    text += fmt::format("{}{}", text.empty() ? "" : ", ", first);
    if (last != first) text += fmt::format("-{}", last);
  }
  return text;
}

}  // namespace grove
