#include "experiments/plan/forecast.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <numeric>
#include <string>

#include "engine/random.h"
#include "engine/run_spec_json.h"
#include "engine/training/ratio_statistics.h"
#include "experiments/plan/cost_model.h"
#include "experiments/plan/memory_model.h"

namespace grove {
namespace {

constexpr double kTolerance = 0.05;  // of useful_cores

double Sum(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

sched::Simulation Simulate(const Workload& workload, int cores) {
  return sched::SimulateGraph(workload.datasets, workload.jobs, cores);
}

// Standard normal, by Box and Muller (1958).
double Normal(RandomStream& random) {
  const double radius = std::sqrt(-2 * std::log(1 - static_cast<double>(random.NextUniform())));
  return radius * std::cos(2 * std::numbers::pi * static_cast<double>(random.NextUniform()));
}

// The times of the jobs as they might come: log-normal. A run's own deviation leaves its mean as
// given, what runs share has its median there.
void DrawTimes(const Workload& workload, int draw, std::vector<sched::SimulatedJob>& jobs) {
  RandomStream random(/*seed=*/1, Purpose::kPlan, static_cast<uint32_t>(draw));
  const double machine = Normal(random);
  std::vector<double> cells;
  for (size_t j = 0; j < jobs.size(); ++j) {
    while (cells.size() <= workload.cells[j]) cells.push_back(Normal(random));
    const Uncertainty& spread = workload.spreads[j];
    jobs[j].seconds = workload.jobs[j].seconds *
                      std::exp(spread.machine * machine + spread.cell * cells[workload.cells[j]] +
                               spread.run * (Normal(random) - spread.run / 2));
  }
}

// Fewer for plans that are long to simulate: what varies most there is the machine, which all runs
// share.
int Draws(size_t jobs) {
  constexpr size_t kJobs = 10'000;
  if (jobs <= kJobs) return kPlanDraws;
  return std::max(20, static_cast<int>(kPlanDraws * kJobs / jobs));
}

// Of the word vectors that are kept beside the trees.
uint64_t VectorsBytes(const Job& job) {
  if (!job.files) return 0;
  const VectorsFile& vectors = job.files->vectors;
  return static_cast<uint64_t>(vectors.covered) * static_cast<uint64_t>(vectors.width) *
         sizeof(float);
}

uint64_t DataBytes(const Job& job) {
  return DatasetBytes(job.data, TreesPerExample(job.run)) + VectorsBytes(job);
}

uint64_t TrainerBytes(const Job& job) {
  return WorkspaceBytes(job.run, job.data, job.vocabulary, job.files ? job.files->classes : 0);
}

// `held`: when each dataset is.
uint64_t PeakBytes(const Workload& workload, int cores, const std::vector<sched::TimeSpan>& held) {
  uint64_t datasets = 0;
  for (const sched::TimeSpan& moment : held) {  // the sum can only rise where one begins
    uint64_t bytes = 0;
    for (size_t d = 0; d < held.size(); ++d) {
      const bool begins = held[d].begin == moment.begin;
      const bool is_held = held[d].begin < moment.begin && moment.begin < held[d].end;
      if (begins || is_held) bytes += workload.dataset_bytes[d];
    }
    datasets = std::max(datasets, bytes);
  }
  const std::vector<uint64_t>& workspaces = workload.workspace_bytes;
  const uint64_t at_a_time = std::min(static_cast<size_t>(cores), workspaces.size());
  return kProgramBytes + at_a_time * *std::max_element(workspaces.begin(), workspaces.end()) +
         datasets;
}

}  // namespace

Workload MakeWorkload(const std::vector<Job>& runs, const std::vector<Prediction>& predictions) {
  Workload workload;
  std::map<std::string, size_t> datasets, cells;
  for (size_t i = 0; i < runs.size(); ++i) {
    const Job& planned = runs[i];
    workload.spreads.push_back(predictions[i].spread);
    if (i > 0 && SameButSeed(planned, runs[i - 1])) {
      workload.jobs.push_back(workload.jobs.back());
      workload.jobs.back().seconds = predictions[i].seconds;
      workload.workspace_bytes.push_back(workload.workspace_bytes.back());
      workload.cells.push_back(workload.cells.back());
      continue;
    }
    const auto [dataset, is_new] = datasets.emplace(SharedData(planned), workload.datasets.size());
    if (is_new) {
      workload.datasets.push_back({PredictBuildSeconds(planned.data)});
      workload.dataset_bytes.push_back(DataBytes(planned));
    }
    workload.jobs.push_back(
        {PredictSeconds(planned.run, planned.data), predictions[i].seconds, {dataset->second}});
    workload.workspace_bytes.push_back(TrainerBytes(planned));
    workload.cells.push_back(
        cells.emplace(CellOf(planned.run, planned.data), cells.size()).first->second);
  }
  return workload;
}

uint64_t BytesOf(const Job& run) { return TrainerBytes(run) + DataBytes(run); }

CorePlan PlanCores(const Workload& workload, int cores) {
  const sched::Simulation expected = Simulate(workload, cores);
  CorePlan plan;
  plan.cores = cores;
  plan.busy = expected.busy;
  if (workload.jobs.empty()) return plan;
  std::vector<double> seconds, work, balance;
  std::vector<sched::SimulatedJob> jobs = workload.jobs;
  for (int draw = 0; draw < Draws(jobs.size()); ++draw) {
    DrawTimes(workload, draw, jobs);
    const sched::Simulation drawn = sched::SimulateGraph(workload.datasets, jobs, cores);
    seconds.push_back(drawn.seconds);
    work.push_back(Sum(drawn.busy));
    balance.push_back(drawn.seconds > 0 ? work.back() / (cores * drawn.seconds) : 1);
  }
  plan.seconds = Median(seconds);
  plan.low = Quantile(seconds, 0.05);
  plan.high = Quantile(seconds, 0.95);
  plan.core_seconds = Median(work);
  plan.balance = Median(balance);
  plan.speedup = cores * plan.balance;
  plan.bytes = PeakBytes(workload, cores, expected.resources);
  return plan;
}

LongestRun FindLongestRun(const Workload& workload) {
  LongestRun longest;
  for (size_t j = 0; j < workload.jobs.size(); ++j) {
    double seconds = workload.jobs[j].seconds;
    for (size_t d : workload.jobs[j].resources) seconds += workload.datasets[d].seconds;
    if (seconds > longest.seconds) longest = {j, seconds, 1};
  }
  // Fewer cores than the work needs need not be tried; a core for each run and dataset is enough.
  const double most = (1 + kTolerance) * longest.seconds;
  const double work = Sum(Simulate(workload, 1).busy);
  int too_few = most > 0 ? std::max(0, static_cast<int>(work / most) - 1) : 0;
  int enough = static_cast<int>(workload.jobs.size() + workload.datasets.size());
  too_few = std::min(too_few, enough - 1);
  while (enough - too_few > 1) {
    const int cores = too_few + (enough - too_few) / 2;
    (Simulate(workload, cores).seconds > most ? too_few : enough) = cores;
  }
  longest.useful_cores = enough;
  return longest;
}

}  // namespace grove
