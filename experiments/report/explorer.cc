#include "experiments/report/explorer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string_view>

#include "experiments/report/template.h"
#include "experiments/stats/numbers.h"
#include "experiments/stats/run_settings.h"

namespace grove {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kMostPoints = 200;  // of a curve
constexpr int kAccuracyDigits = 4, kSpeedDigits = 6;

// A column of texts, aligned as numbers if each is one.
struct Texts {
  std::string name;
  std::vector<std::string> values;  // a run each; "" where it has none

  bool differ() const {
    return std::any_of(values.begin(), values.end(),
                       [&](const std::string& value) { return value != values.front(); });
  }
};

bool IsNumber(const std::string& text) {
  const Json value = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  return value.is_number();
}

Table::Column ColumnOf(const Texts& texts) {
  const bool numbers =
      std::all_of(texts.values.begin(), texts.values.end(),
                  [](const std::string& text) { return text.empty() || IsNumber(text); });
  return numbers ? Numbers(texts.name) : Words(texts.name);
}

// One after the other, in the order in which the names come up.
class Columns {
 public:
  explicit Columns(size_t runs) : runs_(runs) {}

  void Set(const std::string& name, size_t run, const std::string& value) {
    const auto [place, is_new] = place_.emplace(name, columns_.size());
    if (is_new) columns_.push_back({name, std::vector<std::string>(runs_)});
    columns_[place->second].values[run] = value;
  }
  const std::vector<Texts>& all() const { return columns_; }

 private:
  size_t runs_;
  std::vector<Texts> columns_;
  std::map<std::string, size_t> place_;
};

// What the runs are called by.
std::vector<Texts> Labels(const std::vector<StoredRun>& runs,
                          const std::vector<std::string>& folders) {
  Columns labels(runs.size());
  for (size_t i = 0; i < runs.size(); ++i) {
    const RunRecord& run = *runs[i].record;
    if (!folders.empty()) labels.Set("folder", i, folders[i]);
    for (const std::string name : {"experiment", "dataset", "model", "seed"}) {
      labels.Set(name, i, PlainText(run.ValueOn(name)));
    }
    for (const auto& [axis, value] : run.axes.items()) labels.Set(axis, i, PlainText(value));
  }
  return labels.all();
}

// Settings that differ between the runs, and are no labels.
std::vector<Texts> FurtherSettings(const std::vector<StoredRun>& runs,
                                   const std::vector<Texts>& labels) {
  Columns settings(runs.size());
  for (size_t i = 0; i < runs.size(); ++i) {
    for (const NamedSetting& setting : SettingsOf(*runs[i].record)) {
      settings.Set(setting.name, i, setting.text);
    }
  }
  std::vector<Texts> further;
  for (const Texts& setting : settings.all()) {
    const bool known = std::any_of(labels.begin(), labels.end(),
                                   [&](const Texts& label) { return label.name == setting.name; });
    if (!known && setting.differ()) further.push_back(setting);
  }
  return further;
}

std::vector<Table::Column> ResultColumns() {
  const auto percent = [](const std::string& name, const std::string& title) {
    return Table::Column{name, title, Table::Align::kRight, "", kAccuracyDigits};
  };
  return {Words("status"),
          percent("test_accuracy", "test accuracy"),
          percent("dev_accuracy", "dev accuracy"),
          percent("train_accuracy", "train accuracy"),
          Numbers("best_epoch", "best epoch"),
          Numbers("epochs"),
          Numbers("seconds"),
          {"trees_per_second", "trees per second", Table::Align::kRight, "", kSpeedDigits}};
}

std::vector<Value> ResultsOf(const RunRecord& run) {
  return {run.status,
          Percent(run.test_accuracy),
          Percent(run.dev_accuracy),
          Percent(run.train_accuracy),
          run.best_epoch,
          run.epochs,
          run.seconds,
          run.trees_per_second};
}

Value TextOrNothing(const std::string& text) { return text.empty() ? Value() : Value(text); }

// With four digits: a drawing shows no more.
Json Rounded(double value) {
  return std::isfinite(value) ? Json(std::stod(fmt::format("{:.4g}", value))) : Json();
}

// Of every `every`th epoch.
template <typename Field>
Json Curve(const std::vector<EpochRecord>& history, size_t every, const Field& field) {
  Json curve = Json::array();
  for (size_t i = 0; i < history.size(); i += every) curve.push_back(Rounded(field(history[i])));
  return curve;
}

// The median ratios at every depth that some tree has its keyword at.
Json RatioCurves(const std::vector<RatioSummary>& ratios, size_t epochs, size_t every) {
  std::set<int> depths;
  for (const RatioSummary& summary : ratios) depths.insert(summary.depth);
  Json curves = Json::object();
  for (const int depth : depths) {
    Json& curve = curves[std::to_string(depth)] = Json::array();
    for (size_t epoch = 1; epoch <= epochs; epoch += every) {
      const RatioSummary* summary = FindSummary(ratios, static_cast<int>(epoch), depth);
      curve.push_back(summary == nullptr ? Json() : Rounded(summary->median));
    }
  }
  return curves;
}

Json CurvesOf(const StoredRun& stored) {
  const std::vector<EpochRecord>& history = stored.record->history;
  const size_t every = std::max<size_t>(1, (history.size() + kMostPoints - 1) / kMostPoints);
  Json curves = {
      {"every", every},
      {"loss", Curve(history, every, [](const EpochRecord& e) { return e.loss; })},
      {"train_accuracy",
       Curve(history, every, [](const EpochRecord& e) { return Percent(e.train_accuracy); })},
      {"dev_loss", Curve(history, every, [](const EpochRecord& e) { return e.dev_loss; })},
      {"dev_accuracy",
       Curve(history, every, [](const EpochRecord& e) { return Percent(e.dev_accuracy); })}};
  if (stored.ratios != nullptr) {
    curves["ratios"] = RatioCurves(*stored.ratios, history.size(), every);
  }
  return curves;
}

}  // namespace

