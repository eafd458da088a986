// Figures that the benchmarks report beside the time.
#pragma once

#include <benchmark/benchmark.h>

#include <cstddef>
#include <string>

namespace grove::perf {

// `ns_per_<thing>`: nanoseconds, for iterations that each deal with `count` things.
inline void CountThings(benchmark::State& state, const std::string& thing, size_t count) {
  state.counters["ns_per_" + thing] = benchmark::Counter(
      static_cast<double>(count) * 1e-9,
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}
inline void CountElements(benchmark::State& state, size_t elements) {
  CountThings(state, "element", elements);
}

}  // namespace grove::perf
