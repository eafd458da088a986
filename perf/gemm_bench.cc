// Question: which share of the core's peak do the products of a tree level reach, by the level's
// rows, on either backend? gemm/<backend>/forward/<rows>x<K>x<M> is X W, as projections and data
// gradients are; .../weight_gradient/... is X' dZ, added to what is there. Only useful operations
// count, and the peak is the one measured around the benchmark. It does not check a cold cache (a
// level's weights are in the second-level cache at least) nor the results: tests do.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <string>
#include <vector>

#include "engine/cells/gemm.h"
#include "perf/peak.h"
#include "simd/aligned.h"

namespace grove::perf {
namespace {

struct Shape {
  size_t rows, k, cols;
};

// Values of either sign, far from denormal numbers.
void Fill(simd::AlignedArray<float>& array) {
  for (size_t i = 0; i < array.size(); ++i) array[i] = static_cast<float>(i % 17) / 8 - 0.95f;
}

// C = A B; `transposed`: A is stored (k, rows), and C accumulates, as weight gradients do.
void Gemm(benchmark::State& state, GemmBackend backend, Shape shape, bool transposed) {
  const size_t a_stride = simd::PadRow(transposed ? shape.rows : shape.k);
  const size_t c_stride = simd::PadRow(shape.cols);
  simd::AlignedArray<float> a((transposed ? shape.k : shape.rows) * a_stride);
  simd::AlignedArray<float> b(shape.k * c_stride), c(shape.rows * c_stride);
  Fill(a);
  Fill(b);
  const simd::KRange all{0, static_cast<int32_t>(shape.k)};
  const simd::GemmArgs args{.a = a.data(),
                            .a_row_stride = transposed ? 1 : a_stride,
                            .a_k_stride = transposed ? a_stride : 1,
                            .b = b.data(),
                            .b_stride = c_stride,
                            .c = c.data(),
                            .c_stride = c_stride,
                            .rows = shape.rows,
                            .cols = shape.cols,
                            .ranges = &all,
                            .num_ranges = 1,
                            .accumulate = transposed};
  const double peak_before = MeasurePeak();
  for (auto _ : state) {
    Multiply(backend, args);
    benchmark::ClobberMemory();
  }
  const double peak = std::max(peak_before, MeasurePeak());
  const double flops = 2.0 * static_cast<double>(shape.rows * shape.k * shape.cols);
  constexpr auto kRate = benchmark::Counter::kIsIterationInvariantRate;
  state.counters["gflops"] = benchmark::Counter(flops / 1e9, kRate);
  state.counters["peak_fraction"] = benchmark::Counter(flops / peak, kRate);
}

void Register(Shape shape, bool transposed) {
  for (const char* backend : {"simd", "openblas"}) {
    const std::string name = std::string("gemm/") + backend +
                             (transposed ? "/weight_gradient/" : "/forward/") +
                             std::to_string(shape.rows) + "x" + std::to_string(shape.k) + "x" +
                             std::to_string(shape.cols);
    benchmark::RegisterBenchmark(name.c_str(), Gemm, ParseGemmBackend(backend), shape, transposed);
  }
}

// Width 50: the projections of both networks (300 and 100 columns), those of the cells (200), W_co
// (50), the classifier (10), the data gradient (k = 300), and the weight gradients.
const bool kRegistered = [] {
  for (size_t rows : {1, 2, 5, 20, 50, 200}) {
    for (size_t cols : {300, 200, 100, 50}) Register({rows, 50, cols}, false);
    Register({rows, 300, 50}, false);
  }
  Register({20, 50, 10}, false);
  for (size_t k : {1, 5, 20, 200}) {
    for (size_t cols : {300, 100}) Register({50, k, cols}, true);
  }
  return true;
}();

}  // namespace
}  // namespace grove::perf
