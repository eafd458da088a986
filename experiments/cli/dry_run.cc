#include "experiments/cli/dry_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iostream>
#include <map>
#include <set>
#include <unordered_map>

#include "engine/error.h"
#include "experiments/cli/forecast_view.h"
#include "experiments/plan/forecast.h"
#include "experiments/plan/predictor.h"
#include "experiments/runs/run_folder.h"
#include "experiments/runs/store.h"
#include "sched/progress.h"

namespace grove {
namespace {

using Json = nlohmann::ordered_json;
using sched::FormatDuration;

constexpr double kSecondsPerHour = 3600;
constexpr size_t kMaxShares = 40;  // more points than these are summed up by file

// A chosen run as it stands.
struct Standing {
  const Job* job = nullptr;
  std::string status;     // pending, interrupted, or that of its record
  bool is_final = false;  // it needs no more work
  bool counts = false;    // it is one of those that the forecast is about
  Prediction prediction;
};

// Some of the chosen runs: all of them, those of a file, or those of a point.
struct Share {
  std::string label;
  size_t runs = 0;              // not in shares before
  std::set<std::string> above;  // keys of those that are
  size_t done = 0;
  std::vector<const Job*> jobs;         // that the forecast is about
  std::vector<Prediction> predictions;  // by job

  void Add(const Standing& run) {
    ++runs;
    done += run.is_final;
    if (!run.counts) return;
    jobs.push_back(run.job);
    predictions.push_back(run.prediction);
  }
};

Cluster ClusterOf(const DryRunOptions& options, int cores) {
  return {cores, std::max(options.nodes, 1), options.mtbf_hours * kSecondsPerHour,
          options.state_every, Cluster().restart};
}

std::string CountRuns(size_t count) {
  return fmt::format("{} run{}", count, count == 1 ? "" : "s");
}

Predictor MakePredictor(const Store& store, const std::vector<std::string>& more_folders) {
  std::vector<MeasuredRun> measured = MeasuredRuns(store);
  for (const std::string& folder : more_folders) {
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
  const Predictor predictor = MakePredictor(store, options.from);
  std::vector<Standing> runs;
  runs.reserve(chosen.size());
  Prediction predicted;
  for (const Job& job : chosen) {
    if (runs.empty() || !SameButSeed(job, *runs.back().job)) {
      predicted = predictor.Predict(job.run, job.data);
    }
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
    run.is_final = IsFinal(record->status);
    run.counts = run.is_final == options.measured;
    if (!options.measured || !run.is_final) continue;
    run.prediction = {record->seconds, static_cast<double>(record->epochs), Basis::kMeasured, 1,
                      Uncertainty{}};
  }
  return runs;
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
    text += fmt::format("{}{} ({})", text.empty() ? "" : "; ",
                        Describe(basis, use.fewest, use.most), CountRuns(use.planned));
  }
  return text;
}

// A share a point of the sweeps, or a file if there are too many points.
std::vector<Share> SharesOf(const RunList& all, const std::vector<Standing>& runs) {
  std::unordered_map<std::string, const Standing*> by_key;
  for (const Standing& run : runs) by_key.emplace(run.job->key, &run);
  const bool by_file = all.groups.size() > kMaxShares;
  std::vector<Share> shares;
  std::vector<size_t> share_of;  // by group
  for (size_t g = 0; g < all.groups.size(); ++g) {
    const RunGroup& group = all.groups[g];
    const bool same_file =
        g > 0 && all.groups[g - 1].name == group.name && all.groups[g - 1].sweep == group.sweep;
    if (!by_file || !same_file) {
      const bool has_point = !by_file && !group.point.empty();
      shares.emplace_back().label = group.name + (has_point ? ": " + group.point : "");
    }
    share_of.push_back(shares.size() - 1);
    for (const std::string& key : group.keys) {
      const auto run = by_key.find(key);
      if (run == by_key.end()) continue;
      const size_t first = all.group_of.at(key);
      if (first == g) {
        shares.back().Add(*run->second);
      } else if (share_of[first] != share_of[g]) {
        shares.back().above.insert(key);
      }
    }
  }
  return shares;
}

// "l2: l2 = 0: 45 runs, about 5m". Runs that are not chosen do not count.
void PrintShares(const RunList& all, const std::vector<Standing>& runs, const Cluster& cluster) {
  for (const Share& share : SharesOf(all, runs)) {
    if (share.runs == 0 && share.above.empty()) continue;
    std::cout << share.label << ": " << CountRuns(share.runs);
    if (!share.above.empty()) std::cout << " and " << share.above.size() << " of lines above";
    if (share.done > 0) std::cout << ", " << share.runs - share.done << " to do";
    if (!share.jobs.empty()) {
      const CorePlan plan = PlanCores(MakeWorkload(share.jobs, share.predictions), cluster);
      std::cout << ", about " << FormatDuration(plan.seconds);
    }
    std::cout << "\n";
  }
}

void PrintList(const std::vector<Standing>& runs) {
  for (const Standing& run : runs) {
    std::cout << run.job->key << "  " << run.job->Label() << "  " << run.status;
    if (!run.is_final) std::cout << ", about " << FormatDuration(run.prediction.seconds);
    std::cout << "\n";
  }
}

// A row of cores each.
struct Forecast {
  std::vector<CorePlan> rows;
  LongestRun longest;
};

Forecast MakeForecast(const Share& all, const DryRunOptions& options) {
  Forecast forecast;
  const Workload workload = MakeWorkload(all.jobs, all.predictions);
  std::optional<ForecastView> view;
  if (options.list) view.emplace(options.cores.size() + 1);
  for (size_t row = 0; row < options.cores.size(); ++row) {
    forecast.rows.push_back(
        PlanCores(workload, ClusterOf(options, options.cores[row]), [&view, row](double share) {
          if (view) view->Show(row, share);
        }));
  }
  if (!all.jobs.empty()) forecast.longest = FindLongestRun(workload);
  return forecast;
}

// What the rows take for granted.
void PrintCluster(const Cluster& cluster) {
  if (cluster.nodes > 1) {
    std::cout << cluster.nodes << " nodes share the runs; cores and memory are those of a node\n";
  }
  if (cluster.mtbf == 0) return;
  std::cout << fmt::format(
      "a node fails every {:.4g} h in the mean, is back after {:.0f} s, makes its datasets again, "
      "and goes on from states of every {:.4g} s\n",
      cluster.mtbf / kSecondsPerHour, cluster.restart, cluster.state_every);
}

// "the last to end: on 16 cores exp1 d9 rlstm s3, from 52s on": between draws it would differ.
void PrintLast(const Share& all, const DryRunOptions& options, const std::vector<CorePlan>& rows) {
  std::cout << "the last to end:";
  for (size_t r = 0; r < rows.size(); ++r) {
    const LastRun& last = rows[r].last;
    std::cout << fmt::format("{} on {} core{} {}, from {} on", r == 0 ? "" : ";", options.cores[r],
                             options.cores[r] == 1 ? "" : "s", all.jobs[last.run]->Label(),
                             FormatDuration(last.begin));
  }
  std::cout << "\n";
}

void PrintForecast(const Share& all, const DryRunOptions& options) {
  std::cout << all.runs << " runs, " << all.done << " done, " << all.runs - all.done << " to do\n";
  if (all.jobs.empty()) {
    std::cout << "--measured says what these would take on other numbers of cores\n";
    return;
  }
  const Forecast forecast = MakeForecast(all, options);
  PrintCluster(ClusterOf(options, 1));
  std::cout
      << "cores      time         5 % to 95 %     bound     idle     lost  speed-up     memory\n";
  const bool certain = options.measured && options.mtbf_hours == 0;
  for (size_t r = 0; r < forecast.rows.size(); ++r) {
    const CorePlan& row = forecast.rows[r];
    const std::string interval =
        certain ? "-" : FormatDuration(row.low) + " to " + FormatDuration(row.high);
    std::cout << fmt::format(
        "{:5}  {:>8}  {:>18}  {:>8}  {:5.1f} %  {:5.2f} %  {:8.1f}  {:6.0f} MB\n", options.cores[r],
        FormatDuration(row.seconds), interval, FormatDuration(row.bound), 100 * row.idle,
        100 * row.lost, row.speedup, static_cast<double>(row.bytes) / 1e6);
  }
  if (certain) PrintLast(all, options, forecast.rows);
  const LongestRun& longest = forecast.longest;
  std::cout << fmt::format("longest run: {}, {}; more than {} core{} at most 5 %\n",
                           all.jobs[longest.run]->Label(), FormatDuration(longest.seconds),
                           longest.useful_cores, longest.useful_cores == 1 ? " gains" : "s gain")
            << "times from: " << DescribeBases(all.predictions) << "\n";
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

Json RowJson(const Share& all, const Cluster& cluster, const CorePlan& row) {
  Json json = {{"cores", cluster.cores},     {"nodes", cluster.nodes},
               {"seconds", row.seconds},     {"interval", {row.low, row.high}},
               {"bound_seconds", row.bound}, {"core_seconds", row.core_seconds},
               {"balance", row.balance},     {"idle", row.idle},
               {"lost", row.lost},           {"failures", row.failures},
               {"speedup", row.speedup},     {"bytes", row.bytes},
               {"busy_seconds", row.busy}};
  if (all.jobs.empty()) return json;
  json["last"] = {{"key", all.jobs[row.last.run]->key}, {"begin", row.last.begin}};
  return json;
}

void PrintJson(const RunList& list, const std::vector<Standing>& runs, const Share& all,
               const DryRunOptions& options) {
  Json json = {{"runs", all.runs}, {"done", all.done}, {"to_do", all.runs - all.done}};
  const Forecast forecast = MakeForecast(all, options);
  if (options.mtbf_hours > 0) {
    const Cluster cluster = ClusterOf(options, 1);
    json["failures"] = {{"mtbf_seconds", cluster.mtbf},
                        {"restart_seconds", cluster.restart},
                        {"state_every_seconds", cluster.state_every}};
  }
  json["cores"] = Json::array();
  for (size_t r = 0; r < forecast.rows.size(); ++r) {
    json["cores"].push_back(RowJson(all, ClusterOf(options, options.cores[r]), forecast.rows[r]));
  }
  if (!all.jobs.empty()) {
    const LongestRun& longest = forecast.longest;
    json["longest"] = {{"key", all.jobs[longest.run]->key}, {"seconds", longest.seconds}};
    json["useful_cores"] = longest.useful_cores;
  }
  if (options.list) {
    json["planned"] = Json::array();
    for (const Standing& run : runs) json["planned"].push_back(RunJson(list, run));
  }
  std::cout << json.dump(1) << "\n";
}

}  // namespace

void PrintDryRun(const RunList& all, const std::vector<Job>& chosen, const DryRunOptions& options) {
  const std::vector<Standing> runs = Stand(chosen, options);
  Share whole;
  for (const Standing& run : runs) whole.Add(run);
  if (options.measured && whole.done == 0) {
    throw Error("--measured: none of the runs is done in " + options.out);
  }
  if (options.json) return PrintJson(all, runs, whole, options);
  if (options.list) PrintList(runs);
  if (all.HasSweeps()) PrintShares(all, runs, ClusterOf(options, options.cores.front()));
  PrintForecast(whole, options);
}

}  // namespace grove
