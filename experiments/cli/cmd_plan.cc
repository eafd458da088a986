// grove plan: how long experiments would take on so many cores, and what the cores would do.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <thread>

#include "engine/error.h"
#include "experiments/cli/cli.h"
#include "experiments/cli/run_choice.h"
#include "experiments/plan/forecast.h"
#include "experiments/plan/predictor.h"
#include "experiments/plan/run_filter.h"
#include "experiments/runs/batch.h"
#include "experiments/runs/measured_runs.h"
#include "experiments/runs/run_folder.h"
#include "sched/progress.h"

namespace grove {
namespace {

using Json = nlohmann::ordered_json;

struct PlanOptions {
  RunChoice choice;
  std::vector<int> cores;  // empty: those of this machine
  std::string out;         // empty: no run is done
  std::vector<std::string> from;
  bool measured = false;
};

// What is planned: the runs that are to do, or with --measured those that are done.
struct Planned {
  RunList all;
  size_t chosen = 0;
  size_t done = 0;
  std::vector<Job> runs;
  std::vector<Prediction> predictions;  // by run
};

Predictor MakePredictor(const PlanOptions& options) {
  std::vector<MeasuredRun> measured;
  if (!options.out.empty()) measured = ReadMeasuredRuns(options.out);
  for (const std::string& folder : options.from) {
    if (!std::filesystem::exists(folder + "/manifest.json")) {
      throw Error("--from " + folder + ": not a folder of runs (no manifest.json)");
    }
    const std::vector<MeasuredRun> more = ReadMeasuredRuns(folder);
    measured.insert(measured.end(), more.begin(), more.end());
  }
  return Predictor(measured);
}

Planned MakePlan(const PlanOptions& options, const GlobalOptions& globals) {
  Planned plan;
  plan.all = ReadRuns(options.choice, globals);
  const std::vector<Job> chosen = SelectRuns(plan.all.runs, options.choice.only);
  RecordsByKey records;
  if (!options.out.empty()) {
    records = ReadRecords(RunFolder(options.out, plan.all.runs).directory());
  }
  const Predictor predictor = MakePredictor(options);
  plan.chosen = chosen.size();
  for (const Job& planned : chosen) {
    const auto record = records.find(planned.key);
    const bool done = record != records.end() && IsFinal(record->second);
    plan.done += done;
    if (done != options.measured) continue;
    plan.runs.push_back(planned);
    plan.predictions.push_back(predictor.Predict(planned.run, planned.data));
    if (done) {
      plan.predictions.back() = {record->second.seconds, static_cast<double>(record->second.epochs),
                                 Basis::kMeasured, 1, Spread{}};
    }
  }
  if (options.measured && plan.done == 0) {
    throw Error("--measured: none of the runs is done in " + options.out);
  }
  return plan;
}

// "the cost model alone (150 runs)", and so on for each basis that there is.
std::string DescribeBases(const std::vector<Prediction>& predictions) {
  struct Use {
    size_t planned = 0, fewest = SIZE_MAX, most = 0;
  };
  std::map<Basis, Use> uses;
  for (const Prediction& prediction : predictions) {
    Use& use = uses[prediction.basis];
    ++use.planned;
    use.fewest = std::min(use.fewest, prediction.runs);
    use.most = std::max(use.most, prediction.runs);
  }
  std::string text;
  for (const auto& [basis, use] : uses) {
    if (!text.empty()) text += "; ";
    text += Describe(basis, use.fewest, use.most) + " (" + std::to_string(use.planned) +
            (use.planned == 1 ? " run)" : " runs)");
  }
  return text;
}

void PrintRow(const CorePlan& row, bool measured) {
  const std::string interval =
      measured ? "-" : sched::FormatDuration(row.low) + " to " + sched::FormatDuration(row.high);
  char line[128];
  std::snprintf(line, sizeof(line), "%5d  %8s  %18s  %5.0f %%  %8.1f  %6.0f MB\n", row.cores,
                sched::FormatDuration(row.seconds).c_str(), interval.c_str(), 100 * row.balance,
                row.speedup, static_cast<double>(row.bytes) / 1e6);
  std::cout << line;
}

void PrintTable(const Planned& plan, const std::vector<CorePlan>& rows, const Workload& workload,
                bool measured) {
  std::cout << plan.chosen << " runs, " << plan.done << " done, " << plan.chosen - plan.done
            << " to do\n";
  if (plan.runs.empty()) {
    std::cout << "--measured says what these would take on other numbers of cores\n";
    return;
  }
  std::cout << "cores      time         5 % to 95 %  balance  speed-up     memory\n";
  for (const CorePlan& row : rows) PrintRow(row, measured);
  const LongestRun longest = FindLongestRun(workload);
  std::cout << "longest run: " << plan.runs[longest.run].Label() << ", "
            << sched::FormatDuration(longest.seconds) << "; more than " << longest.useful_cores
            << (longest.useful_cores == 1 ? " core gains" : " cores gain") << " at most 5 %\n"
            << "times from: " << DescribeBases(plan.predictions) << std::endl;
}

Json RowJson(const CorePlan& row) {
  return {{"cores", row.cores},
          {"seconds", row.seconds},
          {"interval", {row.low, row.high}},
          {"core_seconds", row.core_seconds},
          {"balance", row.balance},
          {"speedup", row.speedup},
          {"bytes", row.bytes},
          {"busy_seconds", row.busy}};
}

void PrintJson(const Planned& plan, const std::vector<CorePlan>& rows, const Workload& workload) {
  Json json = {{"runs", plan.chosen}, {"done", plan.done}, {"to_do", plan.chosen - plan.done}};
  json["cores"] = Json::array();
  for (const CorePlan& row : rows) json["cores"].push_back(RowJson(row));
  if (!plan.runs.empty()) {
    const LongestRun longest = FindLongestRun(workload);
    json["longest"] = {{"key", plan.runs[longest.run].key}, {"seconds", longest.seconds}};
    json["useful_cores"] = longest.useful_cores;
  }
  json["planned"] = Json::array();
  for (size_t i = 0; i < plan.runs.size(); ++i) {
    const Prediction& prediction = plan.predictions[i];
    const RunGroup& group = plan.all.groups[plan.all.group_of.at(plan.runs[i].key)];
    json["planned"].push_back(
        {{"key", plan.runs[i].key},
         {"label", plan.runs[i].Label()},
         {"sweep", group.sweep ? group.name : ""},
         {"point", group.point},
         {"seconds", prediction.seconds},
         {"epochs", prediction.epochs},
         {"from", Describe(prediction.basis, prediction.runs, prediction.runs)}});
  }
  std::cout << json.dump(1) << std::endl;
}

int Plan(const PlanOptions& options, const GlobalOptions& globals) {
  const Planned plan = MakePlan(options, globals);
  const Workload workload = MakeWorkload(plan.runs, plan.predictions);
  std::vector<int> cores = options.cores;
  if (cores.empty()) cores = {std::max(1, static_cast<int>(std::thread::hardware_concurrency()))};
  std::vector<CorePlan> rows;
  for (const int n : cores) rows.push_back(PlanCores(workload, n));
  if (globals.json) {
    PrintJson(plan, rows, workload);
  } else {
    PrintTable(plan, rows, workload, options.measured);
  }
  return 0;
}

}  // namespace

void AddPlanCommand(CLI::App& app, GlobalOptions& globals) {
  auto options = std::make_shared<PlanOptions>();
  CLI::App* command =
      app.add_subcommand("plan", "Foretell the time, load and memory of experiments; runs nothing");
  AddRunChoice(*command, options->choice);
  command
      ->add_option("--cores", options->cores,
                   "Numbers of cores, a row each: 1,2,16 (default: all of this machine)")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::Range(1, 1024));
  CLI::Option* out = command->add_option(
      "--out", options->out, "Folder of grove run: what is done there is left out and learnt from");
  command
      ->add_option("--from", options->from,
                   "Learn from the finished runs of this folder too; again for more")
      ->allow_extra_args(false);
  command
      ->add_flag("--measured", options->measured,
                 "Plan the runs that are done in --out instead, with the times they took")
      ->needs(out);
  command->callback([options, &globals] {
    globals.command = [options, &globals] { return Plan(*options, globals); };
  });
}

}  // namespace grove
