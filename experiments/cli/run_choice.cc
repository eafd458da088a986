#include "experiments/cli/run_choice.h"

#include <algorithm>
#include <filesystem>

#include "engine/error.h"
#include "experiments/plan/sweep.h"

namespace grove {
namespace {

namespace fs = std::filesystem;

bool IsSameFile(const std::string& a, const std::string& b) {
  std::error_code error;
  return fs::equivalent(a, b, error) && !error;
}

class ListMaker {
 public:
  ListMaker(const RunChoice& choice, const GlobalOptions& globals)
      : choice_(choice), globals_(globals) {}

  void AddExperiment(const std::string& path) {
    Experiment experiment = ReadExperiment(path);
    TakeName(experiment.name, path, files_);
    Prepare(experiment);
    RunGroup& group = list_.groups.emplace_back(RunGroup{experiment.name, false, "", {}});
    for (Job& planned : PlanRuns(experiment)) Add(std::move(planned), group);
  }

  void AddSweep(const std::string& path) {
    Sweep sweep = ReadSweep(path);
    TakeName(sweep.name, path, sweeps_);
    for (Experiment& experiment : sweep.experiments) Prepare(experiment);
    const std::vector<Job> base = PlanBaseRuns(sweep);
    CheckCount(sweep, base.size());
    for (const SweepPoint& point : sweep.points) {
      RunGroup& group = list_.groups.emplace_back(RunGroup{sweep.name, true, point.label, {}});
      for (const Job& planned : base) Add(ApplyPoint(point, planned), group);
    }
  }

  RunList Take() { return std::move(list_); }

 private:
  using Names = std::map<std::string, std::string>;  // path by name

  static void TakeName(const std::string& name, const std::string& path, Names& names) {
    const auto [other, is_new] = names.emplace(name, path);
    if (is_new) return;
    throw Error(path + ": the name '" + name + "' is taken by " + other->second);
  }

  // What the command line says beats the file. A sweep's experiment may be one of another file too.
  void Prepare(Experiment& experiment) {
    const auto [other, is_new] = experiments_.emplace(experiment.name, experiment.path);
    if (!is_new && !IsSameFile(other->second, experiment.path)) {
      throw Error(experiment.path + ": the name '" + experiment.name + "' is taken by " +
                  other->second);
    }
    if (!globals_.gemm.empty()) experiment.run.gemm = globals_.gemm;
    if (choice_.seeds.empty()) return;
    try {
      SetSeeds(experiment, ParseSeeds(choice_.seeds));
    } catch (const Error& error) {
      throw Error(std::string("--seeds ") + error.what());
    }
  }

  void Add(Job planned, RunGroup& group) {
    const auto [first, is_new] = list_.group_of.emplace(planned.key, list_.groups.size() - 1);
    group.keys.insert(planned.key);
    if (is_new) list_.runs.push_back(std::move(planned));
  }

  const RunChoice& choice_;
  const GlobalOptions& globals_;
  Names files_;        // experiment files of the command line
  Names sweeps_;       // sweep files of the command line
  Names experiments_;  // those of sweeps too
  RunList list_;
};

}  // namespace

bool RunList::HasSweeps() const {
  return std::any_of(groups.begin(), groups.end(), [](const RunGroup& g) { return g.sweep; });
}

void AddRunChoice(CLI::App& command, RunChoice& choice) {
  command.add_option("SPEC", choice.specs, "Experiment and sweep files (TOML)")->required();
  command
      .add_option("--only", choice.only,
                  "Choose runs: 'dataset=1|4,model=rlstm,seed=1-3'; again for more")
      ->allow_extra_args(false);
  command.add_option("--seeds", choice.seeds, "Seeds in place of the files': 1-5 or 1,2,7");
}

RunList ReadRuns(const RunChoice& choice, const GlobalOptions& globals) {
  ListMaker maker(choice, globals);
  for (const std::string& path : choice.specs) {
    IsSweepFile(path) ? maker.AddSweep(path) : maker.AddExperiment(path);
  }
  return maker.Take();
}

}  // namespace grove
