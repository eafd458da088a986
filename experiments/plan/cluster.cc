#include "experiments/plan/cluster.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "engine/error.h"
#include "engine/random.h"
#include "experiments/plan/memory_model.h"
#include "experiments/plan/shards.h"

namespace grove {
namespace {

// Runs by shard, in their order.
std::vector<std::vector<size_t>> Deal(const Workload& workload, int nodes) {
  std::vector<double> costs;
  costs.reserve(workload.jobs.size());
  for (const sched::SimulatedJob& job : workload.jobs) costs.push_back(job.cost);
  const std::vector<int> shard_of = DealCosts(costs, workload.keys, nodes);
  std::vector<std::vector<size_t>> shards(static_cast<size_t>(nodes));
  for (size_t run = 0; run < shard_of.size(); ++run) {
    shards[static_cast<size_t>(shard_of[run])].push_back(run);
  }
  return shards;
}

// In (0, 1]: the middle of one of 2^24 equal parts.
double PositiveUniform(RandomStream& random) {
  return static_cast<double>(random.NextUniform()) + std::ldexp(0.5, -24);
}

}  // namespace

ClusterSimulator::ClusterSimulator(const Workload& workload, const Cluster& cluster)
    : workload_(workload), cluster_(cluster) {
  for (std::vector<size_t>& runs : Deal(workload, cluster.nodes)) {
    shards_.push_back(MakeShard(std::move(runs)));
  }
}

ClusterSimulator::Shard ClusterSimulator::MakeShard(std::vector<size_t> runs) const {
  std::unordered_map<size_t, size_t> place;  // in the shard, by dataset
  std::vector<size_t> datasets;
  std::vector<sched::SimulatedResource> resources;
  std::vector<sched::SimulatedJob> jobs;
  jobs.reserve(runs.size());
  for (const size_t run : runs) {
    for (size_t& dataset : jobs.emplace_back(workload_.jobs[run]).resources) {
      const auto [found, is_new] = place.emplace(dataset, datasets.size());
      if (is_new) {
        datasets.push_back(dataset);
        resources.push_back(workload_.datasets[dataset]);
      }
      dataset = found->second;
    }
  }
  return {std::move(runs), std::move(datasets), sched::Simulator(resources, jobs)};
}

std::vector<double> ClusterSimulator::Times(const Shard& shard,
                                            std::span<const double> seconds) const {
  std::vector<double> times;
  times.reserve(shard.runs.size());
  for (const size_t run : shard.runs) times.push_back(seconds[run]);
  return times;
}

ClusterOutcome ClusterSimulator::Run(std::span<const double> seconds, int draw) const {
  ClusterOutcome outcome;
  for (size_t node = 0; node < shards_.size(); ++node) {
    sched::Breakdowns breakdowns{{}, cluster_.state_every, cluster_.restart};
    if (cluster_.mtbf > 0) {
      RandomStream random(/*seed=*/node, Purpose::kFailures, static_cast<uint32_t>(draw));
      breakdowns.next_uptime = [random, mtbf = cluster_.mtbf]() mutable {
        return -mtbf * std::log(PositiveUniform(random));
      };
    }
    try {
      const sched::Simulation simulation =
          shards_[node].simulator.Run(Times(shards_[node], seconds), cluster_.cores, breakdowns);
      outcome.seconds = std::max(outcome.seconds, simulation.seconds);
      outcome.work = std::accumulate(simulation.busy.begin(), simulation.busy.end(), outcome.work);
      outcome.lost += simulation.lost;
      outcome.failures += simulation.breakdowns;
    } catch (const std::runtime_error& error) {
      throw Error(fmt::format("a mean time between failures of {:.4g} h: {}", cluster_.mtbf / 3600,
                              error.what()));
    }
  }
  return outcome;
}

ClusterSimulator::Calm ClusterSimulator::RunCalm() const {
  Calm calm;
  std::vector<double> seconds;
  seconds.reserve(workload_.jobs.size());
  for (const sched::SimulatedJob& job : workload_.jobs) seconds.push_back(job.seconds);
  for (const Shard& shard : shards_) {
    const sched::Simulation simulation = shard.simulator.Run(Times(shard, seconds), cluster_.cores);
    calm.busy.insert(calm.busy.end(), simulation.busy.begin(), simulation.busy.end());
    for (size_t j = 0; j < shard.runs.size(); ++j) {
      const auto [begin, end] = simulation.jobs[j];
      if (end > calm.last.end) calm.last = {shard.runs[j], begin, end};
    }
    calm.bytes = std::max(calm.bytes, PeakBytes(shard, simulation));
  }
  return calm;
}

uint64_t ClusterSimulator::PeakBytes(const Shard& shard, const sched::Simulation& calm) const {
  if (shard.runs.empty()) return 0;
  // What ends makes room for what begins at the same moment, unless it also began then.
  enum Change : uint8_t { kRelease, kHold, kReleaseAtOnce };
  std::vector<std::tuple<double, Change, size_t>> changes;
  for (size_t d = 0; d < shard.datasets.size(); ++d) {
    const auto [begin, end] = calm.resources[d];
    changes.emplace_back(begin, kHold, shard.datasets[d]);
    changes.emplace_back(end, begin < end ? kRelease : kReleaseAtOnce, shard.datasets[d]);
  }
  std::sort(changes.begin(), changes.end());
  uint64_t held = 0, peak = 0;
  for (const auto& [moment, change, dataset] : changes) {
    const uint64_t bytes = workload_.dataset_bytes[dataset];
    held = change == kHold ? held + bytes : held - bytes;
    peak = std::max(peak, held);
  }
  uint64_t workspace = 0;
  for (const size_t run : shard.runs) {
    workspace = std::max(workspace, workload_.workspace_bytes[run]);
  }
  const uint64_t at_a_time = std::min(static_cast<size_t>(cluster_.cores), shard.runs.size());
  return kProgramBytes + at_a_time * workspace + peak;
}

}  // namespace grove
