#include "perf/steps.h"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "engine/cells/model.h"
#include "engine/cells/operations.h"
#include "engine/error.h"
#include "engine/files/treebank.h"
#include "engine/files/treebank_dataset.h"
#include "engine/random.h"
#include "engine/tasks/keyword_task.h"
#include "engine/tasks/task.h"
#include "engine/training/evaluate.h"

namespace grove::perf {
namespace {

RunSpec SpecOf(const Work& work) {
  RunSpec spec;
  spec.model = work.model;
  spec.dim = work.dim;
  spec.word_dim = work.word_dim;
  spec.batch = work.batch;
  Validate(spec);
  return Resolve(spec);
}

DatasetSpec DataSpecOf(const Work& work, size_t trees) {
  DatasetSpec data;
  data.min_length = work.min_length;
  data.max_length = work.max_length;
  data.train = static_cast<int>(trees);
  data.dev = data.test = 1;
  return data;
}

// From the leaves up: a new node takes the last few trees that have no parent yet, the root all.
void AddDependencyTree(int words, int vocabulary_size, RandomStream& random, Forest& forest) {
  std::vector<int32_t> open;
  const auto word = [&] {
    return static_cast<int32_t>(random.NextBelow(static_cast<uint32_t>(vocabulary_size)));
  };
  for (int i = 1; i < words; ++i) {
    const size_t children = random.NextBelow(2) == 0 ? 0 : 1 + random.NextBelow(3);
    if (children == 0 || children > open.size()) {
      open.push_back(forest.AddLeaf(word()));
      continue;
    }
    const size_t rest = open.size() - children;
    const int32_t node = forest.AddNode({open.data() + rest, children}, word());
    open.resize(rest);
    open.push_back(node);
  }
  forest.AddNode(open, word(), static_cast<int32_t>(random.NextBelow(kKeywordClasses)));
  forest.FinishTree();
}

Dataset ReadTrees(const Work& work) {
  Treebank treebank = ReadTreebank(work.file, OptionsFor(SpecOf(work)));
  Dataset dataset;
  dataset.train = std::move(treebank.forest);
  dataset.vocabulary_size = static_cast<int>(treebank.words.size());
  dataset.classes = treebank.classes;
  if (dataset.classes == 0) throw Error(work.file + ": has no labels");
  return dataset;
}

Dataset DataOf(const Work& work, const DatasetSpec& spec) {
  if (!work.file.empty()) return ReadTrees(work);
  Dataset dataset = GenerateDataset(spec);
  if (!work.dependencies) return dataset;
  dataset.train = Forest();
  RandomStream random(1, Purpose::kTrainData, 0);
  const auto lengths = static_cast<uint32_t>(work.max_length - work.min_length + 1);
  for (int i = 0; i < spec.train; ++i) {
    const int words = work.min_length + static_cast<int>(random.NextBelow(lengths));
    AddDependencyTree(words, dataset.vocabulary_size, random, dataset.train);
  }
  return dataset;
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
    : spec_(SpecOf(work)),
      dataset_(DataOf(work, DataSpecOf(work, trees))),
      order_(dataset_.train.trees()) {
  network_ = std::make_unique<Network>(spec_, dataset_.vocabulary_size, dataset_.classes);
  MinibatchLimits limits;
  limits.Include(dataset_.train, static_cast<size_t>(spec_.batch));
  IncludeEvaluation(dataset_.train, limits);
  network_->Reserve(limits);
  Initialise(network_->layout(), spec_, network_->parameters());
  std::iota(order_.begin(), order_.end(), 0);
  const CellTable cell = MakeCell(spec_);
  const auto flops = [&](Counted counted) {
    return 2 * MultiplyAdds(cell, dataset_.train, 0, order_.size(), counted);
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
