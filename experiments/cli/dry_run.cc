#include "experiments/cli/dry_run.h"

#include <cstdio>
#include <iostream>

#include "engine/error.h"
#include "experiments/cli/dry_run_forecast.h"
#include "experiments/runs/batch.h"
#include "experiments/runs/run_folder.h"
#include "experiments/runs/store.h"
#include "sched/progress.h"

namespace grove {
namespace {

using Json = nlohmann::ordered_json;

Predictor MakePredictor(const DryRunOptions& options) {
  std::vector<MeasuredRun> measured;
  if (!options.out.empty()) measured = MeasuredRuns(ReadRunFolder(options.out));
  for (const std::string& folder : options.from) {
    const std::vector<MeasuredRun> more = MeasuredRuns(ReadStore(folder));
    measured.insert(measured.end(), more.begin(), more.end());
  }
  return Predictor(measured);
}

std::vector<Standing> Stand(const std::vector<Job>& chosen, const DryRunOptions& options) {
  Store store;
  std::optional<RunFolder> folder;
  if (!options.out.empty()) {
    folder.emplace(options.out);
    store = ReadRunFolder(options.out);
  }
  const Predictor predictor = MakePredictor(options);
  std::vector<Standing> runs;
  runs.reserve(chosen.size());
  Prediction predicted;
  for (size_t i = 0; i < chosen.size(); ++i) {
    const Job& job = chosen[i];
    if (i == 0 || !SameButSeed(job, chosen[i - 1]))
      predicted = predictor.Predict(job.run, job.data);
    Standing& run = runs.emplace_back();
    run.job = &job;
    run.prediction = predicted;
    const RunRecord* record = store.Find(job.key);
    if (record == nullptr) {
      run.status = folder && folder->HasState(job.key) ? "interrupted" : "pending";
      run.counts = !options.measured;
      continue;
    }
    run.status = record->status;
    run.is_final = IsFinal(*record);
    run.counts = run.is_final == options.measured;
    if (!options.measured || !run.is_final) continue;
    run.prediction = {record->seconds, static_cast<double>(record->epochs), Basis::kMeasured, 1,
                      Uncertainty{}};
  }
  return runs;
}

void PrintList(const std::vector<Standing>& runs) {
  for (const Standing& run : runs) {
    std::cout << run.job->key << "  " << run.job->Label() << "  " << run.status;
    if (!run.is_final) std::cout << ", about " << sched::FormatDuration(run.prediction.seconds);
    std::cout << "\n";
  }
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

void PrintForecast(const Forecast& forecast, const DryRunOptions& options) {
  std::cout << forecast.chosen << " runs, " << forecast.done << " done, "
            << forecast.chosen - forecast.done << " to do\n";
  if (forecast.jobs.empty()) {
    std::cout << "--measured says what these would take on other numbers of cores\n";
    return;
  }
  std::cout << "cores      time         5 % to 95 %  balance  speed-up     memory\n";
  for (const CorePlan& row : forecast.rows) PrintRow(row, options.measured);
  const LongestRun& longest = forecast.longest;
  std::cout << "longest run: " << forecast.jobs[longest.run].Label() << ", "
            << sched::FormatDuration(longest.seconds) << "; more than " << longest.useful_cores
            << (longest.useful_cores == 1 ? " core gains" : " cores gain") << " at most 5 %\n"
            << "times from: " << DescribeBases(forecast.predictions) << "\n";
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

// Times stand where the forecast counts the run.
Json RunJson(const RunList& all, const Standing& run) {
  const Job& job = *run.job;
  const RunGroup& group = all.groups[all.group_of.at(job.key)];
  Json json = {{"key", job.key},
               {"label", job.Label()},
               {"experiment", job.experiment},
               {"dataset", job.dataset},
               {"model", job.run.model},
               {"seed", job.run.seed},
               {"axes", job.axes},
               {"sweep", group.sweep ? group.name : ""},
               {"point", group.point},
               {"status", run.status}};
  if (!run.counts) return json;
  const Prediction& prediction = run.prediction;
  json["seconds"] = prediction.seconds;
  json["epochs"] = prediction.epochs;
  json["from"] = Describe(prediction.basis, prediction.runs, prediction.runs);
  return json;
}

void PrintJson(const RunList& all, const std::vector<Standing>& runs, const Forecast& forecast) {
  Json json = {{"runs", forecast.chosen},
               {"done", forecast.done},
               {"to_do", forecast.chosen - forecast.done}};
  json["cores"] = Json::array();
  for (const CorePlan& row : forecast.rows) json["cores"].push_back(RowJson(row));
  if (!forecast.jobs.empty()) {
    json["longest"] = {{"key", forecast.jobs[forecast.longest.run].key},
                       {"seconds", forecast.longest.seconds}};
    json["useful_cores"] = forecast.longest.useful_cores;
  }
  json["planned"] = Json::array();
  for (const Standing& run : runs) json["planned"].push_back(RunJson(all, run));
  std::cout << json.dump(1) << "\n";
}

}  // namespace

void PrintDryRun(const RunList& all, const std::vector<Job>& chosen, const DryRunOptions& options) {
  const std::vector<Standing> runs = Stand(chosen, options);
  const Forecast forecast = MakeForecast(runs, options.cores);
  if (options.measured && forecast.done == 0) {
    throw Error("--measured: none of the runs is done in " + options.out);
  }
  if (options.json) return PrintJson(all, runs, forecast);
  if (options.list) PrintList(runs);
  if (all.HasSweeps()) PrintShares(all, runs, options.cores.front());
  PrintForecast(forecast, options);
}

}  // namespace grove
