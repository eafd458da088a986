#include "perf/steps.h"

#include <algorithm>
#include <numeric>

#include "engine/cells/model.h"
#include "engine/cells/operations.h"
#include "engine/training/evaluate.h"

namespace grove::perf {
namespace {

RunSpec SpecOf(const Work& work) {
  RunSpec spec;
  spec.model = work.model;
  spec.dim = work.dim;
  spec.batch = work.batch;
  Validate(spec);
  return Resolve(spec);
}

DatasetSpec DataOf(const Work& work, size_t trees) {
  DatasetSpec data;
  data.min_length = work.min_length;
  data.max_length = work.max_length;
  data.train = static_cast<int>(trees);
  data.dev = data.test = 1;
  return data;
}

}  // namespace

size_t EpochTrees(const Work& work) {
  constexpr size_t kMost = 2000;
  RunSpec usual;  // rlstm at n = 50, on trees of 25.5 leaves
  const double budget =
      kMost * MultiplyAddsOfTree(MakeCell(usual), 25.5) / (work.dim > 100 ? 2 : 1);
  const double tree =
      MultiplyAddsOfTree(MakeCell(SpecOf(work)), (work.min_length + work.max_length) / 2.0);
  const size_t trees = tree * kMost <= budget ? kMost : static_cast<size_t>(budget / tree);
  const size_t batch = static_cast<size_t>(SpecOf(work).batch);
  return std::max(trees / batch, size_t{1}) * batch;
}

Steps::Steps(const Work& work, size_t trees)
    : spec_(SpecOf(work)), dataset_(GenerateDataset(DataOf(work, trees))), order_(trees) {
  network_ = std::make_unique<Network>(spec_, dataset_.vocabulary_size, dataset_.classes);
  MinibatchLimits limits;
  limits.Include(dataset_.train, static_cast<size_t>(spec_.batch));
  IncludeEvaluation(dataset_.train, limits);
  network_->Reserve(limits);
  Initialise(network_->layout(), spec_, network_->parameters());
  std::iota(order_.begin(), order_.end(), 0);
  const CellTable cell = MakeCell(spec_);
  const auto flops = [&](Counted counted) {
    return 2 * MultiplyAdds(cell, dataset_.train, 0, trees, counted);
  };
  forward_flops_ = flops(Counted::kEquations);
  executed_share_ = flops(Counted::kExecuted) / forward_flops_;
}

void Steps::TrainEpoch() {
  const size_t batch = static_cast<size_t>(spec_.batch);
  for (size_t begin = 0; begin < order_.size(); begin += batch) {
    const size_t count = std::min(batch, order_.size() - begin);
    network_->Forward(dataset_.train, {order_.data() + begin, count});
    network_->Backward();
    network_->Update();
  }
}

double Steps::EvaluateAll() { return Evaluate(*network_, dataset_.train).loss; }

}  // namespace grove::perf
