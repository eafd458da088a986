// Question: what is the most that arithmetic in registers reaches on this core, on each target that
// it supports? peak/<target>; `gflops` is that of the best iteration. It does not check memory, nor
// what the core does when its neighbours are busy.
#include "perf/peak.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <string>

#include "simd/fma_peak.h"
#include "simd/targets.h"

namespace grove::perf {
namespace {

constexpr size_t kIterations = 150000;  // about half a millisecond
constexpr int kSlices = 4;

double Slice() {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point start = Clock::now();
  benchmark::DoNotOptimize(simd::RunFmaChains(kIterations));
  const std::chrono::duration<double> seconds = Clock::now() - start;
  return kIterations * static_cast<double>(simd::FmaChainFlops()) / seconds.count();
}

void Peak(benchmark::State& state, const std::string& target) {
  const std::string before = simd::ActiveTarget();
  simd::ForceTarget(target);
  double best = 0;
  for (auto _ : state) best = std::max(best, Slice());
  state.counters["gflops"] = best / 1e9;
  simd::ForceTarget(before);
}

const bool kRegistered = [] {
  for (const std::string& target : simd::SupportedTargets()) {
    benchmark::RegisterBenchmark(("peak/" + target).c_str(), Peak, target)
        ->Unit(benchmark::kMicrosecond);
  }
  return true;
}();

}  // namespace

double MeasurePeak() {
  double best = 0;
  for (int slice = 0; slice < kSlices; ++slice) best = std::max(best, Slice());
  return best;
}

}  // namespace grove::perf
