// Question: how long does an element of a parent take in each gate kernel, and what do
// the elementary functions alone take? gates/<kernel>/<g>/<rows of the level>; with 2,000 rows the
// level is larger than the second-level cache. It does not check the results: tests do.
//
// Kernels that work in place get zeros for the gradients that come from above: what they write back
// then stays 0 from the second repetition on, where real values would dwindle to denormal numbers.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "perf/counters.h"
#include "simd/aligned.h"
#include "simd/elementwise.h"
#include "simd/rlstm_cell.h"
#include "simd/rnn_cell.h"

namespace grove::perf {
namespace {

using simd::Activation;
using simd::AlignedArray;
using simd::PadRow;

constexpr size_t kWidth = 50;

void Fill(AlignedArray<float>& array) {
  for (size_t i = 0; i < array.size(); ++i) array[i] = static_cast<float>(i % 19) / 8 - 1.1f;
}

// Parents r with children 2r and 2r + 1.
struct Children {
  explicit Children(size_t rows) : left(rows), right(rows) {
    for (size_t r = 0; r < rows; ++r) {
      left[r] = 2 * static_cast<int32_t>(r);
      right[r] = left[r] + 1;
    }
  }
  std::vector<int32_t> left, right;
};

struct RnnBench {
  explicit RnnBench(size_t rows)
      : children(rows),
        projections(2 * rows * PadRow(kWidth)),
        h(rows * PadRow(kWidth)),
        dh(h.size()),
        b(PadRow(kWidth)),
        level{kWidth,
              rows,
              children.left.data(),
              children.right.data(),
              projections.data(),
              PadRow(kWidth),
              h.data(),
              PadRow(kWidth)} {
    Fill(projections);
    Fill(b);
  }
  Children children;
  AlignedArray<float> projections, h, dh, b;
  simd::RnnLevel level;
};

void RnnForward(benchmark::State& state, Activation g) {
  RnnBench bench(static_cast<size_t>(state.range(0)));
  for (auto _ : state) {
    simd::RnnForward(g, bench.level, bench.b.data());
    benchmark::ClobberMemory();
  }
  CountElements(state, bench.level.rows * kWidth);
}

void RnnBackward(benchmark::State& state, Activation g) {
  RnnBench bench(static_cast<size_t>(state.range(0)));
  simd::RnnForward(g, bench.level, bench.b.data());
  AlignedArray<float> db(PadRow(kWidth));
  for (auto _ : state) {
    simd::RnnBackward(g, bench.level, bench.dh.data(), db.data());
    benchmark::ClobberMemory();
  }
  CountElements(state, bench.level.rows * kWidth);
}

struct RlstmBench {
  explicit RlstmBench(size_t rows)
      : children(rows),
        projections(2 * rows * 6 * kWidth),
        all_cells((2 * rows + 1) * PadRow(kWidth)),
        all_dcells(all_cells.size()),
        cells(rows * PadRow(kWidth)),
        h(cells.size()),
        dh(cells.size()),
        dcells(cells.size()),
        gates(7 * cells.size()),
        bias(4 * kWidth),
        dbias(4 * kWidth),
        level{kWidth,
              rows,
              false,
              children.left.data(),
              children.right.data(),
              0,
              -1,
              projections.data(),
              6 * kWidth,
              all_cells.data(),
              cells.data(),
              h.data(),
              PadRow(kWidth),
              PadRow(kWidth),
              gates.data(),
              7 * PadRow(kWidth)} {
    Fill(projections);
    Fill(all_cells);
    Fill(bias);
    simd::RlstmForwardCell(Activation::kTanh, level, bias.data());
    simd::RlstmForwardOutput(Activation::kTanh, level);
  }
  Children children;
  AlignedArray<float> projections, all_cells, all_dcells, cells, h, dh, dcells, gates, bias, dbias;
  simd::RlstmLevel level;
};

template <class Kernel>
void Rlstm(benchmark::State& state, const Kernel& kernel) {
  RlstmBench bench(static_cast<size_t>(state.range(0)));
  for (auto _ : state) {
    kernel(bench);
    benchmark::ClobberMemory();
  }
  CountElements(state, bench.level.rows * kWidth);
}

void RlstmForwardCell(benchmark::State& state, Activation g) {
  Rlstm(state,
        [g](RlstmBench& bench) { simd::RlstmForwardCell(g, bench.level, bench.bias.data()); });
}
void RlstmForwardOutput(benchmark::State& state, Activation g) {
  Rlstm(state, [g](RlstmBench& bench) { simd::RlstmForwardOutput(g, bench.level); });
}
void RlstmBackwardOutput(benchmark::State& state, Activation g) {
  Rlstm(state, [g](RlstmBench& bench) {
    simd::RlstmBackwardOutput(g, bench.level, bench.dh.data(), bench.dcells.data());
  });
}
void RlstmBackwardCell(benchmark::State& state, Activation g) {
  Rlstm(state, [g](RlstmBench& bench) {
    simd::RlstmBackwardCell(g, bench.level, bench.dcells.data(), bench.all_dcells.data(),
                            bench.dbias.data());
  });
}

const bool kRegistered = [] {
  const auto add = [](const std::string& kernel, auto* function) {
    const std::string name = "gates/" + kernel;
    const auto add_one = [&](const char* g_name, Activation g) {
      return benchmark::RegisterBenchmark((name + g_name).c_str(), function, g);
    };
    add_one("/tanh", Activation::kTanh)->Arg(1)->Arg(20)->Arg(200)->Arg(2000);
    add_one("/relu", Activation::kRelu)->Arg(20);
    add_one("/softsign", Activation::kSoftsign)->Arg(20);
  };
  add("rnn_forward", RnnForward);
  add("rnn_backward", RnnBackward);
  add("rlstm_forward_cell", RlstmForwardCell);
  add("rlstm_forward_output", RlstmForwardOutput);
  add("rlstm_backward_output", RlstmBackwardOutput);
  add("rlstm_backward_cell", RlstmBackwardCell);
  return true;
}();

void Elementwise(benchmark::State& state, void (*function)(const float*, size_t, float*)) {
  AlignedArray<float> x(1000), y(1000);
  Fill(x);
  for (float& value : x) value += 1.2f;  // positive, for the logarithm
  for (auto _ : state) {
    function(x.data(), x.size(), y.data());
    benchmark::ClobberMemory();
  }
  CountElements(state, x.size());
}
BENCHMARK_CAPTURE(Elementwise, exp, simd::Exp)->Name("elementwise/exp");
BENCHMARK_CAPTURE(Elementwise, log, simd::Log)->Name("elementwise/log");
BENCHMARK_CAPTURE(Elementwise, sigmoid, simd::Sigmoid)->Name("elementwise/sigmoid");
BENCHMARK_CAPTURE(Elementwise, tanh, simd::Tanh)->Name("elementwise/tanh");
BENCHMARK_CAPTURE(Elementwise, soft, simd::Softsign)->Name("elementwise/softsign");

}  // namespace
}  // namespace grove::perf
