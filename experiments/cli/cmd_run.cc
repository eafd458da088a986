// grove run: what is not yet done of some experiments, into a folder.
#include <fmt/format.h>

#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "engine/error.h"
#include "experiments/cli/batch_arguments.h"
#include "experiments/cli/batch_counts.h"
#include "experiments/cli/cli.h"
#include "experiments/cli/dry_run.h"
#include "experiments/cli/event_files.h"
#include "experiments/cli/live_page.h"
#include "experiments/cli/run_choice.h"
#include "experiments/cli/run_view.h"
#include "experiments/plan/plan.h"
#include "experiments/plan/run_filter.h"
#include "experiments/plan/shards.h"
#include "experiments/report/report.h"
#include "experiments/runs/batch.h"
#include "experiments/runs/run_folder.h"
#include "sched/cores.h"
#include "sched/stop.h"

namespace grove {
namespace {

struct RunOptions {
  RunChoice choice;
  int threads = 0;   // 0: all cores
  bool pin = false;  // bind them to cores
  bool save_models = false;
  std::string shard;        // "I/N"; empty: all
  std::string tensorboard;  // folder; empty: none
  bool live = false;        // write the report while runs go on
  BatchOptions batch;
  bool dry_run = false;
  DryRunOptions dry;  // of these `out` is that of any run
};

// Options that only a dry run has, and those that it may leave out.
void CheckOptions(const RunOptions& options) {
  const DryRunOptions& dry = options.dry;
  if (options.dry_run) {
    if (dry.measured && dry.out.empty()) {
      throw Error("--measured: needs --out, the folder whose finished runs are meant");
    }
    return;
  }
  if (options.live && !options.shard.empty()) {
    throw Error("--live: not with --shard; the parts would write over each other's page");
  }
  if (dry.out.empty()) throw Error("--out is required, the folder of the results");
  const char* only_dry = GivenDryRunOption(dry);
  if (only_dry != nullptr) throw Error(std::string(only_dry) + ": only with --dry-run");
}

Shard ShardOf(const RunOptions& options) {
  if (options.shard.empty()) return Shard();
  try {
    return ParseShard(options.shard);
  } catch (const Error& error) {
    throw Error(std::string("--shard: ") + error.what());
  }
}

// For so many threads.
std::vector<int> CoresToPin(int threads) {
  std::vector<int> cores = sched::SpreadCores(sched::AllowedCores());
  if (static_cast<size_t>(threads) > cores.size()) {
    throw Error(fmt::format("--pin: {} threads have {} core{}; allowed are 1 to {} (--threads)",
                            threads, cores.size(), cores.size() == 1 ? "" : "s", cores.size()));
  }
  if (!sched::BindThread(cores)) throw Error("--pin: the system lets no thread be bound to cores");
  return cores;
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

void DryRun(RunOptions& options, const RunList& all, const std::vector<Job>& runs,
            const GlobalOptions& globals) {
  if (options.dry.cores.empty()) options.dry.cores = {options.threads};
  options.dry.list = !globals.quiet;
  options.dry.json = globals.json;
  options.dry.state_every = options.batch.states.seconds;
  PrintDryRun(all, runs, options.dry);
}

int Run(RunOptions& options, const GlobalOptions& globals) {
  CheckOptions(options);
  const std::string& out = options.dry.out;
  // Everything that can be wrong is looked at before anything is written.
  RunList all = ReadRuns(options.choice, globals);
  const Shard shard = ShardOf(options);
  const std::vector<Job> runs = RunsOf(SelectRuns(std::move(all.runs), options.choice.only), shard);
  CheckGemm(runs);
  if (options.threads == 0) options.threads = sched::UsableCores();
  if (options.dry_run) {
    DryRun(options, all, runs, globals);
    return 0;
  }
  const RunFolder folder(out, {}, shard);

  BatchOptions& batch = options.batch;
  batch.threads = options.threads;
  if (options.pin) batch.cores = CoresToPin(options.threads);
  batch.watched = true;
  if (options.save_models) {
    batch.model_path = [&folder](const Job& job) { return folder.ModelPath(job.key); };
  }
  RunView view(globals.quiet, /*cells=*/!globals.json);
  BatchWatcher* watcher = &view;
  std::optional<EventFiles> events;
  if (!options.tensorboard.empty()) watcher = &events.emplace(*watcher, options.tensorboard);
  std::optional<LivePage> page;
  if (options.live) watcher = &page.emplace(*watcher, out);
  sched::StopOnSignal signals;
  batch.states.requests = &signals.saves();
  bool reported = true;
  // What all shards have done is reported by who merges them.
  std::function<void()> report;
  if (shard.IsWhole()) {
    report = [&] {
      if (page) page->Stop();
      reported = Report(out, globals);
    };
  }
  const BatchCounts counts = RunBatch(runs, folder, batch, signals.stop(), *watcher, report);
  PrintCounts(counts, out, globals.json);
  if (signals.signal() != 0 && counts.stopped > 0) {
    std::cerr << "grove: stopped; the same command goes on from here" << std::endl;
    return 128 + signals.signal();
  }
  return counts.failed > 0 || !reported ? kExitFailed : 0;
}

}  // namespace

void AddRunCommand(CLI::App& app, GlobalOptions& globals) {
  auto options = std::make_shared<RunOptions>();
  CLI::App* command = app.add_subcommand("run", "Run experiments; what is done is skipped");
  options->choice.AddTo(*command);
  command->add_option("-o,--out", options->dry.out,
                      "Folder of the results; a dry run does without");
  command
      ->add_option("-j,--threads", options->threads,
                   "Runs at a time (default: all cores that may be used)")
      ->check(CLI::Range(1, 1024));
  command->add_flag("--pin", options->pin,
                    "Bind each thread to a core of its own: for a machine, or an allotment of "
                    "cores, that has nothing else to do. Another program there, a second `grove "
                    "run --pin` too, shares some of these cores while others may be idle; so "
                    "threads are free unless this is given");
  command
      ->add_option("--shard", options->shard,
                   "Only part I of N (from 0), with a journal of its own in --out: one process of "
                   "many, on this machine or on others; then `grove merge`")
      ->type_name("I/N");
  AddFailureOptions(*command, options->batch);
  command->add_flag("--save-models", options->save_models,
                    "Keep the model of every finished run in OUT/models/KEY.safetensors");
  command
      ->add_option("--tensorboard", options->tensorboard,
                   "Keep the curves of every run that is trained in this folder, from its first "
                   "epoch on, as TensorBoard's event files (of finished runs: grove report)")
      ->type_name("DIR");
  command->add_flag(
      "--live", options->live,
      "Write the report every few seconds while runs go on, with those that are being "
      "trained; an open page loads itself again");
  command->add_flag(
      "--dry-run", options->dry_run,
      "Only say what would run and how long it would take (--quiet: no list of runs)");
  AddDryRunOptions(*command, options->dry);
  command->callback([options, &globals] {
    globals.command = [options, &globals] { return Run(*options, globals); };
  });
}

}  // namespace grove
