// Strict access to the nodes of a TOML file: everything unknown, mistyped or out of range is an
// Error "file:line: ...".
#pragma once

#include <toml++/toml.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/error.h"
#include "engine/run_spec_fields.h"

namespace grove {

inline bool Contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// A table's entries as they stand in the file (toml++ sorts them by key).
std::vector<std::pair<const toml::key*, const toml::node*>> InFileOrder(const toml::table& table);

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

 private:
  std::string path_;
};

}  // namespace grove
