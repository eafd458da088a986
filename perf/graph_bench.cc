// Question: what does the graph of runs cost beside the runs: nanoseconds a job whose work is
// empty, with building and draining the graph. graph/jobs<N>/threads<T>; the time is that of the
// clock. It does not check jobs that take long, journals, nor resources and summaries.
#include <benchmark/benchmark.h>

#include <atomic>
#include <chrono>
#include <string>

#include "sched/run_graph.h"

namespace grove::perf {
namespace {

void EmptyJobs(benchmark::State& state, size_t jobs, int threads) {
  using Clock = std::chrono::steady_clock;
  std::atomic<size_t> done{0};
  sched::GraphSpec spec;
  for (size_t i = 0; i < jobs; ++i) {
    sched::Job job;
    job.key = job.label = std::to_string(i);
    job.work = [&done](const std::atomic<bool>&) {
      done.fetch_add(1, std::memory_order_relaxed);
      return sched::Outcome::kFinished;
    };
    spec.jobs.push_back(job);
  }
  const std::atomic<bool> go_on{false};
  const Clock::time_point start = Clock::now();
  for (auto _ : state) sched::RunGraph(spec, threads, go_on);
  const std::chrono::duration<double, std::nano> time = Clock::now() - start;
  if (done != jobs * static_cast<size_t>(state.iterations())) state.SkipWithError("jobs got lost");
  state.counters["ns_per_job"] = time.count() / static_cast<double>(done);
}

const bool kRegistered = [] {
  for (const size_t jobs : {10, 1000}) {
    for (const int threads : {1, 2}) {
      const std::string name =
          "graph/jobs" + std::to_string(jobs) + "/threads" + std::to_string(threads);
      benchmark::RegisterBenchmark(name.c_str(), EmptyJobs, jobs, threads)
          ->Unit(benchmark::kMicrosecond);
    }
  }
  return true;
}();

}  // namespace
}  // namespace grove::perf
