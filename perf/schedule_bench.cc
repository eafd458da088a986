// Question: what does it cost to schedule a minibatch, per node? schedule/len<a>-<b>/batch<B>; an
// iteration schedules one minibatch of a forest of 1,000 trees, in turn, as the default model
// needs it. It does not check larger vocabularies, nor trees that have left the cache.
#include <benchmark/benchmark.h>

#include <numeric>
#include <string>
#include <vector>

#include "engine/tasks/task.h"
#include "engine/training/network.h"
#include "engine/trees/schedule.h"

namespace grove::perf {
namespace {

struct Shape {
  int min_length, max_length;
  size_t batch;
};

void Build(benchmark::State& state, Shape shape) {
  DatasetSpec spec;
  spec.min_length = shape.min_length;
  spec.max_length = shape.max_length;
  spec.train = 1000;
  spec.dev = spec.test = 1;
  const Dataset dataset = GenerateDataset(spec);
  const Forest& forest = dataset.train;
  std::vector<int32_t> order(forest.trees());
  std::iota(order.begin(), order.end(), 0);
  ParameterLayout layout;
  Scheduler scheduler(dataset.vocabulary_size, MakeModel(Resolve(RunSpec()), layout)->needs());
  Schedule schedule;
  MinibatchLimits limits;
  limits.Include(forest, shape.batch);
  scheduler.Reserve(limits.nodes, limits.levels, limits.trees, schedule);
  size_t begin = 0;
  int64_t nodes = 0;
  for (auto _ : state) {
    scheduler.Build(forest, {order.data() + begin, shape.batch}, schedule);
    benchmark::DoNotOptimize(schedule.rows);
    nodes += schedule.rows;
    begin = begin + 2 * shape.batch <= order.size() ? begin + shape.batch : 0;
  }
  state.SetItemsProcessed(nodes);
  state.counters["ns_per_node"] = benchmark::Counter(
      static_cast<double>(nodes) * 1e-9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

const bool kRegistered = [] {
  for (const auto& [min, max] : {std::pair{1, 10}, {21, 30}, {91, 100}}) {
    for (const size_t batch : {5, 20, 1000}) {
      const std::string name = "schedule/len" + std::to_string(min) + "-" + std::to_string(max) +
                               "/batch" + std::to_string(batch);
      benchmark::RegisterBenchmark(name.c_str(), Build, Shape{min, max, batch});
    }
  }
  return true;
}();

}  // namespace
}  // namespace grove::perf
