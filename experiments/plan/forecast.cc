#include "experiments/plan/forecast.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

#include "engine/random.h"
#include "engine/training/ratio_statistics.h"

namespace grove {
namespace {

constexpr double kTolerance = 0.05;  // of useful_cores

std::vector<double> Seconds(const Workload& workload) {
  std::vector<double> seconds;
  seconds.reserve(workload.jobs.size());
  for (const sched::SimulatedJob& job : workload.jobs) seconds.push_back(job.seconds);
  return seconds;
}

// Standard normal, by Box and Muller (1958).
double Normal(RandomStream& random) {
  const double radius = std::sqrt(-2 * std::log(1 - static_cast<double>(random.NextUniform())));
  return radius * std::cos(2 * std::numbers::pi * static_cast<double>(random.NextUniform()));
}

// The times of the jobs as they might come: log-normal. A run's own deviation leaves its mean as
// given, what runs share has its median there.
void DrawTimes(const Workload& workload, int draw, std::vector<double>& times) {
  RandomStream random(/*seed=*/1, Purpose::kPlan, static_cast<uint32_t>(draw));
  const double machine = Normal(random);
  std::vector<double> cells;
  for (size_t j = 0; j < times.size(); ++j) {
    while (cells.size() <= workload.cells[j]) cells.push_back(Normal(random));
    const Uncertainty& spread = workload.spreads[j];
    times[j] = workload.jobs[j].seconds *
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

// With the making of its datasets.
double SecondsWithData(const Workload& workload, size_t run, double seconds) {
  for (size_t d : workload.jobs[run].resources) seconds += workload.datasets[d].seconds;
  return seconds;
}

// What no order of runs that take `times` can beat.
double Bound(const Workload& workload, const std::vector<double>& times, double work,
             double cores) {
  double bound = work / cores;
  for (size_t run = 0; run < times.size(); ++run) {
    bound = std::max(bound, SecondsWithData(workload, run, times[run]));
  }
  return bound;
}

}  // namespace

CorePlan PlanCores(const Workload& workload, const Cluster& cluster,
                   const ForecastProgress& on_progress) {
  const ClusterSimulator simulator(workload, cluster);
  CorePlan plan;
  ClusterSimulator::Calm calm = simulator.RunCalm();
  plan.busy = std::move(calm.busy);
  plan.last = calm.last;
  plan.bytes = calm.bytes;
  if (workload.jobs.empty()) return plan;
  const auto cores = static_cast<double>(cluster.AllCores());
  std::vector<double> seconds, bound, work, balance, lost, idle, failures;
  std::vector<double> times(workload.jobs.size());
  const int draws = Draws(times.size());
  for (int draw = 0; draw < draws; ++draw) {
    if (on_progress) on_progress(static_cast<double>(draw) / draws);
    DrawTimes(workload, draw, times);
    const ClusterOutcome drawn = simulator.Run(times, draw);
    const double all = cores * drawn.seconds;
    seconds.push_back(drawn.seconds);
    bound.push_back(Bound(workload, times, drawn.work, cores));
    work.push_back(drawn.work);
    balance.push_back(all > 0 ? drawn.work / all : 1);
    lost.push_back(all > 0 ? drawn.lost / all : 0);
    idle.push_back(std::max(0.0, 1 - balance.back() - lost.back()));
    failures.push_back(static_cast<double>(drawn.failures));
  }
  plan.seconds = Median(seconds);
  plan.low = Quantile(seconds, 0.05);
  plan.high = Quantile(seconds, 0.95);
  plan.bound = Median(bound);
  plan.core_seconds = Median(work);
  plan.balance = Median(balance);
  plan.lost = Mean(lost);
  plan.idle = Mean(idle);
  plan.failures = Mean(failures);
  plan.speedup = cores * plan.balance;
  return plan;
}

LongestRun FindLongestRun(const Workload& workload) {
  LongestRun longest;
  for (size_t j = 0; j < workload.jobs.size(); ++j) {
    const double seconds = SecondsWithData(workload, j, workload.jobs[j].seconds);
    if (seconds > longest.seconds) longest = {j, seconds, 1};
  }
  // Fewer cores than the work needs need not be tried; a core for each run and dataset is enough,
  // and so is what makes work / cores fill the tolerance (Graham 1966).
  const double most = (1 + kTolerance) * longest.seconds;
  const sched::Simulator simulator(workload.datasets, workload.jobs);
  const std::vector<double> seconds = Seconds(workload);
  const std::vector<double> busy = simulator.Run(seconds, 1).busy;
  const double work = std::accumulate(busy.begin(), busy.end(), 0.0);
  int too_few = most > 0 ? std::max(0, static_cast<int>(work / most) - 1) : 0;
  int enough = static_cast<int>(workload.jobs.size() + workload.datasets.size());
  const double filled = work / (kTolerance * longest.seconds) + 1;
  if (filled < enough) enough = static_cast<int>(std::ceil(filled));
  too_few = std::min(too_few, enough - 1);
  while (enough - too_few > std::max(1, enough / 100)) {
    const int cores = too_few + (enough - too_few) / 2;
    (simulator.Run(seconds, cores).seconds > most ? too_few : enough) = cores;
  }
  longest.useful_cores = enough;
  return longest;
}

}  // namespace grove
