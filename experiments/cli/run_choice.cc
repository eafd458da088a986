#include "experiments/cli/run_choice.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <system_error>

#include "engine/error.h"
#include "experiments/cli/installed_files.h"

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

void RunChoice::AddTo(CLI::App& command) {
  command
      .add_option("SPEC", specs, "Experiment and sweep files (TOML), here or installed: exp1.toml")
      ->required();
  command
      .add_option("--only", only, "Choose runs: 'dataset=1|4,model=rlstm,seed=1-3'; again for more")
      ->allow_extra_args(false);
  command.add_option("--seeds", seeds, "Seeds in place of the files': 1-5 or 1,2,7");
}

RunList ReadRuns(const RunChoice& choice, const GlobalOptions& globals) {
  std::vector<Spec> specs;
  Names files, sweeps;  // of the command line
  Names experiments;    // those of sweeps too, which may be of another file as well
  for (const std::string& path : choice.specs) {
    Spec& spec = specs.emplace_back(ReadSpec(FindSpec(path)));
    TakeName(spec, /*may_be_again=*/false, spec.IsSweep() ? sweeps : files);
    for (const Spec& experiment : Experiments(spec)) {
      TakeName(experiment, /*may_be_again=*/true, experiments);
    }
    Override(choice, globals, spec);
  }
  return Plan(specs);
}

void CheckGemm(const std::vector<Job>& runs) {
  const bool needed = std::any_of(
      runs.begin(), runs.end(), [](const Job& planned) { return planned.run.gemm == "openblas"; });
  if (needed) CheckOpenblasThreads();
}

}  // namespace grove
