#include "engine/run_spec.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "engine/cells/model.h"
#include "engine/error.h"
#include "engine/files/formats.h"
#include "engine/nearest_name.h"
#include "engine/run_spec_fields.h"
#include "engine/tasks/task.h"
#include "engine/update_rule.h"

namespace grove {
namespace {

std::string Text(double value) {
  char buffer[32];
  std::snprintf(buffer, sizeof(buffer), "%.9g", value);
  return buffer;
}

std::string Text(const FieldValue& value) {
  struct Print {
    std::string operator()(bool v) const { return v ? "true" : "false"; }
    std::string operator()(int64_t v) const { return std::to_string(v); }
    std::string operator()(uint64_t v) const { return std::to_string(v); }
    std::string operator()(double v) const { return Text(v); }
    std::string operator()(const std::string& v) const { return "'" + v + "'"; }
  };
  return std::visit(Print{}, value);
}

[[noreturn]] void Refuse(const FieldInfo& info, const FieldValue& value,
                         const std::string& allowed) {
  throw Error(info.key + " = " + Text(value) + ": must be " + allowed);
}

std::string Range(const FieldInfo& info) {
  return "from " + Text(info.low) + " to " + Text(info.high);
}

void Check(const FieldInfo& info, const std::string& value) {
  if (info.choices.empty()) return;  // any text
  for (const std::string& choice : info.choices) {
    if (value == choice) return;
  }
  Refuse(info, value, "one of " + Join(info.choices));
}
void Check(const FieldInfo& info, int value) {
  if (value < info.low || value > info.high) Refuse(info, int64_t{value}, Range(info));
}
void Check(const FieldInfo& info, double value) {
  // Written so that NaN is refused too.
  if (!(value >= info.low && value <= info.high)) Refuse(info, value, Range(info));
}
void Check(const FieldInfo&, uint64_t) {}
void Check(const FieldInfo&, bool) {}

void Assign(const FieldInfo& info, const FieldValue& value, std::string& field) {
  const std::string* text = std::get_if<std::string>(&value);
  if (text == nullptr)
    Refuse(info, value,
           "a string" + (info.choices.empty() ? "" : ", one of " + Join(info.choices)));
  field = *text;
}
void Assign(const FieldInfo& info, const FieldValue& value, bool& field) {
  const bool* flag = std::get_if<bool>(&value);
  if (flag == nullptr) Refuse(info, value, "true or false");
  field = *flag;
}
void Assign(const FieldInfo& info, const FieldValue& value, double& field) {
  if (const double* v = std::get_if<double>(&value)) {
    field = *v;
  } else if (const int64_t* i = std::get_if<int64_t>(&value)) {
    field = static_cast<double>(*i);
  } else if (const uint64_t* u = std::get_if<uint64_t>(&value)) {
    field = static_cast<double>(*u);
  } else {
    Refuse(info, value, "a number " + Range(info));
  }
  if (field == 0) field = 0;  // -0.0 is the same setting, and must have the same text
}

// What a floating-point value stands for where integers are asked for: 50.0 is 50. Every whole
// number below 2^53 has one such value.
FieldValue Whole(const FieldValue& value) {
  const double* v = std::get_if<double>(&value);
  if (v == nullptr || std::trunc(*v) != *v || std::abs(*v) >= 0x1p53) return value;
  return static_cast<int64_t>(*v);
}

void Assign(const FieldInfo& info, const FieldValue& given, uint64_t& field) {
  const FieldValue value = Whole(given);
  if (const uint64_t* u = std::get_if<uint64_t>(&value)) {
    field = *u;
  } else if (const int64_t* i = std::get_if<int64_t>(&value); i != nullptr && *i >= 0) {
    field = static_cast<uint64_t>(*i);
  } else {
    Refuse(info, value, "an integer of at least 0");
  }
}
void Assign(const FieldInfo& info, const FieldValue& given, int& field) {
  const FieldValue value = Whole(given);
  int64_t wide = 0;
  if (const int64_t* i = std::get_if<int64_t>(&value)) {
    wide = *i;
  } else if (const uint64_t* u = std::get_if<uint64_t>(&value); u != nullptr && *u < 1u << 31) {
    wide = static_cast<int64_t>(*u);
  } else {
    Refuse(info, value, "an integer " + Range(info));
  }
  // Before the cast: 2^32 must not become 0.
  if (wide < std::numeric_limits<int>::min() || wide > std::numeric_limits<int>::max()) {
    Refuse(info, value, "an integer " + Range(info));
  }
  field = static_cast<int>(wide);
}

// A key or an option as the table spells it: "--Learning-Rate" is learning_rate.
std::string Plain(std::string_view name) {
  name.remove_prefix(std::min(name.find_first_not_of('-'), name.size()));
  std::string plain;
  for (const char c : name) {
    const bool upper = c >= 'A' && c <= 'Z';
    plain += upper ? static_cast<char>(c - 'A' + 'a') : c == '-' ? '_' : c;
  }
  return plain;
}

template <typename Spec>
void SetFieldOf(Spec& spec, const std::string& key, const FieldValue& value) {
  bool found = false;
  ForEachField(spec, [&](const FieldInfo& info, auto& field) {
    if (info.key != key) return;
    found = true;
    auto changed = field;
    Assign(info, value, changed);
    Check(info, changed);
    field = changed;
  });
  if (!found) throw Error("unknown key '" + key + "'" + DidYouMeanSetting(key, FieldKeys<Spec>()));
}

FieldValue ToValue(int value) { return int64_t{value}; }
template <typename T>
FieldValue ToValue(const T& value) {
  return value;
}

template <typename Spec>
FieldValue GetFieldOf(const Spec& spec, const std::string& key) {
  FieldValue result;
  ForEachField(spec, [&](const FieldInfo& info, const auto& field) {
    if (info.key == key) result = ToValue(field);
  });
  return result;
}

}  // namespace

std::vector<std::string> ModelChoices() { return ModelNames(); }
std::vector<std::string> RuleChoices() { return RuleNames(); }
std::vector<std::string> TaskChoices() { return TaskNames(); }
std::vector<std::string> FormatChoices() { return FormatNames(); }

std::string DidYouMeanSetting(std::string_view word, const std::vector<std::string>& candidates) {
  const std::string name = Plain(word);
  std::vector<std::string> keys;  // of all settings that others call so
  const auto look = [&](const FieldInfo& info, const auto&) {
    if ((" " + info.other_names + " ").find(" " + name + " ") == std::string::npos) return;
    keys.push_back(info.key);
  };
  const RunSpec run;
  const DatasetSpec data;
  const ReadingSpec reading;
  ForEachField(run, look);
  ForEachField(data, look);
  ForEachField(reading, look);
  for (const std::string& candidate : candidates) {
    if (std::find(keys.begin(), keys.end(), Plain(candidate)) == keys.end()) continue;
    return "; did you mean '" + candidate + "'?";
  }
  return DidYouMean(word, candidates);
}

RunSpec Resolve(RunSpec spec) {
  if (spec.batch == 0) spec.batch = DefaultBatch(spec.model);
  if (spec.learning_rate == 0) spec.learning_rate = DefaultLearningRate(spec.rule);
  return spec;
}

void Validate(const RunSpec& spec) {
  ForEachField(spec, [](const FieldInfo& info, const auto& field) { Check(info, field); });
  if (spec.l2_of_words < 0 && spec.l2_of_words != -1) {
    throw Error("l2_of_words = " + Text(spec.l2_of_words) + ": must be -1 or from 0 to 1000");
  }
  if (spec.root_weight == 0 && spec.inner_weight == 0) {
    throw Error("inner_weight = 0: root_weight is 0 too, and nothing would be learnt");
  }
  if (spec.target == "score" && spec.comparison == "none") {
    throw Error("target = 'score': only pairs have scores; comparison must be tai or bowman");
  }
  if (spec.target == "score" && spec.class_weights != "none") {
    throw Error("class_weights = '" + spec.class_weights + "': scores have no classes");
  }
  if (spec.target == "score" && spec.select_by != "root_accuracy" && spec.select_by != "loss") {
    throw Error("select_by = '" + spec.select_by + "': scores have no classes; must be one of " +
                "root_accuracy (of scores Pearson's r), loss");
  }
  if (spec.comparison != "none" && spec.select_by == "node_accuracy") {
    throw Error("select_by = 'node_accuracy': nodes of pairs have no labels; must be one of " +
                std::string("root_accuracy, macro_f1, loss"));
  }
}

void Validate(const DatasetSpec& spec) {
  ForEachField(spec, [](const FieldInfo& info, const auto& field) { Check(info, field); });
  if (spec.max_length < spec.min_length) {
    throw Error("max_length = " + std::to_string(spec.max_length) +
                ": must be at least min_length = " + std::to_string(spec.min_length));
  }
  if (spec.max_keyword_depth >= 0 && spec.max_keyword_depth < spec.min_keyword_depth) {
    throw Error(
        "max_keyword_depth = " + std::to_string(spec.max_keyword_depth) +
        ": must be -1 or at least min_keyword_depth = " + std::to_string(spec.min_keyword_depth));
  }
}

void Validate(const ReadingSpec& spec) {
  ForEachField(spec, [](const FieldInfo& info, const auto& field) { Check(info, field); });
  const std::string& label = spec.label;
  const bool of_comment = label.starts_with("comment:") && label.size() > 8;
  if (!label.empty() && label != "upos" && label != "deprel" && !of_comment) {
    throw Error("label = '" + label + "': must be comment:KEY, upos or deprel, or empty");
  }
}

void SetField(RunSpec& spec, const std::string& key, const FieldValue& value) {
  SetFieldOf(spec, key, value);
}
void SetField(DatasetSpec& spec, const std::string& key, const FieldValue& value) {
  SetFieldOf(spec, key, value);
}
void SetField(ReadingSpec& spec, const std::string& key, const FieldValue& value) {
  SetFieldOf(spec, key, value);
}
FieldValue GetField(const RunSpec& spec, const std::string& key) { return GetFieldOf(spec, key); }
FieldValue GetField(const DatasetSpec& spec, const std::string& key) {
  return GetFieldOf(spec, key);
}
FieldValue GetField(const ReadingSpec& spec, const std::string& key) {
  return GetFieldOf(spec, key);
}

}  // namespace grove
