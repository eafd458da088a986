#include "experiments/runs/record.h"

#include <cmath>
#include <limits>

#include "engine/error.h"
#include "engine/json_text.h"
#include "engine/run_spec_fields.h"
#include "engine/run_spec_json.h"
#include "engine/text.h"

namespace grove {
namespace {

using Json = nlohmann::json;

// The one list of a record's fields, for writing and for reading.
template <typename Record, typename Visitor>
void ForEachRecordField(Record& r, Visitor&& visit) {
  visit("key", r.key);
  visit("experiment", r.experiment);
  visit("dataset", r.dataset);
  visit("model", r.model);
  visit("seed", r.seed);
  visit("axes", r.axes);
  visit("variant", r.variant);
  visit("run", r.run);
  visit("data", r.data);
  visit("status", r.status);
  visit("message", r.message);
  visit("test_accuracy", r.test_accuracy);
  visit("dev_accuracy", r.dev_accuracy);
  visit("train_accuracy", r.train_accuracy);
  visit("best_epoch", r.best_epoch);
  visit("epochs", r.epochs);
  visit("seconds", r.seconds);
  visit("trees_per_second", r.trees_per_second);
  visit("weights_xxh3", r.weights_xxh3);
  visit("history", r.history);
}

// Of files: counts, which need not be what a dataset that is generated may have (no test trees).
template <typename Spec, typename Visitor>
void ForEachSize(Spec& data, Visitor&& visit) {
  visit("train", data.train);
  visit("dev", data.dev);
  visit("test", data.test);
  visit("min_length", data.min_length);
  visit("max_length", data.max_length);
}

// What stands beside the path and the hash of a file of vectors.
template <typename File, typename Visitor>
void ForEachVectorsField(File& vectors, Visitor&& visit) {
  visit("width", vectors.width);
  visit("words", vectors.words);
  visit("covered", vectors.covered);
}

[[noreturn]] void Refuse(const std::string& key, const char* expected) {
  throw Error("key '" + key + "': must be " + expected);
}

void Read(const Json& json, const std::string& key, std::string& value) {
  if (!json.is_string()) Refuse(key, "a string");
  value = json.get<std::string>();
}
void Read(const Json& json, const std::string& key, int& value) {
  try {
    value = WholeNumber<int>(json);
  } catch (const Error&) {
    Refuse(key, "an integer");
  }
}
void Read(const Json& json, const std::string& key, uint64_t& value) {
  if (!json.is_number_unsigned()) Refuse(key, "an integer of at least 0");
  value = json.get<uint64_t>();
}
void Read(const Json& json, const std::string& key, double& value) {
  if (!json.is_number() && !json.is_null()) Refuse(key, "a number or null");
  value = json.is_null() ? std::numeric_limits<double>::quiet_NaN() : json.get<double>();
}
void Read(const Json& json, const std::string& key, Json& value) {
  if (!json.is_object()) Refuse(key, "an object");
  value = json;
}

const Json& At(const Json& json, const std::string& key) {
  const auto found = json.find(key);
  if (found == json.end()) throw Error("key '" + key + "' is missing");
  return *found;
}

void Read(const Json& json, const std::string& key, RunSpec& run) {
  run = RunSpecFromJson(json.dump(), "key '" + key + "'");
}
void Read(const Json& json, const std::string& key, DatasetSpec& data) {
  data = DatasetSpecFromJson(json.dump(), "key '" + key + "'");
}

void Read(const Json& json, const std::string& key, ReadingSpec& reading) {
  reading = ReadingSpecFromJson(json.dump(), "key '" + key + "'");
}

// The data of a run on files.
void ReadFiles(const Json& json, const std::string& key, RunRecord& record) {
  DataFiles& files = record.files.emplace();
  ForEachFile(files, [&](const std::string& role, DataFile& file) {
    if (!json.contains(role)) return;
    if (!json[role].is_object()) Refuse(key + "." + role, "an object");
    Read(At(json[role], "path"), "path", file.path);
    Read(At(json[role], "xxh3"), "xxh3", file.xxh3);
  });
  if (!files.vectors.path.empty()) {
    ForEachVectorsField(files.vectors, [&](const char* name, int& value) {
      Read(At(json["vectors"], name), name, value);
    });
  }
  Read(json["classes"], "classes", files.classes);
  if (json.contains("reading")) Read(json["reading"], key + ".reading", files.reading);
  const Json sizes = json.value("sizes", Json::object());
  ForEachSize(record.data, [&](const char* name, int& size) {
    if (sizes.contains(name)) Read(sizes[name], name, size);
  });
}

void Read(const Json& json, const std::string& key, std::vector<EpochRecord>& history) {
  if (!json.is_array()) Refuse(key, "an array");
  for (const Json& entry : json) {
    if (!entry.is_object()) Refuse(key, "an array of objects");
    EpochRecord& epoch = history.emplace_back();
    ForEachEpochField(epoch,
                      [&](const char* name, auto& field) { Read(At(entry, name), name, field); });
    ForEachFurtherEpochField(epoch, [&](const char* name, double& field) {
      if (entry.contains(name)) Read(entry[name], name, field);
    });
  }
}

// JSON has no NaN and no infinity: both become null.
nlohmann::ordered_json ToJsonValue(double value) {
  return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json();
}
template <typename T>
nlohmann::ordered_json ToJsonValue(const T& value) {
  return value;
}
nlohmann::ordered_json ToJsonValue(const RunSpec& run) {
  return nlohmann::ordered_json::parse(CanonicalJson(run));
}
nlohmann::ordered_json ToJsonValue(const DatasetSpec& data) {
  return nlohmann::ordered_json::parse(CanonicalJson(data));
}
nlohmann::ordered_json ToJsonValue(const std::vector<EpochRecord>& history) {
  auto array = nlohmann::ordered_json::array();
  for (const EpochRecord& epoch : history) {
    nlohmann::ordered_json entry;
    ForEachEpochField(
        epoch, [&](const char* name, const auto& field) { entry[name] = ToJsonValue(field); });
    ForEachFurtherEpochField(epoch, [&](const char* name, double field) {
      if (!std::isnan(field)) entry[name] = field;
    });
    array.push_back(std::move(entry));
  }
  return array;
}

}  // namespace

nlohmann::ordered_json FilesJson(const DataFiles& files) {
  nlohmann::ordered_json json;
  ForEachFile(files, [&](const char* role, const DataFile& file) {
    if (!file.path.empty()) json[role] = {{"path", EscapeBytes(file.path)}, {"xxh3", file.xxh3}};
  });
  if (json.contains("vectors")) {
    ForEachVectorsField(files.vectors,
                        [&](const char* name, int value) { json["vectors"][name] = value; });
  }
  return json;
}

nlohmann::ordered_json ToJson(const RunRecord& record) {
  nlohmann::ordered_json json;
  ForEachRecordField(record,
                     [&](const char* key, const auto& field) { json[key] = ToJsonValue(field); });
  if (record.variant.empty()) json.erase("variant");
  if (record.files) {
    nlohmann::ordered_json& data = json["data"] = FilesJson(*record.files);
    data["classes"] = record.files->classes;
    if (record.files->reading != ReadingSpec()) {
      data["reading"] = nlohmann::ordered_json::parse(CanonicalJson(record.files->reading));
    }
    ForEachSize(record.data, [&](const char* name, int size) { data["sizes"][name] = size; });
  }
  return json;
}

RunRecord RecordFromJson(const Json& json) {
  if (!json.is_object()) throw Error("not a JSON object");
  if (json.contains("key") && !json.contains("run")) {
    throw Error("a run without its settings: it was made by an earlier version of the program; " +
                std::string("use another --out and run again"));
  }
  RunRecord record;
  ForEachRecordField(record, [&](const std::string& key, auto& field) {
    if (key == "variant" && !json.contains(key)) return;
    const Json& value = At(json, key);
    if (key == "data" && !value.is_object()) Refuse(key, "an object");
    if (key == "data" && value.contains("classes")) return ReadFiles(value, key, record);
    Read(value, key, field);
  });
  return record;
}

}  // namespace grove
