// grove slurm: scripts that train experiments on a cluster with Slurm, a shard a task.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "engine/error.h"
#include "engine/files/files.h"
#include "engine/files/folders.h"
#include "engine/text.h"
#include "experiments/cli/batch_arguments.h"
#include "experiments/cli/cli.h"
#include "experiments/cli/run_choice.h"
#include "experiments/cli/shell.h"
#include "experiments/cli/slurm_scripts.h"
#include "experiments/plan/cost_model.h"
#include "experiments/plan/run_filter.h"
#include "experiments/plan/shard_forecast.h"
#include "experiments/plan/shards.h"
#include "experiments/report/template.h"
#include "experiments/runs/run_folder.h"
#include "sched/progress.h"

namespace grove {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using sched::FormatDuration;

constexpr int kUsualMaxArraySize = 1001;  // Slurm's own default

struct SlurmOptions {
  RunChoice choice;
  std::string out;
  std::string shards = "auto";
  int threads = 1;
  int max_array_size = 0;  // 0: that of the cluster
  bool own_requeue = false;
  bool submit = false;
  std::string partition, account;
  std::vector<std::string> sbatch_args;
  bool save_models = false;
  // Only checked here: `grove run` gets them as they were given.
  BatchOptions batch;
  std::vector<std::string> for_failures;
};

// What is written, and what of it people are told.
struct Cluster {
  SlurmJobs jobs;
  std::vector<ShardForecast> shards;

  double Longest() const { return Extremes().second->seconds; }
  double Shortest() const { return Extremes().first->seconds; }
  uint64_t Bytes() const {
    uint64_t most = 0;
    for (const ShardForecast& shard : shards) most = std::max(most, shard.bytes);
    return most;
  }

