// grove run: what is not yet done of some experiments, into a folder.
#include <algorithm>
#include <iostream>
#include <memory>
#include <thread>

#include "engine/error.h"
#include "experiments/cli/cli.h"
#include "experiments/cli/dry_run.h"
#include "experiments/cli/run_choice.h"
#include "experiments/plan/run_filter.h"
#include "experiments/report/report.h"
#include "experiments/runs/batch.h"
#include "experiments/runs/run_folder.h"
#include "sched/stop.h"

namespace grove {
namespace {

struct RunOptions {
  RunChoice choice;
  std::string out;
  int threads = 0;  // 0: all cores
  bool dry_run = false;
};

int Threads(const RunOptions& options) {
  if (options.threads > 0) return options.threads;
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

void CheckGemm(const std::vector<Job>& runs) {
  const bool needed = std::any_of(
      runs.begin(), runs.end(), [](const Job& planned) { return planned.run.gemm == "openblas"; });
  if (needed) CheckOpenblasThreads();
}

void PrintCounts(const BatchCounts& counts, const std::string& out, bool json) {
  if (json) {
    const nlohmann::ordered_json object = {{"out", out},
                                           {"done", counts.done},
                                           {"failed", counts.failed},
                                           {"diverged", counts.diverged},
                                           {"stopped", counts.stopped}};
    std::cout << object.dump() << std::endl;
    return;
  }
  std::cout << counts.done << " done, " << counts.failed << " failed, " << counts.diverged
            << " diverged, " << counts.stopped << " to do: " << out << std::endl;
}

// Returns false, after a note, if there is nothing to report on or the report cannot be written.
bool Report(const std::string& out, const GlobalOptions& globals) {
  try {
    const std::string page = WriteReport(out).page;
    if (!globals.json) std::cout << "report: " << page << std::endl;
    return true;
  } catch (const Error& error) {
    std::cerr << "grove: no report: " << error.what() << std::endl;
    return false;
  }
}

int Run(const RunOptions& options, const GlobalOptions& globals) {
  // Everything that can be wrong is looked at before anything is written.
  const RunList all = ReadRuns(options.choice, globals);
  const std::vector<Job> runs = SelectRuns(all.runs, options.choice.only);
  CheckGemm(runs);
  const RunFolder folder(options.out, all.runs);
  const int threads = Threads(options);
  if (options.dry_run) {
    PrintDryRun(all, runs, folder, threads, globals.json);
    return 0;
  }

  sched::StopOnSignal signals;
  bool reported = true;
  const BatchCounts counts =
      RunBatch(runs, folder, {threads, globals.quiet, !globals.json}, signals.stop(),
               [&] { reported = Report(options.out, globals); });
  PrintCounts(counts, options.out, globals.json);
  if (signals.signal() != 0 && counts.stopped > 0) {
    std::cerr << "grove: stopped; the same command goes on from here" << std::endl;
    return 128 + signals.signal();
  }
  return counts.failed + counts.diverged > 0 || !reported ? kExitFailed : 0;
}

}  // namespace

void AddRunCommand(CLI::App& app, GlobalOptions& globals) {
  auto options = std::make_shared<RunOptions>();
  CLI::App* command = app.add_subcommand("run", "Run experiments; what is done is skipped");
  AddRunChoice(*command, options->choice);
  command->add_option("--out", options->out, "Folder of the results")->required();
  command->add_option("--threads", options->threads, "Runs at a time (default: all cores)")
      ->check(CLI::Range(1, 1024));
  command->add_flag("--dry-run", options->dry_run, "List the runs, write nothing");
  command->callback([options, &globals] {
    globals.command = [options, &globals] { return Run(*options, globals); };
  });
}

}  // namespace grove
