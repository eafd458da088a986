#include "experiments/report/data_package.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <type_traits>

#include "engine/error.h"
#include "engine/json_text.h"
#include "engine/run_spec_fields.h"
#include "experiments/plan/setting.h"
#include "experiments/report/template.h"

namespace grove {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kEnding = ".csv";

const Json& Tables() {
  static const Json kTables = ParseJson<Json>(PageFile("tables.json"), "pages/tables.json");
  return kTables;
}

// The names in the first line of a CSV file, as Table::Csv writes them.
std::vector<std::string> Header(std::string_view csv) {
  std::vector<std::string> names(1);
  bool quoted = false;
  for (size_t i = 0; i < csv.size() && (quoted || csv[i] != '\n'); ++i) {
    if (csv[i] == '"') {
      // Of two in a quoted name the second is meant.
      if (!quoted && i > 0 && csv[i - 1] == '"') names.back() += '"';
      quoted = !quoted;
    } else if (csv[i] == ',' && !quoted) {
      names.emplace_back();
    } else {
      names.back() += csv[i];
    }
  }
  return names;
}

template <typename Value>
const char* TypeOf(const Value&) {
  if (std::is_same_v<Value, bool>) return "boolean";
  if (std::is_same_v<Value, std::string>) return "string";
  return std::is_integral_v<Value> ? "integer" : "number";
}

// The field of a setting, by its own help and range; nothing if it is no setting of the spec.
template <typename Spec>
std::optional<Json> SettingField(const std::string& key) {
  std::optional<Json> field;
  const Spec spec;
  ForEachField(spec, [&](const FieldInfo& info, const auto& value) {
    if (info.key != key) return;
    field = {{"type", TypeOf(value)}, {"description", info.help}};
    if (!info.choices.empty()) (*field)["constraints"]["enum"] = info.choices;
    if (info.low >= info.high || (*field)["type"] == "boolean") return;
    (*field)["constraints"] = {{"minimum", ShownValue(info.low)},
                               {"maximum", ShownValue(info.high)}};
  });
  return field;
}

// An axis that is no setting is of another version of the program, where it was one.
Json AxisField(const std::string& name) {
  const Json& axes = Tables()["axes"];
  if (axes.contains(name)) return axes[name];
  if (const auto field = SettingField<RunSpec>(name)) return *field;
  if (const auto field = SettingField<DatasetSpec>(name)) return *field;
  if (const auto field = SettingField<ReadingSpec>(name)) return *field;
  return {{"type", "any"}, {"description", "Value on this axis, as the experiment file gives it."}};
}

Json ColumnField(const std::string& table, const Json& own, const std::string& column) {
  if (own.contains(column)) return own[column];
  const Json& shared = Tables()["columns"];
  if (shared.contains(column)) return shared[column];
  throw Error(fmt::format("pages/tables.json: table '{}' has no column '{}'", table, column));
}

Json Fields(const std::string& table, const std::vector<std::string>& header) {
  const Json& tables = Tables()["tables"];
  if (!tables.contains(table)) throw Error("pages/tables.json: there is no table '" + table + "'");
  const Json& entry = tables[table];
  const Json own = entry.value("columns", Json::object());
  const bool has_axes = entry.contains("axes");
  // An axis may have the name of another column, so the two are told by their place.
  const Json axes = entry.value("axes", Json::object());
  const std::string after = axes.value("after", ""), before = axes.value("before", "");
  bool is_axis = has_axes && after.empty();
  Json fields = Json::array();
  for (const std::string& column : header) {
    if (has_axes && column == before) is_axis = false;
    Json field = {{"name", column}};
    field.update(is_axis ? AxisField(column) : ColumnField(table, own, column));
    fields.push_back(std::move(field));
    if (has_axes && column == after) is_axis = true;
  }
  return fields;
}

Json Resource(const std::string& path, const std::string& table, std::string_view csv) {
  const std::string file = path.substr(path.rfind('/') + 1);
  const Json fields = Fields(table, Header(csv));
  return {{"$schema", "https://datapackage.org/profiles/2.0/dataresource.json"},
          {"name", file.substr(0, file.size() - kEnding.size())},
          {"title", Tables()["tables"][table]["title"]},
          {"type", "table"},
          {"path", path},
          {"format", "csv"},
          {"mediatype", "text/csv"},
          {"encoding", "utf-8"},
          {"schema",
           {{"$schema", "https://datapackage.org/profiles/2.0/tableschema.json"},
            {"fields", fields},
            {"missingValues", Json::array({""})}}}};
}

}  // namespace

void AddDataPackage(const std::string& name, const std::string& title, Files& files,
                    std::initializer_list<const std::vector<Figure>*> figures) {
  Json resources = Json::array();
  for (const auto& [path, text] : files) {
    if (!path.ends_with(kEnding) || text.empty()) continue;
    resources.push_back(Resource(path, path.substr(0, path.size() - kEnding.size()), text));
  }
  for (const std::vector<Figure>* some : figures) {
    for (const Figure& figure : *some) {
      if (figure.table.empty() || !figure.missing.empty()) continue;
      const std::string path = fmt::format("figures/{}{}", figure.name, kEnding);
      resources.push_back(Resource(path, "figures", figure.table));
    }
  }
  const Json package = {{"$schema", "https://datapackage.org/profiles/2.0/datapackage.json"},
                        {"name", name},
                        {"title", title},
                        {"description",
                         "Tables that grove report writes. In format_version 1.x columns may be "
                         "added; what one is called and means stays."},
                        {"format_version", Tables()["format_version"]},
                        {"resources", resources}};
  files.emplace_back("datapackage.json", package.dump(2) + "\n");
}

}  // namespace grove
