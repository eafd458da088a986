// Question: what does an update cost a weight: AdaGrad over whole matrices (dense), over the word
// vectors of one minibatch in a vocabulary of 10,001 (sparse), and the transposed copies after it?
// It does not check how the words of a text are spread: the sparse rows are evenly scattered.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <numeric>
#include <vector>

#include "perf/counters.h"
#include "simd/adagrad.h"
#include "simd/aligned.h"
#include "simd/transpose.h"

namespace grove::perf {
namespace {

using simd::AlignedArray;
using simd::PadRow;

constexpr simd::AdagradStep kStep{0.05f, 1e-4f, 1e-4f, false};
constexpr simd::AdagradStep kPlainStep{0.05f, 1e-4f, 1e-4f, true};
constexpr size_t kWidth = 50, kVocabulary = 10001;

// Gradients of either sign. Weights settle where the L2 term balances them.
struct Weights {
  explicit Weights(size_t count) : gradient(count), weight(count), sum(count) {
    for (size_t i = 0; i < count; ++i) gradient[i] = static_cast<float>(i % 13) / 64 - 0.09f;
  }
  AlignedArray<float> gradient, weight, sum;
};

void AdagradDense(benchmark::State& state, const simd::AdagradStep& step) {
  const size_t count = static_cast<size_t>(state.range(0));
  Weights weights(count);
  for (auto _ : state) {
    simd::AdagradUpdate(step, count, weights.gradient.data(), weights.weight.data(),
                        weights.sum.data());
    benchmark::ClobberMemory();
  }
  CountElements(state, count);
}
// 8,000: the matrices of the plain network; 80,000: those of the LSTM with leaf copies, about.
BENCHMARK_CAPTURE(AdagradDense, step, kStep)->Name("update/adagrad_dense")->Arg(8000)->Arg(80000);
BENCHMARK_CAPTURE(AdagradDense, plain, kPlainStep)->Name("update/plain_dense")->Arg(80000);

// Minibatches of `words` different words, one after the other through the whole vocabulary.
void AdagradSparse(benchmark::State& state) {
  const size_t words = static_cast<size_t>(state.range(0));
  constexpr size_t kStride = PadRow(kWidth);
  Weights table(kVocabulary * kStride);  // gradients: the first `words` rows
  std::vector<int32_t> rows(words), word_of_row(kVocabulary + words);
  std::iota(rows.begin(), rows.end(), 0);
  for (size_t i = 0; i < word_of_row.size(); ++i) {
    word_of_row[i] = static_cast<int32_t>(i * 6181 % kVocabulary);  // coprime: every word comes
  }
  size_t first = 0;
  for (auto _ : state) {
    const simd::RowUpdates updates{.n = kWidth,
                                   .gradient_stride = kStride,
                                   .table_stride = kStride,
                                   .rows = rows.data(),
                                   .words = word_of_row.data() + first,
                                   .count = words};
    simd::AdagradUpdateRows(kStep, true, updates, table.gradient.data(), table.weight.data(),
                            table.sum.data());
    benchmark::ClobberMemory();
    first = (first + words) % kVocabulary;
  }
  CountElements(state, words * kWidth);
}
BENCHMARK(AdagradSparse)->Name("update/adagrad_sparse")->Arg(25)->Arg(125)->Arg(500);

void AdagradTransposed(benchmark::State& state) {
  const size_t rows = static_cast<size_t>(state.range(0));
  const size_t cols = static_cast<size_t>(state.range(1));
  Weights weights(rows * PadRow(cols));
  AlignedArray<float> transposed(cols * PadRow(rows));
  const simd::TransposedBlock block{rows,
                                    cols,
                                    PadRow(cols),
                                    weights.gradient.data(),
                                    weights.weight.data(),
                                    weights.sum.data(),
                                    transposed.data(),
                                    PadRow(rows)};
  for (auto _ : state) {
    simd::AdagradUpdateTransposed(kStep, block);
    benchmark::ClobberMemory();
  }
  CountElements(state, rows * cols);
}
BENCHMARK(AdagradTransposed)->Name("update/adagrad_transposed")->Args({100, 200});

void Transpose(benchmark::State& state) {
  const size_t rows = static_cast<size_t>(state.range(0));
  const size_t cols = static_cast<size_t>(state.range(1));
  AlignedArray<float> a(rows * PadRow(cols)), b(cols * PadRow(rows));
  for (auto _ : state) {
    simd::Transpose(a.data(), PadRow(cols), rows, cols, b.data(), PadRow(rows));
    benchmark::ClobberMemory();
  }
  CountElements(state, rows * cols);
}
BENCHMARK(Transpose)->Name("update/transpose")->Args({50, 50})->Args({50, 200})->Args({50, 300});

}  // namespace
}  // namespace grove::perf
