// Figures that the benchmarks report beside the time.
#pragma once

#include <benchmark/benchmark.h>

#include <cstddef>

namespace grove::perf {

// `per_element`: seconds, for iterations that each work on `elements` elements.
inline void CountElements(benchmark::State& state, size_t elements) {
  state.counters["per_element"] = benchmark::Counter(
      static_cast<double>(elements),
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

}  // namespace grove::perf
