#include "experiments/report/report_tables.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "experiments/stats/sweep_summary.h"

namespace grove {
namespace {

std::string FieldText(const nlohmann::ordered_json& value) {
  if (value.is_null()) return "";
  return value.is_string() ? value.get<std::string>() : value.dump();
}

}  // namespace

std::string CsvLine(const std::vector<std::string>& fields) {
  std::string line;
  for (size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) line += ',';
    if (fields[i].find_first_of(",\"\r\n") == std::string::npos) {
      line += fields[i];
      continue;
    }
    line += '"';
    for (char c : fields[i]) {
      if (c == '"') line += '"';
      line += c;
    }
    line += '"';
  }
  return line + '\n';
}

std::string UpheldText(const Judgement& j) {
  return j.available && !j.one_study ? CsvNumber(std::round(j.upheld * kStudies)) : "";
}

std::string ClaimsCsv(const Judgements& judgements) {
  std::string csv =
      CsvLine({"claim", "paper", "holds_when", "verdict", "upheld_of_1000", "measured",
               "solved_runs", "value", "low", "high", "relation", "threshold", "unit"});
  for (const Judgement& j : judgements.claims) {
    csv += CsvLine({j.claim->id, j.claim->paper, j.claim->holds_when, ToString(j.verdict()),
                    UpheldText(j), j.available ? j.text : j.missing, ToText(j.solved),
                    CsvNumber(j.value), CsvNumber(j.interval.low), CsvNumber(j.interval.high),
                    ToString(j.condition().relation), CsvNumber(j.condition().threshold),
                    Unit(j.condition().statistic)});
  }
  return csv;
}

std::string RunsCsv(const ReportData& data) {
  std::set<std::string> axes;
  for (const RunRecord& run : data.runs) {
    for (const auto& [axis, value] : run.axes.items()) axes.insert(axis);
  }
  std::vector<std::string> header = {"key", "experiment", "dataset", "model", "seed"};
  header.insert(header.end(), axes.begin(), axes.end());
  for (const char* name :
       {"variant", "status", "message", "test_accuracy", "dev_accuracy", "train_accuracy",
        "best_epoch", "epochs", "seconds", "trees_per_second", "weights_xxh3"}) {
    header.push_back(name);
  }
  std::string csv = CsvLine(header);
  for (const RunRecord& run : data.runs) {
    std::vector<std::string> row = {run.key, run.experiment, std::to_string(run.dataset), run.model,
                                    std::to_string(run.seed)};
    for (const std::string& axis : axes) {
      row.push_back(run.axes.contains(axis) ? FieldText(run.axes[axis]) : "");
    }
    for (const std::string& text :
         {run.variant, run.status, run.message, CsvNumber(run.test_accuracy),
          CsvNumber(run.dev_accuracy), CsvNumber(run.train_accuracy),
          std::to_string(run.best_epoch), std::to_string(run.epochs), CsvNumber(run.seconds),
          CsvNumber(run.trees_per_second), run.weights_xxh3}) {
      row.push_back(text);
    }
    csv += CsvLine(row);
  }
  return csv;
}

std::string SweepCsv(const ReportData& data) {
  const SweepSummary summary = SummariseSweep(data.runs);
  std::vector<std::string> header = summary.axes;
  for (const char* name :
       {"model", "n", "failed_or_diverged", "lowest", "q25", "median", "q75", "best", "mean"}) {
    header.push_back(name);
  }
  std::string csv = CsvLine(header);
  for (const SweepRow& row : summary.rows) {
    const Spread& s = row.spread;
    std::vector<std::string> fields = row.values;
    for (const std::string& text : {row.model, std::to_string(s.n), std::to_string(s.failed),
                                    CsvNumber(s.lowest), CsvNumber(s.q25), CsvNumber(s.median),
                                    CsvNumber(s.q75), CsvNumber(s.best), CsvNumber(s.mean)}) {
      fields.push_back(text);
    }
    csv += CsvLine(fields);
  }
  return csv;
}

std::string EpochsCsv(const ReportData& data) {
  std::string csv = CsvLine({"key", "experiment", "dataset", "model", "seed", "epoch", "loss",
                             "train_accuracy", "dev_loss", "dev_accuracy"});
  for (const RunRecord& run : data.runs) {
    for (const EpochRecord& epoch : run.history) {
      csv += CsvLine({run.key, run.experiment, std::to_string(run.dataset), run.model,
                      std::to_string(run.seed), std::to_string(epoch.epoch), CsvNumber(epoch.loss),
                      CsvNumber(epoch.train_accuracy), CsvNumber(epoch.dev_loss),
                      CsvNumber(epoch.dev_accuracy)});
    }
  }
  return csv;
}

std::string RatiosCsv(const ReportData& data) {
  std::string csv = CsvLine({"key", "experiment", "model", "seed", "epoch", "depth", "n", "q05",
                             "q25", "median", "q75", "q95", "share_above_1"});
  for (const ProbeRun& probe : data.probes) {
    const RunRecord& run = data.runs[probe.run];
    for (const RatioSummary& s : probe.summaries) {
      csv += CsvLine({run.key, run.experiment, run.model, std::to_string(run.seed),
                      std::to_string(s.epoch), std::to_string(s.depth), std::to_string(s.n),
                      CsvNumber(s.q05), CsvNumber(s.q25), CsvNumber(s.median), CsvNumber(s.q75),
                      CsvNumber(s.q95), CsvNumber(s.share_above_1())});
    }
  }
  return csv;
}

}  // namespace grove
