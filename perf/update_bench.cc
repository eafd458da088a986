// Question: what does an update cost a weight by each rule: over whole matrices (dense), over the
// word vectors of one minibatch in a vocabulary of 10,001 (sparse), and the transposed copies after
// it? It does not check how the words of a text are spread: the sparse rows are evenly scattered.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <numeric>
#include <vector>

#include "perf/counters.h"
#include "simd/aligned.h"
#include "simd/transpose.h"
#include "simd/update.h"

namespace grove::perf {
namespace {

using simd::AlignedArray;
using simd::PadRow;

constexpr simd::UpdateRule RuleFor(simd::Rule rule) {
  return {
      .rule = rule, .rate = 1e-3f, .l2 = 1e-4f, .epsilon = 1e-4f, .beta1 = 0.9f, .beta2 = 0.999f};
}
constexpr size_t kWidth = 50, kVocabulary = 10001;

// Gradients of either sign. Weights settle where the L2 term balances them.
struct Weights {
  explicit Weights(size_t count) : gradient(count), weight(count), first(count), second(count) {
    for (size_t i = 0; i < count; ++i) gradient[i] = static_cast<float>(i % 13) / 64 - 0.09f;
  }
  simd::UpdateArrays arrays() {
    return {gradient.data(), weight.data(), {first.data(), second.data()}};
  }
  AlignedArray<float> gradient, weight, first, second;
};

void Dense(benchmark::State& state, simd::Rule rule) {
  const size_t count = static_cast<size_t>(state.range(0));
  Weights weights(count);
  for (auto _ : state) {
    simd::UpdateElements(RuleFor(rule), 2, count, weights.arrays());
    benchmark::ClobberMemory();
  }
  CountElements(state, count);
}
// 8,000: the matrices of the plain network; 80,000: those of the LSTM with leaf copies, about.
BENCHMARK_CAPTURE(Dense, adagrad, simd::Rule::kAdagrad)
    ->Name("update/adagrad_dense")
    ->Arg(8000)
    ->Arg(80000);
BENCHMARK_CAPTURE(Dense, sgd, simd::Rule::kSgd)->Name("update/sgd_dense")->Arg(80000);
BENCHMARK_CAPTURE(Dense, momentum, simd::Rule::kMomentum)
    ->Name("update/momentum_dense")
    ->Arg(80000);
BENCHMARK_CAPTURE(Dense, adam, simd::Rule::kAdam)->Name("update/adam_dense")->Arg(80000);

// Minibatches of `words` different words, one after the other through the whole vocabulary.
void Sparse(benchmark::State& state, simd::Rule rule) {
  const size_t words = static_cast<size_t>(state.range(0));
  constexpr size_t kStride = PadRow(kWidth);
  Weights table(kVocabulary * kStride);  // gradients: the first `words` rows
  std::vector<uint32_t> updates_of_word(kVocabulary);
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
                                   .count = words,
                                   .updates = updates_of_word.data()};
    simd::UpdateRows(RuleFor(rule), updates, table.arrays());
    benchmark::ClobberMemory();
    first = (first + words) % kVocabulary;
  }
  CountElements(state, words * kWidth);
}
BENCHMARK_CAPTURE(Sparse, adagrad, simd::Rule::kAdagrad)
    ->Name("update/adagrad_sparse")
    ->Arg(25)
    ->Arg(125)
    ->Arg(500);
BENCHMARK_CAPTURE(Sparse, adam, simd::Rule::kAdam)->Name("update/adam_sparse")->Arg(125);

void Transposed(benchmark::State& state) {
  const size_t rows = static_cast<size_t>(state.range(0));
  const size_t cols = static_cast<size_t>(state.range(1));
  Weights weights(rows * PadRow(cols));
  AlignedArray<float> transposed(cols * PadRow(rows));
  const simd::TransposedBlock block{
      rows, cols, PadRow(cols), weights.arrays(), transposed.data(), PadRow(rows)};
  for (auto _ : state) {
    simd::UpdateTransposed(RuleFor(simd::Rule::kAdagrad), 2, block);
    benchmark::ClobberMemory();
  }
  CountElements(state, rows * cols);
}
BENCHMARK(Transposed)->Name("update/adagrad_transposed")->Args({100, 200});

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
