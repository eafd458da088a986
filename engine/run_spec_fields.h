// Settings by name: what experiment files, JSON and command lines set and get through the tables
// of engine/run_spec_table.h, engine/tasks/dataset_spec_table.h and
// engine/files/reading_spec_table.h.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/files/reading_spec_table.h"
#include "engine/run_spec_table.h"
#include "engine/tasks/dataset_spec_table.h"

namespace grove {

// A value as a file or a command line gives it, before its field is known.
using FieldValue = std::variant<bool, int64_t, uint64_t, double, std::string>;

// The keys of a spec, in table order.
template <typename Spec>
std::vector<std::string> FieldKeys() {
  std::vector<std::string> keys;
  const Spec spec;
  ForEachField(spec, [&keys](const FieldInfo& info, const auto&) { keys.push_back(info.key); });
  return keys;
}

// DidYouMean (engine/nearest_name.h) for names of settings: knows what others call them, so that
// "lr" finds learning_rate. `word` and `candidates` may be keys or options, with underscores or
// dashes; the suggestion is one of `candidates`, as it is written there.
std::string DidYouMeanSetting(std::string_view word, const std::vector<std::string>& candidates);

// Sets the field `key`. Throws Error ("unknown key ..." with a suggestion, or what was expected),
// without a place: the caller knows it. An integer serves for a floating-point field, a
// floating-point value without a fraction for an integer, and -0.0 is 0: the same number is the
// same setting and gives the same key, however it is written.
void SetField(RunSpec& spec, const std::string& key, const FieldValue& value);
void SetField(DatasetSpec& spec, const std::string& key, const FieldValue& value);
void SetField(ReadingSpec& spec, const std::string& key, const FieldValue& value);

// The field `key` as a value. The key must exist.
FieldValue GetField(const RunSpec& spec, const std::string& key);
FieldValue GetField(const DatasetSpec& spec, const std::string& key);
FieldValue GetField(const ReadingSpec& spec, const std::string& key);

}  // namespace grove
