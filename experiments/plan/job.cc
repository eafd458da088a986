#include "experiments/plan/job.h"

#include <utility>

#include "engine/run_spec_json.h"

namespace grove {

std::string Job::Label() const {
  std::string label = experiment + " d" + std::to_string(dataset) + " " + run.model;
  for (const auto& [name, value] : axes.items()) {
    label += " " + name + "=" + (value.is_string() ? value.get<std::string>() : value.dump());
  }
  return label + " s" + std::to_string(run.seed);
}

std::string DataIdentity(const DatasetSpec& data, const std::optional<DataFiles>& files) {
  if (!files) return CanonicalJson(data);
  std::string identity = "classes " + std::to_string(files->classes) + "\n";
  for (const auto& [role, file] : {std::pair{"train", &files->train},
                                   {"dev", &files->dev},
                                   {"test", &files->test},
                                   {"init", &files->init}}) {
    if (!file->path.empty()) identity += std::string(role) + " " + file->xxh3 + "\n";
  }
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
