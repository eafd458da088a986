#include "experiments/plan/job.h"

#include "engine/run_spec_json.h"

namespace grove {

std::string RunIdentity::Label() const {
  std::string label = experiment + " d" + std::to_string(dataset) + " " + run.model;
  for (const auto& [name, value] : axes.items()) label += " " + name + "=" + PlainText(value);
  return label + " s" + std::to_string(run.seed);
}

nlohmann::json RunIdentity::ValueOn(const std::string& axis) const {
  if (axis == "key") return key;
  if (axis == "experiment") return experiment;
  if (axis == "dataset") return dataset;
  if (axis == "model") return run.model;
  if (axis == "seed") return run.seed;
  return axes.contains(axis) ? axes[axis] : nlohmann::json();
}

std::string PlainText(const nlohmann::json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string DataIdentity(const DatasetSpec& data, const std::optional<DataFiles>& files) {
  if (!files) return CanonicalJson(data);
  std::string identity = "classes " + std::to_string(files->classes) + "\n";
  ForEachFile(*files, [&](const std::string& role, const DataFile& file) {
    if (!file.path.empty()) identity += role + " " + file.xxh3 + "\n";
  });
  if (files->reading != ReadingSpec())
    identity += "reading " + CanonicalJson(files->reading) + "\n";
  return identity;
}

std::string SharedData(const Job& job) {
  const std::string identity = DataIdentity(job.data, job.files);
  return job.files ? identity + "target " + job.run.target + "\n" : identity;
}

bool SameButSeed(const Job& a, const Job& b) {
  if (a.data != b.data || a.files != b.files) return false;
  RunSpec run = a.run;
  run.seed = b.run.seed;
  return run == b.run;
}

void SetKey(Job& job) { job.key = RunKey(job.run, DataIdentity(job.data, job.files)); }

}  // namespace grove
