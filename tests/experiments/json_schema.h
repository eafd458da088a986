// What is wrong with a value by a JSON Schema: of draft 2020-12 the keywords that the project's own
// schemas use.
#pragma once

#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>
#include <stdexcept>
#include <string>

namespace grove::test {

class JsonSchema {
 public:
  explicit JsonSchema(nlohmann::json schema) : root_(std::move(schema)) {}

  // "" if the value is valid, else the first fault with its place: "/history/0: key 'loss' is
  // missing". Throws std::runtime_error for a keyword that is not known here.
  std::string Fault(const nlohmann::json& value) const { return Fault(value, root_, ""); }

 private:
  using Json = nlohmann::json;

  std::string Fault(const Json& value, const Json& schema, const std::string& place) const {
    for (const auto& [keyword, wanted] : schema.items()) {
      const std::string fault = KeywordFault(value, keyword, wanted, schema, place);
      if (!fault.empty()) return fault;
    }
    return "";
  }

  std::string KeywordFault(const Json& value, const std::string& keyword, const Json& wanted,
                           const Json& schema, const std::string& place) const {
    const auto must = [&](bool holds) {
      return holds ? "" : place + ": " + keyword + " " + wanted.dump() + ", not " + value.dump();
    };
    static const std::string kNotes = " $schema $id $defs title description ";
    if (kNotes.find(" " + keyword + " ") != std::string::npos) return "";
    if (keyword == "$ref") {
      const std::string pointer = wanted.get<std::string>().substr(1);
      return Fault(value, root_.at(Json::json_pointer(pointer)), place);
    }
    if (keyword == "type") return must(IsOneOf(value, wanted));
    if (keyword == "const") return must(value == wanted);
    if (keyword == "enum")
      return must(std::find(wanted.begin(), wanted.end(), value) != wanted.end());
    if (keyword == "minimum") return must(!value.is_number() || value >= wanted);
    if (keyword == "maximum") return must(!value.is_number() || value <= wanted);
    if (keyword == "minLength") return must(!value.is_string() || Text(value).size() >= wanted);
    if (keyword == "minItems") return must(!value.is_array() || value.size() >= wanted);
    if (keyword == "pattern") {
      return must(!value.is_string() || std::regex_search(Text(value), std::regex(Text(wanted))));
    }
    if (keyword == "oneOf") return OneOfFault(value, wanted, place);
    if (keyword == "prefixItems" || keyword == "items") {
      return ItemsFault(value, keyword, wanted, schema, place);
    }
    return MembersFault(value, keyword, wanted, schema, place);
  }

  std::string OneOfFault(const Json& value, const Json& schemas, const std::string& place) const {
    int valid = 0;
    std::string faults;
    for (const Json& schema : schemas) {
      const std::string fault = Fault(value, schema, place);
      valid += fault.empty();
      faults += "\n  " + fault;
    }
    return valid == 1 ? "" : place + ": is " + std::to_string(valid) + " of oneOf:" + faults;
  }

  std::string ItemsFault(const Json& value, const std::string& keyword, const Json& wanted,
                         const Json& schema, const std::string& place) const {
    if (!value.is_array()) return "";
    const bool each = keyword == "items";
    const size_t first = each && schema.contains("prefixItems") ? schema["prefixItems"].size() : 0;
    const size_t end = each ? value.size() : std::min(value.size(), wanted.size());
    for (size_t i = first; i < end; ++i) {
      const std::string at = place + "/" + std::to_string(i);
      const std::string fault = Fault(value[i], each ? wanted : wanted[i], at);
      if (!fault.empty()) return fault;
    }
    return "";
  }

  std::string MembersFault(const Json& value, const std::string& keyword, const Json& wanted,
                           const Json& schema, const std::string& place) const {
    if (!value.is_object()) return "";
    if (keyword == "required") {
      for (const Json& name : wanted) {
        if (!value.contains(Text(name))) return place + ": key '" + Text(name) + "' is missing";
      }
      return "";
    }
    const bool others = keyword == "additionalProperties";
    if (!others && keyword != "properties") throw std::runtime_error("unknown keyword " + keyword);
    const Json& named = others ? schema.value("properties", Json::object()) : wanted;
    for (const auto& [name, member] : value.items()) {
      if (named.contains(name) == others) continue;
      const std::string fault = Fault(member, others ? wanted : wanted[name], place + "/" + name);
      if (!fault.empty()) return fault;
    }
    return "";
  }

  static std::string Text(const Json& value) { return value.get<std::string>(); }

  static bool IsOneOf(const Json& value, const Json& types) {
    if (!types.is_array()) return IsOf(value, Text(types));
    return std::any_of(types.begin(), types.end(),
                       [&](const Json& type) { return IsOf(value, Text(type)); });
  }
  static bool IsOf(const Json& value, const std::string& type) {
    if (type == "integer") return value.is_number_integer();
    return value.is_number() ? type == "number" : value.type_name() == type;
  }

  Json root_;
};

}  // namespace grove::test
