// Question: what is the most that arithmetic in registers reaches on this core? It does not check
// memory, nor what the core does when its neighbours are busy.
#include "perf/peak.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>

#include "simd/fma_peak.h"

namespace grove::perf {
namespace {

constexpr size_t kIterations = 200000;  // a millisecond or less

double MeasurePeak() {
  using Clock = std::chrono::steady_clock;
  double best = 0;
  for (int run = 0; run < 20; ++run) {
    const Clock::time_point start = Clock::now();
    benchmark::DoNotOptimize(simd::RunFmaChains(kIterations));
    const std::chrono::duration<double> seconds = Clock::now() - start;
    best = std::max(best, kIterations * simd::FmaChainFlops() / seconds.count());
  }
  return best;
}

void Peak(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(simd::RunFmaChains(kIterations));
  state.counters["flop"] =
      benchmark::Counter(kIterations * static_cast<double>(simd::FmaChainFlops()),
                         benchmark::Counter::kIsIterationInvariantRate);
  state.counters["yardstick"] = PeakFlops();
}
BENCHMARK(Peak)->Name("peak");

}  // namespace

double PeakFlops() {
  static const double peak = MeasurePeak();
  return peak;
}

}  // namespace grove::perf
