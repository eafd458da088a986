#include "experiments/report/report_tables.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

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

std::string CsvNumber(double value) {
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  return std::isnan(value) ? "" : nlohmann::json(value).dump();
}

std::string ClaimsCsv(const std::vector<Claim>& claims) {
  std::string csv = CsvLine({"claim", "paper", "holds_when", "verdict", "measured", "value", "low",
                             "high", "relation", "threshold", "unit"});
  for (const Claim& claim : claims) {
    const Measurement& m = claim.measurement();
    csv +=
        CsvLine({claim.spec->id, claim.spec->paper, claim.spec->holds_when, ToString(claim.verdict),
                 claim.measured(), CsvNumber(m.value), CsvNumber(m.interval.low),
                 CsvNumber(m.interval.high), ToString(claim.condition().relation),
                 CsvNumber(claim.condition().threshold), Unit(claim.condition().statistic)});
  }
  return csv;
}

std::string RunsCsv(const ReportData& data) {
  std::vector<nlohmann::ordered_json> rows;
  std::vector<std::string> columns;
  for (const RunRecord& run : data.runs) {
    rows.push_back(ToJson(run));
    rows.back().erase("history");
    for (const auto& [key, value] : rows.back().items()) {
      if (std::find(columns.begin(), columns.end(), key) == columns.end()) columns.push_back(key);
    }
  }
  std::string csv = CsvLine(columns);
  for (const nlohmann::ordered_json& row : rows) {
    std::vector<std::string> fields;
    for (const std::string& column : columns) {
      fields.push_back(row.contains(column) ? FieldText(row[column]) : "");
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
                             "q25", "median", "q75", "q95", "share_above_1", "mean_log10"});
  for (const ProbeRun& probe : data.probes) {
    const RunRecord& run = data.runs[probe.run];
    for (const RatioSummary& s : probe.summaries) {
      csv += CsvLine({run.key, run.experiment, run.model, std::to_string(run.seed),
                      std::to_string(s.epoch), std::to_string(s.depth), std::to_string(s.n),
                      CsvNumber(s.q05), CsvNumber(s.q25), CsvNumber(s.median), CsvNumber(s.q75),
                      CsvNumber(s.q95), CsvNumber(s.share_above_1()), CsvNumber(s.mean_log10)});
    }
  }
  return csv;
}

}  // namespace grove
