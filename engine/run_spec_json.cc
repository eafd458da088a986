#include "engine/run_spec_json.h"

#include <nlohmann/json.hpp>

#include "engine/error.h"
#include "engine/hash.h"
#include "engine/json_text.h"
#include "engine/run_spec_fields.h"

namespace grove {
namespace {

using Json = nlohmann::json;  // an object of it keeps its keys sorted

template <typename Spec>
std::string Dump(const Spec& spec) {
  Json json = Json::object(), defaults = Json::object();
  const Spec plain;
  ForEachField(plain, [&](const FieldInfo& info, const auto& field) {
    if (info.added_later) defaults[info.key] = field;
  });
  ForEachField(spec, [&](const FieldInfo& info, const auto& field) {
    const Json value = field;
    if (!info.added_later || value != defaults[info.key]) json[info.key] = value;
  });
  return json.dump();
}

FieldValue ToValue(const Json& json) {
  switch (json.type()) {
    case Json::value_t::boolean:
      return json.get<bool>();
    case Json::value_t::number_integer:
      return json.get<int64_t>();
    case Json::value_t::number_unsigned:
      return json.get<uint64_t>();
    case Json::value_t::number_float:
      return json.get<double>();
    case Json::value_t::string:
      return json.get<std::string>();
    default:
      throw Error("must be a number, a string, true or false");
  }
}

template <typename Spec>
Spec Parse(std::string_view text, const std::string& where) {
  const Json json = ParseJson(text, where);
  if (!json.is_object()) throw Error(where + ": not a JSON object");
  Spec spec;
  ForEachField(spec, [&](const FieldInfo& info, const auto&) {
    if (json.contains(info.key) || info.added_later) return;
    throw Error(where + ": key '" + info.key + "' is missing");
  });
  for (const auto& [key, value] : json.items()) {
    try {
      if (value.is_structured() || value.is_null()) throw Error(key + ": must be a plain value");
      SetField(spec, key, ToValue(value));
    } catch (const Error& error) {
      throw Error(where + ": " + error.what());
    }
  }
  return spec;
}

}  // namespace

std::string CanonicalJson(const RunSpec& spec) { return Dump(Resolve(spec)); }
std::string CanonicalJson(const DatasetSpec& spec) { return Dump(spec); }
std::string CanonicalJson(const ReadingSpec& spec) { return Dump(spec); }

RunSpec RunSpecFromJson(std::string_view text, const std::string& where) {
  return Parse<RunSpec>(text, where);
}
DatasetSpec DatasetSpecFromJson(std::string_view text, const std::string& where) {
  return Parse<DatasetSpec>(text, where);
}
ReadingSpec ReadingSpecFromJson(std::string_view text, const std::string& where) {
  return Parse<ReadingSpec>(text, where);
}

std::string HashText(std::string_view text) {
  Hasher hasher;
  hasher.Add(text.data(), text.size());
  return hasher.Digits();
}

std::string RunKey(const RunSpec& run, std::string_view dataset_identity) {
  return HashText(CanonicalJson(run) + "\n" + std::string(dataset_identity));
}
std::string RunKey(const RunSpec& run, const DatasetSpec& dataset) {
  return RunKey(run, CanonicalJson(dataset));
}

}  // namespace grove
