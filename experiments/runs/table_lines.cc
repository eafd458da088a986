#include "experiments/runs/table_lines.h"

#include <cmath>
#include <concepts>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <utility>

#include "engine/json_text.h"

namespace grove {
namespace {

using Json = nlohmann::json;

double Short(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.5g", value);
  return std::strtod(text, nullptr);
}

// JSON has no infinity: a ratio over a root without gradient is written as null.
double Quantile(const Json& json) {
  return json.is_null() ? std::numeric_limits<double>::infinity() : json.get<double>();
}

Json Cell(double value) { return std::isfinite(value) ? Json(Short(value)) : Json(); }
template <typename T>
Json Cell(const T& value) {
  return value;
}

void Read(const Json& cell, double& value) {
  value = cell.is_null() ? std::numeric_limits<double>::quiet_NaN() : cell.get<double>();
}
template <std::integral T>
void Read(const Json& cell, T& value) {
  value = WholeNumber<T>(cell);
}
void Read(const Json& cell, std::string& value) { cell.get_to(value); }

// `for_each(group, visit)` visits the fields in the order of the columns.
template <typename Group, typename ForEach>
Json ToRows(const std::vector<Group>& groups, ForEach for_each) {
  Json rows = Json::array();
  for (const Group& group : groups) {
    Json& row = rows.emplace_back(Json::array());
    for_each(group, [&](const char*, const auto& field) { row.push_back(Cell(field)); });
  }
  return rows;
}
template <typename Group, typename ForEach>
void FromRows(const Json& rows, std::vector<Group>& groups, ForEach for_each) {
  for (const Json& row : rows) {
    size_t column = 0;
    for_each(groups.emplace_back(),
             [&](const char*, auto& field) { Read(row.at(column++), field); });
  }
}

const auto kNodeFields = [](auto& group, auto&& visit) { ForEachRatioField(group, visit); };
const auto kGateFields = [](auto& group, auto&& visit) { ForEachGateField(group, visit); };

}  // namespace

std::string RatioLine(const std::string& key, const std::vector<RatioSummary>& summaries) {
  Json rows = Json::array();
  for (const RatioSummary& s : summaries) {
    rows.push_back({s.epoch, s.depth, s.n, s.above_1, Short(s.q05), Short(s.q25), Short(s.median),
                    Short(s.q75), Short(s.q95)});
  }
  return Json{{"ratios", {{"key", key}, {"rows", std::move(rows)}}}}.dump();
}

std::string ObservationLine(const std::string& key, const Observations& observations) {
  const Json nodes = ToRows(observations.node_ratios, kNodeFields);
  const Json gates = ToRows(observations.gates, kGateFields);
  return Json{{"observations", {{"key", key}, {"nodes", nodes}, {"gates", gates}}}}.dump();
}

std::vector<RatioSummary> ReadRatioTable(const Json& table) {
  std::vector<RatioSummary> summaries;
  for (const Json& row : table.at("rows")) {
    RatioSummary& s = summaries.emplace_back();
    Read(row.at(0), s.epoch);
    Read(row.at(1), s.depth);
    Read(row.at(2), s.n);
    Read(row.at(3), s.above_1);
    s.q05 = Quantile(row.at(4));
    s.q25 = Quantile(row.at(5));
    s.median = Quantile(row.at(6));
    s.q75 = Quantile(row.at(7));
    s.q95 = Quantile(row.at(8));
  }
  return summaries;
}

Observations ReadObservationTables(const Json& tables) {
  Observations observations;
  FromRows(tables.at("nodes"), observations.node_ratios, kNodeFields);
  FromRows(tables.at("gates"), observations.gates, kGateFields);
  return observations;
}

}  // namespace grove
