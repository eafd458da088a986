// One spec file as its readers need it: strict access to its nodes, and the settings wherever they
// stand. Everything unknown, mistyped or out of range is an Error "file:line: ...".
#pragma once

#include <toml++/toml.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/error.h"
#include "engine/run_spec_fields.h"
#include "experiments/plan/spec.h"

namespace grove {

inline bool Contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// A table's entries as they stand in the file (toml++ sorts them by key).
std::vector<std::pair<const toml::key*, const toml::node*>> InFileOrder(const toml::table& table);

// Knows its path for errors. Nodes must belong to that file.
class SpecFile {
 public:
  explicit SpecFile(std::string path) : path_(std::move(path)) {}

  const std::string& path() const { return path_; }
  toml::table Parse() const;

  std::string Place(const toml::source_region& source) const;  // "file:line"
  [[noreturn]] void Refuse(const toml::node& node, const std::string& message) const;
  [[noreturn]] void Refuse(const toml::key& key, const std::string& message) const;
  [[noreturn]] void Unknown(const toml::key& key, const std::vector<std::string>& allowed) const;

  // `key` and `what` name the node in errors.
  std::string Text(const toml::node& node, const std::string& key) const;
  std::string Name(const toml::node& node) const;  // letters, digits and _
  const toml::table& Table(const toml::node& node, const std::string& what) const;
  const toml::array& Array(const toml::node& node, const std::string& key) const;  // not empty
  int64_t Integer(const toml::node& node, const std::string& key, int64_t low, int64_t high) const;
  FieldValue Value(const toml::node& node, const std::string& key) const;

  // The value as the field `key` of that spec has it, which shows whether it is right.
  template <typename FieldsOf>
  FieldValue Field(const toml::node& node, const std::string& key) const {
    FieldsOf scratch;
    const FieldValue value = Value(node, key);
    try {
      SetField(scratch, key, value);
    } catch (const Error& error) {
      Refuse(node, error.what());
    }
    return GetField(scratch, key);
  }

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
  FieldValue FileValue(const std::string& key, const toml::node& node) const;

  std::string path_;
};

// Refuses a point that is the same as one before it. Those of a sweep have no `axis`.
void CheckDistinct(const std::vector<Point>& points, const std::string& axis);

// The points of a sweep: those of [grid], [[list]] or [random], else a single one. `common` are the
// settings of them all. Other keys of `table` are not looked at. Random points are distinct, and
// the same wherever and whenever they are drawn; more of them add to the fewer.
std::vector<Point> ReadPoints(const SpecFile& file, const toml::table& table,
                              const std::vector<Setting>& common);

}  // namespace grove
