#include <CLI/CLI.hpp>

#include "experiments/cli/dry_run.h"

namespace grove {

void AddDryRunOptions(CLI::App& command, DryRunOptions& options) {
  command
      .add_option("--cores", options.cores,
                  "With --dry-run: numbers of cores, a row each: 1,2,16 (default: --threads). "
                  "`bound` is what no order of the runs can beat: the work over the cores, or the "
                  "longest run")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::Range(1, 10'000));
  command
      .add_option("--nodes", options.nodes,
                  "With --dry-run: so many machines of --cores each share the runs (default: 1)")
      ->check(CLI::Range(1, 10'000));
  command
      .add_option("--mtbf", options.mtbf_hours,
                  "With --dry-run: each machine fails every so many hours in the mean, and goes on "
                  "from the states of its runs a minute later (default: none fails)")
      ->check(CLI::Range(0.01, 1e6));
  command
      .add_option("--from", options.from,
                  "With --dry-run: learn from the finished runs of this folder too; again for more")
      ->allow_extra_args(false);
  command.add_flag("--measured", options.measured,
                   "With --dry-run: forecast the runs that are done in --out instead, by the times "
                   "they took");
}

const char* GivenDryRunOption(const DryRunOptions& options) {
  if (!options.cores.empty()) return "--cores";
  if (options.nodes != 0) return "--nodes";
  if (options.mtbf_hours != 0) return "--mtbf";
  if (!options.from.empty()) return "--from";
  return options.measured ? "--measured" : nullptr;
}

}  // namespace grove
