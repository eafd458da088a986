#include "experiments/plan/setting.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "engine/error.h"

namespace grove {
namespace {

void SetFile(DataFiles& files, const std::string& key, const FieldValue& value) {
  if (key == "classes") {
    files.classes = static_cast<int>(std::get<int64_t>(value));
    return;
  }
  const std::vector<std::string> reading = FieldKeys<ReadingSpec>();
  if (std::find(reading.begin(), reading.end(), key) != reading.end()) {
    SetField(files.reading, key, value);
    return;
  }
  ForEachFile(files, [&](const std::string& role, DataFile& file) {
    if (role == key) file.path = std::get<std::string>(value);
  });
}

// A job says its dataset, model and seed anyway.
bool IsFurtherAxis(const Setting& setting) {
  return !setting.shown.is_null() && setting.part != Part::kId && setting.key != "model" &&
         setting.key != "seed";
}

}  // namespace

nlohmann::json ShownValue(const FieldValue& value) {
  const double* number = std::get_if<double>(&value);
  if (number != nullptr && *number == std::floor(*number) && std::abs(*number) < 1e15) {
    return static_cast<int64_t>(*number);
  }
  return std::visit([](const auto& v) { return nlohmann::json(v); }, value);
}

std::string Label(const std::vector<Setting>& settings) {
  std::string label;
  const std::string* key = nullptr;
  for (const Setting& setting : settings) {
    if (setting.shown.is_null()) continue;
    if (!label.empty()) label += ", ";
    if (key == nullptr || *key != setting.key) label += setting.key + " = ";
    key = &setting.key;
    label += PlainText(setting.shown);
    if (!setting.model.empty()) label += " (" + setting.model + ")";
  }
  return label;
}

std::string Identity(std::vector<Setting> settings) {
  std::sort(settings.begin(), settings.end(), [](const Setting& a, const Setting& b) {
    return std::tie(a.key, a.model) < std::tie(b.key, b.model);
  });
  return Label(settings);
}

void Apply(const Setting& setting, Job& job) {
  if (!setting.model.empty() && setting.model != job.run.model) return;
  switch (setting.part) {
    case Part::kRun:
      SetField(job.run, setting.key, setting.value);
      break;
    case Part::kData:
      if (job.files) {
        throw Error(setting.key + ": a setting of generated trees, and " + job.experiment +
                    " trains on files");
      }
      SetField(job.data, setting.key, setting.value);
      break;
    case Part::kFiles:
      SetFile(*job.files, setting.key, setting.value);
      break;
    case Part::kId:
      job.dataset = static_cast<int>(std::get<int64_t>(setting.value));
      break;
  }
  if (IsFurtherAxis(setting)) job.axes[setting.key] = setting.shown;
}

}  // namespace grove
