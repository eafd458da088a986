// The settings of spec files, wherever they stand: which keys there may be, and what they say.
#pragma once

#include <string>
#include <vector>

#include "experiments/plan/spec.h"
#include "experiments/plan/toml_reader.h"

namespace grove {

class SettingReader : public TomlReader {
 public:
  using TomlReader::TomlReader;

  // The keys of that part which this file may set.
  std::vector<std::string> Keys(Part part) const;

  // Refuses a key that is not allowed, with the reason if it would be elsewhere.
  void CheckKey(const toml::key& key, const std::vector<std::string>& allowed) const;

  // Refuses a key that no point of a sweep can have.
  void CheckVariedKey(const toml::key& key) const;

  // One setting as `key = value`. The key must be right.
  Setting ReadSetting(const std::string& key, const toml::node& node, Part part) const;

  // One setting, or one for each model of `key = {rnn = value, ...}`; of RunSpec if that has the
  // key, else of DatasetSpec.
  std::vector<Setting> ReadByModel(const std::string& key, const toml::node& node) const;

 protected:
  // What the file's settings are for, which must be known before they are read.
  bool is_sweep_ = false;
  bool on_files_ = false;

 private:
  FieldValue ReadFile(const std::string& key, const toml::node& node) const;
};

// Refuses a point that is the same as one before it. Those of a sweep have no `axis`.
void CheckDistinct(const std::vector<Point>& points, const std::string& axis);

// The points of a sweep: those of [grid], [[list]] or [random], else a single one. `common` are the
// settings of them all. Other keys of `file` are not looked at.
std::vector<Point> ReadPoints(const SettingReader& reader, const toml::table& file,
                              const std::vector<Setting>& common);

// [random]: distinct points, the same wherever and whenever they are drawn; more `points` add to
// the fewer.
std::vector<std::vector<Setting>> DrawPoints(const SettingReader& reader,
                                             const toml::table& random);

}  // namespace grove
