#include "experiments/report/large_report.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "engine/error.h"
#include "engine/json_text.h"
#include "experiments/report/run_tables.h"
#include "experiments/runs/line_fields.h"
#include "experiments/stats/sweep_summary.h"

namespace grove {
namespace {

// The first rows of a table.
Table FirstRows(const Table& table, size_t count) {
  Table first(table.columns());
  for (size_t row = 0; row < std::min(count, table.rows().size()); ++row) {
    first.Add(table.rows()[row]);
  }
  return first;
}

class Summariser {
 public:
  explicit Summariser(Report& report) : report_(report) {}

  void Take(std::string_view line, const LineSubject& subject) {
    const LineFields fields(line);
    if (!subject.is_record) {
      if (const auto provenance = fields.Find("provenance")) {
        report_.provenance.push_back(ParseJson(*provenance, "provenance"));
      }
      return;
    }
    const std::string status = fields.Text("status");
    ++report_.run_count;
    const double seconds = fields.Number("seconds");
    if (!std::isnan(seconds)) report_.seconds += seconds;
    SweepPoint point{fields.Text("experiment"), fields.Integer("dataset"), fields.Text("model"),
                     Axes(fields)};
    report_.sweep_experiments.insert(point.experiment);
    sweep_.Add(point, status == "done", fields.Number("test_accuracy"),
               fields.Number("dev_accuracy"));
    if (status == "done") return;
    if (failed_.size() < kMostRowsShown) {
      failed_.push_back(RecordFromJson(ParseJson(line, "a record")));
    }
    ++failures_;
  }

  Table Finish() {
    const SweepSummary summary = sweep_.Finish();
    report_.metric = summary.metric;
    Table table = SweepTable(summary);
    report_.sweep = FirstRows(table, kMostRowsShown);
    report_.warnings.push_back(
        fmt::format("{} runs are too many to be shown one by one: the journals have each of them",
                    report_.run_count));
    if (table.rows().size() > kMostRowsShown) {
      report_.warnings.push_back(
          fmt::format("the first {} of {} settings are shown; sweep.csv has all", kMostRowsShown,
                      table.rows().size()));
    }
    if (failures_ > failed_.size()) {
      report_.warnings.push_back(fmt::format(
          "the first {} of {} runs that failed or diverged are shown", failed_.size(), failures_));
    }
    std::vector<StoredRun> failed;
    for (const RunRecord& record : failed_) failed.emplace_back(record);
    report_.failed = FailedRuns(failed);
    return table;
  }

 private:
  // Neighbours mostly have the same.
  const nlohmann::json& Axes(const LineFields& fields) {
    const std::string_view text = fields.At("axes");
    if (text != axes_text_) {
      axes_text_ = text;
      axes_ = ParseJson(text, "key 'axes'");
      if (!axes_.is_object()) throw Error("key 'axes': must be an object");
    }
    return axes_;
  }

  Report& report_;
  SweepAccumulator sweep_;
  std::vector<RunRecord> failed_;
  size_t failures_ = 0;
  std::string axes_text_;
  nlohmann::json axes_;
};

}  // namespace

Report SummariseRuns(const EachRun& runs, Table& table) {
  Report report;
  Summariser summariser(report);
  runs.Visit(
      [&](std::string_view line, const LineSubject& subject) { summariser.Take(line, subject); });
  table = summariser.Finish();
  return report;
}

}  // namespace grove
