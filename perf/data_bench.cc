// Question: how fast are datasets generated? data/<task>/<tree>/len<a>-<b>; an iteration generates
// 300 trees. It does not check keyword depths, which are drawn by rejection and can take far
// longer.
#include <benchmark/benchmark.h>

#include <string>

#include "engine/error.h"
#include "engine/tasks/task.h"
#include "engine/trees/tree_shapes.h"

namespace grove::perf {
namespace {

void Generate(benchmark::State& state, const DatasetSpec& spec) {
  try {
    for (auto _ : state) benchmark::DoNotOptimize(GenerateDataset(spec).train.word.data());
  } catch (const Error& error) {  // a task that does not know this shape or these lengths
    state.SkipWithError(error.what());
  }
  const double trees = spec.train + spec.dev + spec.test;
  state.counters["trees_per_second"] =
      benchmark::Counter(trees, benchmark::Counter::kIsIterationInvariantRate);
}

const bool kRegistered = [] {
  const auto add = [](const std::string& task, const std::string& tree, int min, int max) {
    DatasetSpec spec;
    spec.task = task;
    spec.tree = tree;
    spec.min_length = min;
    spec.max_length = max;
    spec.train = spec.dev = spec.test = 100;
    const std::string name =
        "data/" + task + "/" + tree + "/len" + std::to_string(min) + "-" + std::to_string(max);
    benchmark::RegisterBenchmark(name.c_str(), Generate, spec)->Unit(benchmark::kMicrosecond);
  };
  for (const std::string& task : TaskNames()) {
    for (const std::string& tree : TreeShapeNames()) add(task, tree, 21, 30);
    add(task, "split", 1, 10);
    add(task, "split", 91, 100);
  }
  return true;
}();

}  // namespace
}  // namespace grove::perf
