#include "experiments/stats/run_settings.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/run_spec_fields.h"

namespace grove {
namespace {

constexpr char kDataSeed[] = "data.seed";

template <typename Spec>
void AppendSettings(const Spec& spec, const char* seed_name, std::vector<NamedSetting>& settings) {
  ForEachField(spec, [&](const FieldInfo& info, const auto& value) {
    const std::string text = fmt::format("{}", value);
    settings.push_back({info.key == "seed" ? seed_name : info.key, text, text});
  });
}

void AppendFiles(const DataFiles& files, std::vector<NamedSetting>& settings) {
  ForEachFile(files, [&](const char* role, const DataFile& file) {
    if (file.path.empty()) return;
    settings.push_back({role, fmt::format("{} ({})", file.path, file.xxh3), file.xxh3});
  });
  const std::string classes = fmt::format("{}", files.classes);
  settings.push_back({"classes", classes, classes});
  AppendSettings(files.reading, kDataSeed, settings);
}

const NamedSetting* Find(const std::vector<NamedSetting>& settings, const std::string& name) {
  const auto found = std::find_if(settings.begin(), settings.end(),
                                  [&](const NamedSetting& each) { return each.name == name; });
  return found == settings.end() ? nullptr : &*found;
}

}  // namespace

std::vector<NamedSetting> SettingsOf(const RunSpec& run, const DatasetSpec& data) {
  std::vector<NamedSetting> settings;
  AppendSettings(Resolve(run), "seed", settings);
  AppendSettings(data, kDataSeed, settings);
  return settings;
}

std::vector<NamedSetting> SettingsOf(const RunIdentity& run) {
  if (!run.files) return SettingsOf(run.run, run.data);
  std::vector<NamedSetting> settings;
  AppendSettings(Resolve(run.run), "seed", settings);
  AppendFiles(*run.files, settings);
  return settings;
}

std::vector<SideRow> SettingDifferences(const RunIdentity& left, const RunIdentity& right,
                                        size_t& equal) {
  const std::vector<NamedSetting> lefts = SettingsOf(left), rights = SettingsOf(right);
  std::vector<SideRow> rows;
  equal = 0;
  for (const NamedSetting& setting : lefts) {
    const NamedSetting* other = Find(rights, setting.name);
    if (other != nullptr && other->identity == setting.identity) {
      ++equal;
    } else {
      rows.push_back({setting.name, {setting.text, other == nullptr ? "" : other->text}});
    }
  }
  for (const NamedSetting& setting : rights) {
    if (Find(lefts, setting.name) == nullptr) rows.push_back({setting.name, {"", setting.text}});
  }
  return rows;
}

}  // namespace grove
