#include "experiments/plan/setting_reader.h"

#include <filesystem>
#include <set>

#include "engine/nearest_name.h"
#include "engine/ptb.h"

namespace grove {

std::vector<std::string> SettingReader::Keys(Part part) const {
  if (part == Part::kFiles) return {"train", "dev", "test", "classes"};
  std::vector<std::string> keys =
      part == Part::kRun ? FieldKeys<RunSpec>() : FieldKeys<DatasetSpec>();
  if (is_sweep_) {
    std::erase_if(keys, [](const std::string& key) { return key == "model" || key == "seed"; });
  }
  return keys;
}

void SettingReader::CheckKey(const toml::key& key, const std::vector<std::string>& allowed) const {
  const std::string name(key.str());
  if (Contains(allowed, name)) return;
  if (is_sweep_ && (name == "seed" || name == "model")) {
    throw Error(Place(key.source()) + ": " + name + ": no setting of a sweep; " +
                (name == "seed" ? "seeds are given by 'seeds'" : "models are chosen by 'only'"));
  }
  // Where files are named, a setting of generated trees is no typing error.
  if (on_files_ && Contains(allowed, "train") && Contains(FieldKeys<DatasetSpec>(), name)) {
    throw Error(Place(key.source()) + ": " + name +
                ": a setting of generated trees, and this experiment trains on files");
  }
  Unknown(key, allowed);
}

void SettingReader::CheckVariedKey(const toml::key& key) const {
  std::vector<std::string> allowed = Keys(Part::kRun);
  for (const std::string& name : Keys(Part::kData)) allowed.push_back(name);
  CheckKey(key, allowed);
}

Setting SettingReader::ReadSetting(const std::string& key, const toml::node& node,
                                   Part part) const {
  Setting setting = {part, key, {}, {}, ""};
  if (part == Part::kFiles) {
    setting.value = ReadFile(key, node);
    if (node.is_string()) setting.shown = Text(node, key);
    return setting;
  }
  setting.value = part == Part::kRun ? Field<RunSpec>(node, key) : Field<DatasetSpec>(node, key);
  setting.shown = ShownValue(setting.value);
  return setting;
}

// The value of a key of [data]: classes, or a path, which is relative to this file.
FieldValue SettingReader::ReadFile(const std::string& key, const toml::node& node) const {
  if (key == "classes") {
    const auto* classes = node.as_integer();
    if (classes == nullptr || classes->get() < 1 || classes->get() > kMaxClasses) {
      Refuse(node, "classes: must be an integer from 1 to " + std::to_string(kMaxClasses));
    }
    return classes->get();
  }
  const std::string text = Text(node, key);
  if (text.empty()) Refuse(node, key + ": must be the path of a file");
  const std::filesystem::path folder = std::filesystem::path(path()).parent_path();
  return (folder / text).lexically_normal().string();
}

std::vector<Setting> SettingReader::ReadByModel(const std::string& key,
                                                const toml::node& node) const {
  const Part part = Contains(FieldKeys<RunSpec>(), key) ? Part::kRun : Part::kData;
  if (!node.is_table()) return {ReadSetting(key, node, part)};
  const std::vector<std::string>& models = ModelChoices();
  std::vector<Setting> settings;
  for (const auto& [model, value] : InFileOrder(*node.as_table())) {
    const std::string name(model->str());
    if (!Contains(models, name)) {
      throw Error(Place(model->source()) + ": " + key + ": unknown model '" + name + "'" +
                  DidYouMean(name, models));
    }
    settings.push_back(ReadSetting(key, *value, part));
    settings.back().model = name;
  }
  if (settings.empty()) {
    Refuse(node, key + ": must be a value, or one by model: {" + models[0] + " = ..., ...}");
  }
  return settings;
}

void CheckDistinct(const std::vector<Point>& points, const std::string& axis) {
  std::set<std::string> seen;
  for (const Point& point : points) {
    if (seen.insert(Identity(point.settings)).second) continue;
    const std::string name = axis.empty() ? "the point '" + point.label + "'"
                                          : axis + " " + point.settings[0].shown.dump();
    throw Error(point.place + ": " + name + " is given twice");
  }
}

}  // namespace grove
