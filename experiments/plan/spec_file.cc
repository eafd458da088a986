#include "experiments/plan/spec_file.h"

#include <fmt/format.h>

#include <cctype>
#include <filesystem>
#include <set>

#include "engine/files/files.h"
#include "engine/files/treebank.h"
#include "engine/nearest_name.h"

namespace grove {

std::vector<std::pair<const toml::key*, const toml::node*>> InFileOrder(const toml::table& table) {
  std::vector<std::pair<const toml::key*, const toml::node*>> entries;
  for (const auto& [key, value] : table) entries.emplace_back(&key, &value);
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
    return a.first->source().begin < b.first->source().begin;
  });
  return entries;
}

toml::table SpecFile::Parse() const {
  try {
    return toml::parse(ReadFile(path_), path_);
  } catch (const toml::parse_error& error) {
    const auto& begin = error.source().begin;
    throw Error(path_ + ":" + std::to_string(begin.line) + ":" + std::to_string(begin.column) +
                ": " + std::string(error.description()));
  }
}

std::string SpecFile::Place(const toml::source_region& source) const {
  return path_ + ":" + std::to_string(source.begin.line);
}

void SpecFile::Refuse(const toml::node& node, const std::string& message) const {
  throw Error(Place(node.source()) + ": " + message);
}

void SpecFile::Refuse(const toml::key& key, const std::string& message) const {
  throw Error(Place(key.source()) + ": " + message);
}

void SpecFile::Unknown(const toml::key& key, const std::vector<std::string>& allowed) const {
  const std::string name(key.str());
  Refuse(key, "unknown key '" + name + "'" + DidYouMeanSetting(name, allowed));
}

std::string SpecFile::Text(const toml::node& node, const std::string& key) const {
  if (!node.is_string()) Refuse(node, key + ": must be a string");
  return node.as_string()->get();
}

std::string SpecFile::Name(const toml::node& node) const {
  std::string name = Text(node, "name");
  const auto allowed = [](unsigned char c) { return c < 128 && (std::isalnum(c) || c == '_'); };
  if (name.empty() || !std::all_of(name.begin(), name.end(), allowed)) {
    Refuse(node, "name = '" + name + "': must be letters, digits and _");
  }
  return name;
}

const toml::table& SpecFile::Table(const toml::node& node, const std::string& what) const {
  if (!node.is_table()) Refuse(node, what + ": must be a table");
  return *node.as_table();
}

const toml::array& SpecFile::Array(const toml::node& node, const std::string& key) const {
  if (!node.is_array() || node.as_array()->empty()) {
    Refuse(node, key + ": must be a list with at least one value");
  }
  return *node.as_array();
}

int64_t SpecFile::Integer(const toml::node& node, const std::string& key, int64_t low,
                          int64_t high) const {
  const auto* integer = node.as_integer();
  if (integer == nullptr || integer->get() < low || integer->get() > high) {
    Refuse(node, fmt::format("{}: must be an integer from {} to {}", key, low, high));
  }
  return integer->get();
}

FieldValue SpecFile::Value(const toml::node& node, const std::string& key) const {
  if (const auto* flag = node.as_boolean()) return flag->get();
  if (const auto* integer = node.as_integer()) return integer->get();
  if (const auto* number = node.as_floating_point()) return number->get();
  if (const auto* text = node.as_string()) return text->get();
  Refuse(node, key + ": must be a number, a string, true or false");
}

std::vector<std::string> SpecFile::Keys(Part part) const {
  std::vector<std::string> keys = part == Part::kRun    ? FieldKeys<RunSpec>()
                                  : part == Part::kData ? FieldKeys<DatasetSpec>()
                                                        : FieldKeys<ReadingSpec>();
  if (part == Part::kFiles) {
    const char* const files[] = {"train", "dev", "test", "vectors", "classes"};
    keys.insert(keys.begin(), std::begin(files), std::end(files));
  }
  if (is_sweep_) {
    std::erase_if(keys, [](const std::string& key) { return key == "model" || key == "seed"; });
  }
  return keys;
}

void SpecFile::CheckKey(const toml::key& key, const std::vector<std::string>& allowed) const {
  const std::string name(key.str());
  if (Contains(allowed, name)) return;
  if (is_sweep_ && (name == "seed" || name == "model")) {
    Refuse(key,
           name + ": no setting of a sweep; " +
               (name == "seed" ? "seeds are given by 'seeds'" : "models are chosen by 'only'"));
  }
  // Where files are named, a setting of generated trees is no typing error.
  if (on_files_ && Contains(allowed, "train") && Contains(FieldKeys<DatasetSpec>(), name)) {
    Refuse(key, name + ": a setting of generated trees, and this experiment trains on files");
  }
  Unknown(key, allowed);
}

void SpecFile::CheckVariedKey(const toml::key& key) const {
  std::vector<std::string> allowed = Keys(Part::kRun);
  for (const std::string& name : Keys(Part::kData)) allowed.push_back(name);
  CheckKey(key, allowed);
}

Setting SpecFile::ReadSetting(const std::string& key, const toml::node& node, Part part) const {
  Setting setting = {part, key, {}, {}, ""};
  if (part == Part::kFiles) {
    const bool reading = Contains(FieldKeys<ReadingSpec>(), key);
    setting.value = reading ? Field<ReadingSpec>(node, key) : FileValue(key, node);
    setting.shown = reading ? ShownValue(setting.value) : nlohmann::json();
    if (!reading && node.is_string()) setting.shown = Text(node, key);
    return setting;
  }
  setting.value = part == Part::kRun ? Field<RunSpec>(node, key) : Field<DatasetSpec>(node, key);
  setting.shown = ShownValue(setting.value);
  return setting;
}

// The value of a key of [data]: classes, or a path, which is relative to this file.
FieldValue SpecFile::FileValue(const std::string& key, const toml::node& node) const {
  if (key == "classes") return Integer(node, key, 1, kMaxClasses);
  const std::string text = Text(node, key);
  if (text.empty()) Refuse(node, key + ": must be the path of a file");
  const std::filesystem::path folder = std::filesystem::path(path()).parent_path();
  return (folder / text).lexically_normal().string();
}

std::vector<Setting> SpecFile::ReadByModel(const std::string& key, const toml::node& node) const {
  const Part part = Contains(FieldKeys<RunSpec>(), key) ? Part::kRun : Part::kData;
  if (!node.is_table()) return {ReadSetting(key, node, part)};
  const std::vector<std::string>& models = ModelChoices();
  std::vector<Setting> settings;
  for (const auto& [model, value] : InFileOrder(*node.as_table())) {
    const std::string name(model->str());
    if (!Contains(models, name)) {
      Refuse(*model, key + ": unknown model '" + name + "'" + DidYouMean(name, models));
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
