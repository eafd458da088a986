// What the readers of experiment and sweep files share: strict access to the nodes of a TOML file.
// Everything unknown, mistyped or out of range is an Error "file:line: ...".
#pragma once

#include <toml++/toml.h>

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "engine/error.h"
#include "engine/run_spec_fields.h"

namespace grove {

inline bool Contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// A value as axes and labels carry it: whole numbers without a fraction, so that 0, 0.0 and -0.0
// are the same value and the same text.
nlohmann::json AxisValue(const FieldValue& value);

// Reads one file; knows its path for errors. Nodes must belong to that file.
class TomlReader {
 public:
  explicit TomlReader(std::string path) : path_(std::move(path)) {}

  const std::string& path() const { return path_; }
  toml::table Parse() const;

  std::string Place(const toml::source_region& source) const;  // "file:line"
  [[noreturn]] void Refuse(const toml::node& node, const std::string& message) const;
  [[noreturn]] void Unknown(const toml::key& key, const std::vector<std::string>& allowed) const;

  // `key` and `what` name the node in errors.
  std::string Text(const toml::node& node, const std::string& key) const;
  std::string Name(const toml::node& node) const;  // letters, digits and _
  const toml::table& Table(const toml::node& node, const std::string& what) const;
  const toml::array& Array(const toml::node& node, const std::string& key) const;  // not empty
  FieldValue Value(const toml::node& node, const std::string& key) const;

  // Seeds as "1-3,7" or a list, each with the node that gave it.
  std::vector<std::pair<uint64_t, const toml::node*>> Seeds(const toml::node& node,
                                                            const std::string& key) const;

  // Sets the field on `spec`, which shows whether key and value are right; returns the value.
  template <typename Spec>
  FieldValue Set(const toml::key& key, const toml::node& node, Spec& spec) const {
    const std::string name(key.str());
    if (!Contains(FieldKeys<Spec>(), name)) Unknown(key, FieldKeys<Spec>());
    FieldValue value = Value(node, name);
    try {
      SetField(spec, name, value);
    } catch (const Error& error) {
      Refuse(node, error.what());
    }
    return value;
  }

 private:
  std::string path_;
};

}  // namespace grove
