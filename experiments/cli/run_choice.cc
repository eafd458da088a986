#include "experiments/cli/run_choice.h"

#include <filesystem>
#include <map>

#include "engine/error.h"
#include "experiments/plan/spec.h"

namespace grove {
namespace {

namespace fs = std::filesystem;

using Names = std::map<std::string, std::string>;  // path by name

bool IsSameFile(const std::string& a, const std::string& b) {
  std::error_code error;
  return fs::equivalent(a, b, error) && !error;
}

void TakeName(const Spec& spec, bool may_be_again, Names& names) {
  const auto [other, is_new] = names.emplace(spec.name, spec.path);
  if (is_new || (may_be_again && IsSameFile(other->second, spec.path))) return;
  throw Error(spec.path + ": the name '" + spec.name + "' is taken by " + other->second);
}

// What the command line says beats the file.
void Override(const RunChoice& choice, const GlobalOptions& globals, Spec& spec) {
  if (!globals.gemm.empty()) {
    for (Spec& experiment : Experiments(spec)) {
      experiment.settings.push_back({Part::kRun, "gemm", globals.gemm, nullptr, ""});
    }
  }
  if (choice.seeds.empty()) return;
  try {
    SetSeeds(spec, ParseSeeds(choice.seeds));
  } catch (const Error& error) {
    throw Error(std::string("--seeds ") + error.what());
  }
}

}  // namespace

void AddRunChoice(CLI::App& command, RunChoice& choice) {
  command.add_option("SPEC", choice.specs, "Experiment and sweep files (TOML)")->required();
  command
      .add_option("--only", choice.only,
                  "Choose runs: 'dataset=1|4,model=rlstm,seed=1-3'; again for more")
      ->allow_extra_args(false);
  command.add_option("--seeds", choice.seeds, "Seeds in place of the files': 1-5 or 1,2,7");
}

RunList ReadRuns(const RunChoice& choice, const GlobalOptions& globals) {
  std::vector<Spec> specs;
  Names files, sweeps;  // of the command line
  Names experiments;    // those of sweeps too, which may be of another file as well
  for (const std::string& path : choice.specs) {
    Spec& spec = specs.emplace_back(ReadSpec(path));
    TakeName(spec, /*may_be_again=*/false, spec.IsSweep() ? sweeps : files);
    for (const Spec& experiment : Experiments(spec)) {
      TakeName(experiment, /*may_be_again=*/true, experiments);
    }
    Override(choice, globals, spec);
  }
  return Plan(specs);
}

}  // namespace grove
