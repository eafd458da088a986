#include "experiments/plan/toml_reader.h"

#include <cctype>
#include <cmath>

#include "engine/files.h"
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

toml::table TomlReader::Parse() const {
  try {
    return toml::parse(ReadFile(path_), path_);
  } catch (const toml::parse_error& error) {
    const auto& begin = error.source().begin;
    throw Error(path_ + ":" + std::to_string(begin.line) + ":" + std::to_string(begin.column) +
                ": " + std::string(error.description()));
  }
}

std::string TomlReader::Place(const toml::source_region& source) const {
  return path_ + ":" + std::to_string(source.begin.line);
}

void TomlReader::Refuse(const toml::node& node, const std::string& message) const {
  throw Error(Place(node.source()) + ": " + message);
}

void TomlReader::Unknown(const toml::key& key, const std::vector<std::string>& allowed) const {
  const std::string name(key.str());
  throw Error(Place(key.source()) + ": unknown key '" + name + "'" +
              DidYouMeanSetting(name, allowed));
}

std::string TomlReader::Text(const toml::node& node, const std::string& key) const {
  if (!node.is_string()) Refuse(node, key + ": must be a string");
  return node.as_string()->get();
}

std::string TomlReader::Name(const toml::node& node) const {
  std::string name = Text(node, "name");
  const auto allowed = [](unsigned char c) { return c < 128 && (std::isalnum(c) || c == '_'); };
  if (name.empty() || !std::all_of(name.begin(), name.end(), allowed)) {
    Refuse(node, "name = '" + name + "': must be letters, digits and _");
  }
  return name;
}

const toml::table& TomlReader::Table(const toml::node& node, const std::string& what) const {
  if (!node.is_table()) Refuse(node, what + ": must be a table");
  return *node.as_table();
}

const toml::array& TomlReader::Array(const toml::node& node, const std::string& key) const {
  if (!node.is_array() || node.as_array()->empty()) {
    Refuse(node, key + ": must be a list with at least one value");
  }
  return *node.as_array();
}

FieldValue TomlReader::Value(const toml::node& node, const std::string& key) const {
  if (const auto* flag = node.as_boolean()) return flag->get();
  if (const auto* integer = node.as_integer()) return integer->get();
  if (const auto* number = node.as_floating_point()) return number->get();
  if (const auto* text = node.as_string()) return text->get();
  Refuse(node, key + ": must be a number, a string, true or false");
}

}  // namespace grove
