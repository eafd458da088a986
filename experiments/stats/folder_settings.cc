#include "experiments/stats/folder_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace grove {
namespace {

constexpr size_t kShownValues = 6;

std::optional<double> AsNumber(const std::string& text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// Numbers first, by value, then texts.
bool ComesBefore(const std::string& a, const std::string& b) {
  const auto x = AsNumber(a), y = AsNumber(b);
  if (x && y) return *x < *y;
  return x.has_value() != y.has_value() ? x.has_value() : a < b;
}

using Values = std::map<std::string, std::string>;  // texts by identity
using ByModel = std::map<std::string, Values>;

bool SameValues(const Values& a, const Values& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& x, const auto& y) { return x.first == y.first; });
}

std::string Text(const Values& values) {
  std::vector<std::string> texts;
  for (const auto& [identity, text] : values) texts.push_back(text);
  std::sort(texts.begin(), texts.end(), ComesBefore);
  const size_t all = texts.size();
  if (all > kShownValues) texts.resize(kShownValues - 1);
  const std::string more = all > kShownValues ? fmt::format(", ... ({} values)", all) : "";
  return fmt::format("{}", fmt::join(texts, ", ")) + more;
}

std::string Text(const ByModel& by_model) {
  if (by_model.empty()) return "";
  const Values& first = by_model.begin()->second;
  const bool alike = std::all_of(by_model.begin(), by_model.end(),
                                 [&](const auto& each) { return SameValues(each.second, first); });
  if (alike) return Text(first);
  std::string text;
  for (const auto& [model, values] : by_model) {
    text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", Text(values), model);
  }
  return text;
}

// One setting in every folder.
struct Setting {
  std::string name;
  std::vector<ByModel> folders;

  bool Varies() const {
    return std::any_of(folders.begin(), folders.end(), [](const ByModel& by_model) {
      return std::any_of(by_model.begin(), by_model.end(),
                         [](const auto& each) { return each.second.size() > 1; });
    });
  }
  // Whether two folders have other values: of a model that both have, or, where no two folders
  // share a model, of any.
  bool Differs(const std::vector<std::set<std::string>>& models) const;

  SideRow Row() const {
    SideRow row{name, {}};
    for (const ByModel& by_model : folders) row.values.push_back(Text(by_model));
    return row;
  }
};

Values ValuesOf(const ByModel& by_model, const std::string& model) {
  const auto found = by_model.find(model);
  return found == by_model.end() ? Values() : found->second;
}

Values AllValues(const ByModel& by_model) {
  Values all;
  for (const auto& [model, values] : by_model) all.insert(values.begin(), values.end());
  return all;
}

bool Setting::Differs(const std::vector<std::set<std::string>>& models) const {
  bool any_shared = false, differs = false, all_differ = false;
  for (size_t b = 1; b < folders.size(); ++b) {
    for (size_t a = 0; a < b; ++a) {
      for (const std::string& model : models[a]) {
        if (!models[b].contains(model)) continue;
        any_shared = true;
        differs |= !SameValues(ValuesOf(folders[a], model), ValuesOf(folders[b], model));
      }
      all_differ |= !SameValues(AllValues(folders[a]), AllValues(folders[b]));
    }
  }
  return any_shared ? differs : all_differ;
}

// The settings in the order of the tables of the specs.
class Collector {
 public:
  explicit Collector(size_t folders) : folders_(folders) {}

  void Take(size_t folder, const RunRecord& run) {
    for (const NamedSetting& each : SettingsOf(run)) {
      if (each.name == "seed") continue;
      const auto [place, is_new] = place_of_.try_emplace(each.name, settings_.size());
      if (is_new) settings_.push_back({each.name, std::vector<ByModel>(folders_)});
      settings_[place->second].folders[folder][run.model].emplace(each.identity, each.text);
    }
  }

  const std::vector<Setting>& settings() const { return settings_; }

 private:
  size_t folders_;
  std::map<std::string, size_t> place_of_;
  std::vector<Setting> settings_;
};

// The model is no setting of a model.
Setting ModelSetting(const std::vector<std::set<std::string>>& models) {
  Setting setting{"model", {}};
  for (const std::set<std::string>& names : models) {
    Values& values = setting.folders.emplace_back()[""];
    for (const std::string& name : names) values.emplace(name, name);
  }
  return setting;
}

}  // namespace

FolderSettings CompareSettings(const std::vector<ComparedFolder>& folders) {
  Collector collector(folders.size());
  std::vector<std::set<std::string>> models(folders.size());
  for (size_t folder = 0; folder < folders.size(); ++folder) {
    for (const StoredRun& run : folders[folder].runs) {
      collector.Take(folder, *run.record);
      models[folder].insert(run.record->model);
    }
  }
  FolderSettings settings;
  for (const Setting& each : collector.settings()) {
    const bool is_model = each.name == "model";
    const Setting setting = is_model ? ModelSetting(models) : each;
    const bool differs = is_model ? std::any_of(models.begin(), models.end(),
                                                [&](const auto& m) { return m != models[0]; })
                                  : setting.Differs(models);
    if (setting.Varies()) {
      settings.varying.push_back(setting.Row());
    } else if (differs) {
      settings.differing.push_back(setting.Row());
    } else {
      ++settings.equal;
    }
  }
  return settings;
}

}  // namespace grove
