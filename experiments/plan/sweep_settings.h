// The settings of sweep files: how they are read, compared and named.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "experiments/plan/sweep.h"
#include "experiments/plan/toml_reader.h"

namespace grove {

// "l2 = 1e-05, batch = 10 (rnn), 2 (rlstm)"; settings of one key must be neighbours.
std::string PointLabel(const std::vector<Setting>& settings);

// Equal for settings that are the same, whatever their order.
nlohmann::json PointIdentity(const std::vector<Setting>& settings);

// A table's entries as they stand in the file (toml++ sorts them by key).
std::vector<std::pair<const toml::key*, const toml::node*>> InFileOrder(const toml::table& table);

// One setting as `key = value`, or one for each model of `key = {rnn = value, ...}`. With the
// fields of RunSpec, of DatasetSpec, or of both.
enum class Fields { kRun, kData, kBoth };
std::vector<Setting> ReadSetting(const TomlReader& file, const toml::key& key,
                                 const toml::node& node, Fields fields);

// Throws Error, with the place of `node`, if a sweep cannot give the field `key` that value.
void CheckSetting(const TomlReader& file, const std::string& key, const FieldValue& value,
                  const toml::node& node);

// Refuses a key that is no setting of sweeps.
void CheckSettingKey(const TomlReader& file, const toml::key& key, Fields fields);

// The points of a sweep file: [run], [dataset], and one of [grid], [[list]] and [random]. Other
// keys of `table` are not looked at.
std::vector<SweepPoint> ReadPoints(const TomlReader& file, const toml::table& table);

// [random]: distinct points, the same wherever and whenever they are drawn; more `points` add to
// the fewer.
std::vector<std::vector<Setting>> DrawPoints(const TomlReader& file, const toml::table& random);

}  // namespace grove