 private:
  using Iterator = std::vector<ShardForecast>::const_iterator;
  std::pair<Iterator, Iterator> Extremes() const {
    return std::minmax_element(
        shards.begin(), shards.end(),
        [](const ShardForecast& a, const ShardForecast& b) { return a.seconds < b.seconds; });
  }
};

std::string Absolute(const std::string& path) {
  std::error_code error;
  const fs::path absolute = fs::absolute(path, error).lexically_normal();
  if (error) throw Error(path + ": " + error.message());
  const std::string text = absolute.string();
  return text.size() > 1 && text.back() == '/' ? text.substr(0, text.size() - 1) : text;
}

// The number of shards that --shards says, or -1 for auto.
int ParseShards(const std::string& text, size_t runs) {
  if (text == "auto") return -1;
  const int most = static_cast<int>(std::min<size_t>(runs, kMaxShards));
  int count = 0;
  const auto [stop, code] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (code != std::errc() || stop != text.data() + text.size() || count < 1 || count > most) {
    throw Error(
        fmt::format("--shards {}: allowed are auto and 1 to {}, the number of runs", text, most));
  }
  return count;
}

int FindMaxArraySize(int given) {
  if (given > 0) return given;
  const ShellResult config = RunInShell("scontrol show config 2>/dev/null");
  const size_t name = config.out.find("\nMaxArraySize");
  if (config.exit_code != 0 || name == std::string::npos) return kUsualMaxArraySize;
  const size_t number = config.out.find_first_of("0123456789", name);
  int size = 0;
  std::from_chars(config.out.data() + number, config.out.data() + config.out.size(), size);
  return size > 0 ? size : kUsualMaxArraySize;
}

void AddOption(const std::string& name, const std::string& value, std::vector<std::string>& words) {
  if (value.empty()) return;
  words.push_back(name);
  words.push_back(value);
}

// The words of `grove run` that say what to run, and how.
void SetArguments(const SlurmOptions& options, const GlobalOptions& globals, SlurmJobs& jobs) {
  AddOption("--target", globals.target, jobs.settings);
  AddOption("--gemm", globals.gemm, jobs.settings);
  AddOption("--seeds", options.choice.seeds, jobs.settings);
  jobs.choice = jobs.settings;
  for (const std::string& clause : options.choice.only) AddOption("--only", clause, jobs.choice);
  jobs.options = jobs.choice;
  if (options.save_models) jobs.options.emplace_back("--save-models");
  jobs.options.insert(jobs.options.end(), options.for_failures.begin(), options.for_failures.end());
}

void SetSbatchOptions(const SlurmOptions& options, SlurmJobs& jobs) {
  if (!options.partition.empty()) jobs.sbatch.push_back("--partition=" + options.partition);
  if (!options.account.empty()) jobs.sbatch.push_back("--account=" + options.account);
  for (const std::string& text : options.sbatch_args) {
    if (text.find('\n') != std::string::npos || !text.starts_with('-')) {
      throw Error("--sbatch-arg '" + text + "': must be one line that begins with -");
    }
    jobs.sbatch.push_back(text);
  }
}

const Job& CheapestRun(const std::vector<Job>& runs) {
  std::vector<double> seconds;
  for (const Job& run : runs) seconds.push_back(PredictSeconds(run.run, run.data));
  return runs[static_cast<size_t>(std::min_element(seconds.begin(), seconds.end()) -
                                  seconds.begin())];
}

Cluster PlanCluster(const SlurmOptions& options, const GlobalOptions& globals) {
  const std::vector<Job> runs =
      SelectRuns(ReadRuns(options.choice, globals).runs, options.choice.only);
  Cluster cluster;
  SlurmJobs& jobs = cluster.jobs;
  const int given = ParseShards(options.shards, runs.size());
  jobs.shards = given > 0 ? given : ChooseShards(runs, options.threads);
  cluster.shards = ForecastShards(runs, jobs.shards, options.threads);
  jobs.runs = runs.size();
  jobs.grove = fs::read_symlink("/proc/self/exe").string();
  jobs.out = Absolute(options.out);
  jobs.folder = jobs.out + "/slurm";
  for (const std::string& spec : options.choice.specs) jobs.specs.push_back(Absolute(spec));
  SetArguments(options, globals, jobs);
  SetSbatchOptions(options, jobs);
  jobs.openblas = std::any_of(runs.begin(), runs.end(),
                              [](const Job& run) { return run.run.gemm == "openblas"; });
  const Job& cheapest = CheapestRun(runs);
  jobs.cheapest = cheapest.key;
  jobs.cheapest_label = cheapest.Label();
  jobs.threads = options.threads;
  jobs.minutes = MinutesToAskFor(cluster.Longest());
  jobs.megabytes = MegabytesToAskFor(cluster.Bytes());
  jobs.max_array_size = FindMaxArraySize(options.max_array_size);
  jobs.own_requeue = options.own_requeue;
  return cluster;
}

void WriteScripts(const SlurmJobs& jobs) {
  const std::vector<Script> scripts = SlurmScripts(jobs);
  const RunFolder folder(jobs.out);
  folder.Create();
  MakeFolders(jobs.folder);
  for (const Script& script : scripts) {
    WriteFileAtomically(jobs.folder + "/" + script.name, script.text);
  }
}

// Nothing if the shards take as long as they should.
std::string Warning(const Cluster& cluster, bool chosen_by_us) {
  const auto most = static_cast<int>(cluster.jobs.runs);
  if (cluster.Longest() > kLongShard && cluster.jobs.shards < most) {
    return fmt::format("the longest shard takes about {}; more shards than {} wait less",
                       FormatDuration(cluster.Longest()), cluster.jobs.shards);
  }
  if (!chosen_by_us && cluster.Shortest() < kShortShard && cluster.jobs.shards > 1) {
    return fmt::format(
        "the shortest shard takes about {}; fewer shards than {} spend less of it "
        "on starting",
        FormatDuration(cluster.Shortest()), cluster.jobs.shards);
  }
  return "";
}

// Of the lines "...: job ID" that submit.sh prints: the ids.
std::vector<std::string> JobIds(const std::string& said) {
  std::vector<std::string> ids;
  constexpr std::string_view kJob = ": job ";
  for (size_t at = said.find(kJob); at != std::string::npos; at = said.find(kJob, at + 1)) {
    const size_t begin = at + kJob.size();
    ids.push_back(said.substr(begin, said.find('\n', begin) - begin));
  }
  return ids;
}

void PrintText(const Cluster& cluster) {
  const SlurmJobs& jobs = cluster.jobs;
  std::cout << fmt::format(
      "{} run{} in {} shard{} of {} to {} each, {} thread{}\n"
      "asked for each shard: {} min, {} MB\n",
      jobs.runs, jobs.runs == 1 ? "" : "s", jobs.shards, jobs.shards == 1 ? "" : "s",
      FormatDuration(cluster.Shortest()), FormatDuration(cluster.Longest()), jobs.threads,
      jobs.threads == 1 ? "" : "s", jobs.minutes, jobs.megabytes);
}

void PrintJson(const Cluster& cluster, const std::string& warning, const std::string* submitted) {
  const SlurmJobs& jobs = cluster.jobs;
  Json json = {{"out", EscapeBytes(jobs.out)},
               {"runs", jobs.runs},
               {"shards", jobs.shards},
               {"threads", jobs.threads},
               {"shortest_seconds", cluster.Shortest()},
               {"longest_seconds", cluster.Longest()},
               {"bytes", cluster.Bytes()},
               {"minutes", jobs.minutes},
               {"megabytes", jobs.megabytes},
               {"max_array_size", jobs.max_array_size},
               {"warning", warning},
               {"submit", EscapeBytes(jobs.folder + "/submit.sh")}};
  if (submitted != nullptr) json["jobs"] = JobIds(*submitted);
  std::cout << json.dump(1) << "\n";
}

int Slurm(const SlurmOptions& options, const GlobalOptions& globals) {
  const Cluster cluster = PlanCluster(options, globals);
  WriteScripts(cluster.jobs);
  const std::string warning = Warning(cluster, options.shards == "auto");
  if (!warning.empty()) std::cerr << "grove: " << warning << std::endl;
  if (!globals.json) PrintText(cluster);
  const std::string command = "bash " + QuoteForShell(cluster.jobs.folder + "/submit.sh");
  if (!options.submit) {
    if (globals.json) {
      PrintJson(cluster, warning, nullptr);
    } else {
      std::cout << "to submit: " << command << "\n";
    }
    return 0;
  }
  const ShellResult submitted = RunInShell(command);
  if (submitted.exit_code != 0) {
    std::cerr << "grove: nothing is submitted: " << command << " ended with exit code "
              << submitted.exit_code << std::endl;
    return kExitFailed;
  }
  if (globals.json) {
    PrintJson(cluster, warning, &submitted.out);
  } else {
    std::cout << submitted.out;
  }
  return 0;
}

}  // namespace

