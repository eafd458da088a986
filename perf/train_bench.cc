// Question: how fast does a run train and evaluate on one core, as a share of what the core could
// do? Names: train/<model>/dim<n>/len<a>-<b>/batch<B>; eval/.../batch1000 evaluates a forest of
// 1,000 trees in one call; words<a>-<b> in place of len<a>-<b> are dependency trees, with a word at
// every node, and word<w>/trees are those of the file that --trees names, with word vectors of w
// numbers. An iteration is a pass over all trees; of the passes' figures the medians are given:
//   trees_per_second, gflops  from the median time of a pass; of the operations that are executed
//   trees_per_processor_second  the same by the processor's time, in which nothing else ran
//   peak_fraction    executed FLOP/s of a pass over the FMA peak measured around it (perf/peak.h)
//   equations_fraction  the same for the operations of the equations (engine/cells/operations.h),
//                    of which those that multiply the cell of a leaf, which is zero, are left out
//   allocated_bytes  the most that a pass took from operator new, after one pass to warm up
// It does not check results (the tests do), nor runs side by side. Wide networks and long sentences
// get few trees, whose word vectors stay nearer in the caches than those of a whole run.
#include "perf/train_bench.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <string>
#include <utility>
#include <vector>

#include "engine/cells/model.h"
#include "perf/peak.h"
#include "perf/steps.h"
#include "tests/reference/allocation_count.h"

namespace grove::perf {
namespace {

struct Pass {
  double seconds;
  double processor_seconds;
  double equations_fraction;
  uint64_t allocated;
};

template <typename Field>
double Median(const std::vector<Pass>& passes, Field Pass::*field) {
  std::vector<Field> values;
  values.reserve(passes.size());
  for (const Pass& pass : passes) values.push_back(pass.*field);
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return static_cast<double>(*middle);
}

// Calls `step`, a pass with `flops` useful operations, at least seven times (three times if it
// takes long), with a measure of the peak before and after each; only the passes are timed.
template <typename Step>
std::vector<Pass> RunPasses(benchmark::State& state, double flops, const Step& step) {
  using Clock = std::chrono::steady_clock;
  const int count = flops > 2e10 ? 3 : 7;
  step();
  std::vector<Pass> passes;
  double peak_before = MeasurePeak();
  while (state.KeepRunningBatch(count)) {
    for (int i = 0; i < count; ++i) {
      const uint64_t bytes = AllocatedBytes();
      const std::clock_t processor_start = std::clock();
      const Clock::time_point start = Clock::now();
      step();
      const std::chrono::duration<double> seconds = Clock::now() - start;
      const std::clock_t ticks = std::clock() - processor_start;
      const uint64_t allocated = AllocatedBytes() - bytes;
      state.PauseTiming();
      const double peak_after = MeasurePeak();
      const double peak = std::max(peak_before, peak_after);
      passes.push_back({seconds.count(), static_cast<double>(ticks) / CLOCKS_PER_SEC,
                        flops / seconds.count() / peak, allocated});
      peak_before = peak_after;
      state.ResumeTiming();
    }
  }
  return passes;
}

void Report(benchmark::State& state, const std::vector<Pass>& passes, const Steps& steps,
            double flops) {
  const double seconds = Median(passes, &Pass::seconds);
  uint64_t allocated = 0;
  for (const Pass& pass : passes) allocated = std::max(allocated, pass.allocated);
  state.counters["trees_per_second"] = static_cast<double>(steps.trees()) / seconds;
  state.counters["trees_per_processor_second"] =
      static_cast<double>(steps.trees()) / Median(passes, &Pass::processor_seconds);
  state.counters["gflops"] = steps.executed_share() * flops / seconds / 1e9;
  const double fraction = Median(passes, &Pass::equations_fraction);
  state.counters["peak_fraction"] = steps.executed_share() * fraction;
  state.counters["equations_fraction"] = fraction;
  state.counters["allocated_bytes"] = static_cast<double>(allocated);
}

void Train(benchmark::State& state, const Work& work) {
  Steps steps(work, EpochTrees(work));
  const double flops = steps.train_flops();
  Report(state, RunPasses(state, flops, [&] { steps.TrainEpoch(); }), steps, flops);
}

constexpr size_t kEvalTrees = 1000;

void Eval(benchmark::State& state, const Work& work) {
  Steps steps(work, kEvalTrees);
  const double flops = steps.evaluate_flops();
  const auto pass = [&] { benchmark::DoNotOptimize(steps.EvaluateAll()); };
  Report(state, RunPasses(state, flops, pass), steps, flops);
}

void Register(const std::string& step, const Work& work, size_t batch,
              void (*function)(benchmark::State&, const Work&)) {
  const std::string lengths =
      std::to_string(work.min_length) + "-" + std::to_string(work.max_length);
  const std::string trees = work.file.empty() ? (work.dependencies ? "words" : "len") + lengths
                                              : "word" + std::to_string(work.word_dim) + "/trees";
  const std::string name = step + "/" + work.model + "/dim" + std::to_string(work.dim) + "/" +
                           trees + "/batch" + std::to_string(batch);
  benchmark::RegisterBenchmark(name.c_str(), function, work)->Unit(benchmark::kMillisecond);
}

const bool kRegistered = [] {
  constexpr int kLengths[][2] = {{1, 10}, {21, 30}, {91, 100}};
  for (const std::string& model : ModelNames()) {
    for (const int dim : {50, 100, 150, 300}) {
      for (const auto& length : kLengths) {
        Work work{model, dim, length[0], length[1]};
        Register("eval", work, kEvalTrees, Eval);
        std::vector<int> batches = {DefaultBatch(model)};
        if (batches[0] < 25 && dim != 100) batches.push_back(25);
        for (const int batch : batches) {
          work.batch = batch;
          Register("train", work, static_cast<size_t>(batch), Train);
        }
      }
    }
  }
  for (const int dim : {50, 150}) {
    Work work{"child_sum", dim, 21, 30, DefaultBatch("child_sum")};
    work.dependencies = true;
    Register("train", work, static_cast<size_t>(work.batch), Train);
  }
  return true;
}();

}  // namespace

void RegisterTraining(const std::string& file) {
  for (const auto& [model, word_dim] : {std::pair{"tai_binary", 300}, {"rlstm", 150}}) {
    for (const int batch : {25, 100}) {
      Work work{model, 150};
      work.batch = batch;
      work.word_dim = word_dim;
      work.file = file;
      Register("train", work, static_cast<size_t>(batch), Train);
    }
  }
}

}  // namespace grove::perf