Table ExplorerTable(const std::vector<StoredRun>& runs, const std::vector<std::string>& folders) {
  const std::vector<Texts> labels = Labels(runs, folders);
  const std::vector<Texts> settings = FurtherSettings(runs, labels);
  std::vector<Table::Column> columns;
  for (const Texts& label : labels) columns.push_back(ColumnOf(label));
  for (const Table::Column& result : ResultColumns()) columns.push_back(result);
  for (const Texts& setting : settings) columns.push_back(ColumnOf(setting));
  columns.push_back(Words("key"));
  Table table(std::move(columns));
  for (size_t i = 0; i < runs.size(); ++i) {
    std::vector<Value> row;
    for (const Texts& label : labels) row.push_back(TextOrNothing(label.values[i]));
    for (Value& result : ResultsOf(*runs[i].record)) row.push_back(std::move(result));
    for (const Texts& setting : settings) row.push_back(TextOrNothing(setting.values[i]));
    row.emplace_back(runs[i].record->key);
    table.Add(std::move(row));
  }
  return table;
}

std::string CurvesJson(const std::vector<StoredRun>& runs) {
  Json all = Json::array();
  for (const StoredRun& run : runs) all.push_back(CurvesOf(run));
  return all.dump();  // numbers and our own names: nothing that could end a <script>
}

std::string RunExplorer(const std::vector<StoredRun>& runs,
                        const std::vector<std::string>& folders) {
  const size_t count = std::min(runs.size(), kMostRunsExplored);
  const std::vector<StoredRun> first(runs.begin(), runs.begin() + static_cast<ptrdiff_t>(count));
  return FillPage("explorer.html", Markup::kHtml,
                  {{"count", count},
                   {"total", runs.size()},
                   {"all", count == runs.size()},
                   {"table", ExplorerTable(first, folders).Html()},
                   {"curves", CurvesJson(first)},
                   {"script", PageFile("report.js")}});
}

}  // namespace grove
