// How fast does a run train and evaluate on one core, as a share of what the core could do?
// Names: train/<model>/dim<n>/len<a>-<b>/batch<B> and eval/<model>/... Useful operations are those
// of the equations (perf/useful_work.h); the core's FMA peak is measured in the same process.
// It does not check results: the tests do.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "engine/evaluate.h"
#include "engine/network.h"
#include "engine/run_spec_fields.h"
#include "engine/task.h"
#include "perf/peak.h"
#include "perf/useful_work.h"

namespace grove {
namespace {

struct Work {
  const char* model;
  int dim;
  int min_length, max_length;
  int batch;
};

struct Setup {
  explicit Setup(const Work& work) {
    DatasetSpec data;
    data.min_length = work.min_length;
    data.max_length = work.max_length;
    data.train = 2000;
    data.dev = data.test = 1;
    dataset = GenerateDataset(data);
    spec.model = work.model;
    spec.dim = work.dim;
    spec.batch = work.batch;
    spec = Resolve(spec);
    network = std::make_unique<Network>(spec, dataset.vocabulary_size, dataset.classes);
    MinibatchLimits limits;
    limits.Include(dataset.train, std::max(static_cast<size_t>(work.batch), kEvalBatch));
    network->Reserve(limits);
    Initialise(network->layout(), spec, network->parameters());
    for (size_t t = 0; t < dataset.train.trees(); ++t) {
      flops += ForwardFlops(work.model, static_cast<double>(dataset.train.leaves(t)), work.dim);
    }
    order.resize(dataset.train.trees());
    std::iota(order.begin(), order.end(), 0);
  }

  Dataset dataset;
  RunSpec spec;
  std::unique_ptr<Network> network;
  std::vector<int32_t> order;
  double flops = 0;  // forward, all training trees
};

void Report(benchmark::State& state, const Setup& setup, double flops) {
  using benchmark::Counter;
  const double passes = static_cast<double>(state.iterations());
  const double peak = perf::PeakFlops() / 1e9;
  const double trees = static_cast<double>(setup.order.size());
  state.counters["trees_per_second"] = Counter(passes * trees, Counter::kIsRate);
  state.counters["useful_gflops"] = Counter(passes * flops / 1e9, Counter::kIsRate);
  state.counters["peak_fraction"] = Counter(passes * flops / 1e9 / peak, Counter::kIsRate);
  state.counters["peak_gflops"] = peak;
}

void Train(benchmark::State& state, const Work& work) {
  Setup setup(work);
  const size_t batch = static_cast<size_t>(setup.spec.batch);
  const auto epoch = [&] {
    for (size_t begin = 0; begin < setup.order.size(); begin += batch) {
      const size_t count = std::min(batch, setup.order.size() - begin);
      setup.network->Forward(setup.dataset.train, {setup.order.data() + begin, count});
      setup.network->Backward();
      setup.network->Update();
    }
  };
  epoch();
  for (auto _ : state) epoch();
  Report(state, setup, 3 * setup.flops);
}

void Eval(benchmark::State& state, const Work& work) {
  Setup setup(work);
  Evaluate(*setup.network, setup.dataset.train);
  for (auto _ : state) {
    benchmark::DoNotOptimize(Evaluate(*setup.network, setup.dataset.train).loss);
  }
  Report(state, setup, setup.flops);
}

[[maybe_unused]] const bool kRegistered = [] {
  constexpr int kLengths[][2] = {{21, 30}, {1, 10}, {91, 100}};
  for (const char* model : {"rlstm", "rnn"}) {
    for (const int dim : {50, 100, 300}) {
      for (const auto& length : kLengths) {
        const int batch = std::string(model) == "rnn" ? 20 : (dim == 300 ? 25 : 5);
        const Work work{model, dim, length[0], length[1], batch};
        const std::string name = std::string(model) + "/dim" + std::to_string(dim) + "/len" +
                                 std::to_string(length[0]) + "-" + std::to_string(length[1]);
        benchmark::RegisterBenchmark(("train/" + name + "/batch" + std::to_string(batch)).c_str(),
                                     [work](benchmark::State& state) { Train(state, work); })
            ->Unit(benchmark::kMillisecond);
        benchmark::RegisterBenchmark(("eval/" + name).c_str(), [work](benchmark::State& state) {
          Eval(state, work);
        })->Unit(benchmark::kMillisecond);
      }
    }
  }
  return true;
}();

}  // namespace
}  // namespace grove
