#include "experiments/plan/sweep_settings.h"

#include <algorithm>

#include "engine/nearest_name.h"

namespace grove {
namespace {

std::vector<std::string> SettingKeys(Fields fields) {
  std::vector<std::string> keys;
  if (fields != Fields::kData) keys = FieldKeys<RunSpec>();
  if (fields != Fields::kRun) {
    for (const std::string& key : FieldKeys<DatasetSpec>()) keys.push_back(key);
  }
  std::erase_if(keys, [](const std::string& key) { return key == "model" || key == "seed"; });
  return keys;
}

bool IsRunField(const std::string& key) { return Contains(FieldKeys<RunSpec>(), key); }

}  // namespace

std::string PointLabel(const std::vector<Setting>& settings) {
  std::string label;
  const std::string* key = nullptr;
  for (const Setting& setting : settings) {
    if (!label.empty()) label += ", ";
    if (key == nullptr || *key != setting.key) label += setting.key + " = ";
    key = &setting.key;
    const nlohmann::json value = AxisValue(setting.value);
    label += value.is_string() ? value.get<std::string>() : value.dump();
    if (!setting.model.empty()) label += " (" + setting.model + ")";
  }
  return label;
}

nlohmann::json PointIdentity(const std::vector<Setting>& settings) {
  nlohmann::json identity = nlohmann::json::object();
  for (const Setting& setting : settings) {
    identity[setting.key][setting.model] = AxisValue(setting.value);
  }
  return identity;
}

std::vector<std::pair<const toml::key*, const toml::node*>> InFileOrder(const toml::table& table) {
  std::vector<std::pair<const toml::key*, const toml::node*>> entries;
  for (const auto& [key, value] : table) entries.emplace_back(&key, &value);
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
    return a.first->source().begin < b.first->source().begin;
  });
  return entries;
}

void CheckSettingKey(const TomlReader& file, const toml::key& key, Fields fields) {
  const std::string name(key.str());
  if (name == "seed" || name == "model") {
    throw Error(file.Place(key.source()) + ": " + name + ": no setting of a sweep; " +
                (name == "seed" ? "seeds are given by 'seeds'" : "models are chosen by 'only'"));
  }
  const std::vector<std::string> keys = SettingKeys(fields);
  if (!Contains(keys, name)) file.Unknown(key, keys);
}

void CheckSetting(const TomlReader& file, const std::string& key, const FieldValue& value,
                  const toml::node& node) {
  RunSpec run;
  DatasetSpec data;
  try {
    IsRunField(key) ? SetField(run, key, value) : SetField(data, key, value);
  } catch (const Error& error) {
    file.Refuse(node, error.what());
  }
}

std::vector<Setting> ReadSetting(const TomlReader& file, const toml::key& key,
                                 const toml::node& node, Fields fields) {
  CheckSettingKey(file, key, fields);
  const std::string name(key.str());
  std::vector<Setting> settings;
  const auto add = [&](const toml::node& from, const std::string& model) {
    const FieldValue value = file.Value(from, name);
    CheckSetting(file, name, value, from);
    settings.push_back({name, value, model, IsRunField(name)});
  };
  if (!node.is_table()) {
    add(node, "");
    return settings;
  }
  for (const auto& [model, value] : InFileOrder(*node.as_table())) {
    const std::string model_name(model->str());
    if (!Contains(ModelChoices(), model_name)) {
      throw Error(file.Place(model->source()) + ": " + name + ": unknown model '" + model_name +
                  "'" + DidYouMean(model_name, ModelChoices()));
    }
    add(*value, model_name);
  }
  if (settings.empty()) {
    file.Refuse(
        node, name + ": must be a value, or one by model: {" + ModelChoices()[0] + " = ..., ...}");
  }
  return settings;
}

}  // namespace grove