void AddSlurmCommand(CLI::App& app, GlobalOptions& globals) {
  auto options = std::make_shared<SlurmOptions>();
  CLI::App* command = app.add_subcommand(
      "slurm", "Write scripts that train experiments on a cluster with Slurm, a shard a task");
  options->choice.AddTo(*command);
  command->add_option("-o,--out", options->out, "Folder of the results, on a shared file system")
      ->required();
  command->add_option("--shards", options->shards,
                      "Tasks to deal the runs to; auto: so many that each takes about 30 min");
  command
      ->add_option("-j,--threads", options->threads,
                   "Runs at a time, and cores, of each task; one core finds its place soonest")
      ->check(CLI::Range(1, 1024));
  command->add_flag("--submit", options->submit, "Submit at once");
  command->add_flag("--own-requeue", options->own_requeue,
                    "A task that is told to stop, because its time ends or another job takes its "
                    "place, queues itself again: for clusters that only cancel it");
  command->add_option("--partition", options->partition, "Partition of all jobs");
  command->add_option("--account", options->account, "Account of all jobs");
  command
      ->add_option("--sbatch-arg", options->sbatch_args,
                   "Option of sbatch for all jobs, with its value: --sbatch-arg=--qos=low; again "
                   "for more; beats ours, such as --time and --mem")
      ->allow_extra_args(false);
  command
      ->add_option("--max-array-size", options->max_array_size,
                   "Most tasks of a job array; more shards are several arrays (default: "
                   "MaxArraySize of the cluster, or 1001)")
      ->check(CLI::Range(1, 4000001));
  command->add_flag("--save-models", options->save_models,
                    "Keep the model of every finished run in OUT/models/KEY.safetensors");
  AddFailureOptions(*command, options->batch);
  command->footer(fmt::format(
      "Writes OUT/slurm/: smoke.sbatch, which trains the cheapest run on a node; array.sbatch, "
      "the\n"
      "shards, after it; finish.sbatch, which merges and reports, after them; submit.sh submits "
      "all.\n"
      "Asked for each shard: {:g} times the time that the cost model expects of the longest, and "
      "the\n"
      "{} s before its end at which the program is told to stop; {:g} times the memory that is\n"
      "expected, and 256 MB.",
      kTimeMargin, kWarningSeconds, kMemoryMargin));
  command->callback([options, command, &globals] {
    options->for_failures = GivenFailureOptions(*command);
    globals.command = [options, &globals] { return Slurm(*options, globals); };
  });
}

}  // namespace grove
