#include "experiments/run_choice.h"

#include <map>

#include "engine/error.h"

namespace grove {

void AddRunChoice(CLI::App& command, RunChoice& choice) {
  command.add_option("SPEC", choice.specs, "Experiment files (TOML)")->required();
  command
      .add_option("--only", choice.only,
                  "Choose runs: 'dataset=1|4,model=rlstm,seed=1-3'; again for more")
      ->allow_extra_args(false);
  command.add_option("--seeds", choice.seeds, "Seeds in place of the files': 1-5 or 1,2,7");
}

std::vector<PlannedRun> ReadRuns(const RunChoice& choice, const GlobalOptions& globals) {
  std::vector<PlannedRun> runs;
  std::map<std::string, std::string> path_of;   // by experiment
  std::map<std::string, std::string> label_of;  // by key
  for (const std::string& path : choice.specs) {
    Experiment experiment = ReadExperiment(path);
    const auto [other, is_new] = path_of.emplace(experiment.name, path);
    if (!is_new) {
      throw Error(path + ": the name '" + experiment.name + "' is taken by " + other->second);
    }
    if (!globals.gemm.empty()) experiment.run.gemm = globals.gemm;
    if (!choice.seeds.empty()) {
      try {
        SetSeeds(experiment, ParseSeeds(choice.seeds));
      } catch (const Error& error) {
        throw Error(std::string("--seeds ") + error.what());
      }
    }
    for (PlannedRun& planned : PlanRuns(experiment)) {
      const auto [same, is_first] = label_of.emplace(planned.key, planned.Label());
      if (!is_first) {
        throw Error(path + ": " + planned.Label() + " is the same run as " + same->second +
                    "; give the experiments folders of their own");
      }
      runs.push_back(std::move(planned));
    }
  }
  return runs;
}

}  // namespace grove
