#include "experiments/report/side_by_side.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "experiments/plan/job.h"

namespace grove {
namespace {

// Values by dotted name, each once, in the order in which they come.
struct Values {
  std::vector<std::string> names;
  std::map<std::string, std::vector<std::string>> of;

  void Take(const std::string& name, const nlohmann::json& value) {
    if (value.is_object()) {
      for (const auto& [key, nested] : value.items()) Take(Dotted(name, key), nested);
      return;
    }
    const auto [place, is_new] = of.try_emplace(name);
    if (is_new) names.push_back(name);
    const std::string text = PlainText(value);
    std::vector<std::string>& texts = place->second;
    if (std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(text);
  }

  std::string Text(const std::string& name) const {
    const auto found = of.find(name);
    return found == of.end() ? "" : fmt::format("{}", fmt::join(found->second, "; "));
  }

 private:
  static std::string Dotted(const std::string& name, const std::string& key) {
    return name.empty() ? key : name + "." + key;
  }
};

}  // namespace

Table SideBySide(const std::string& what, const std::vector<std::string>& sides,
                 const std::vector<SideRow>& rows) {
  std::vector<std::string> names = {what};
  names.insert(names.end(), sides.begin(), sides.end());
  Table table = Table::Named(names);
  for (const SideRow& row : rows) {
    std::vector<Value> values = {row.name};
    for (const std::string& value : row.values) {
      values.push_back(value.empty() ? Value() : Value(value));
    }
    table.Add(std::move(values));
  }
  return table;
}

std::vector<SideRow> ProvenanceDifferences(
    const std::vector<std::vector<nlohmann::json>>& provenance) {
  Values all;  // for their names
  std::vector<Values> sides(provenance.size());
  for (size_t side = 0; side < provenance.size(); ++side) {
    for (const nlohmann::json& made : provenance[side]) {
      sides[side].Take("", made);
      all.Take("", made);
    }
  }
  std::vector<SideRow> rows;
  for (const std::string& name : all.names) {
    SideRow row{name, {}};
    for (const Values& side : sides) row.values.push_back(side.Text(name));
    const bool differs = std::any_of(row.values.begin(), row.values.end(),
                                     [&](const std::string& v) { return v != row.values[0]; });
    if (differs) rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace grove
