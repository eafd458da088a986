// The memory model against what a run really allocates: this program counts the bytes of its own
// operator new, and those of large arrays.
#include "experiments/plan/memory_model.h"

#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <new>

#include "engine/tasks/task.h"
#include "engine/training/trainer.h"
#include "simd/pages.h"

namespace {

size_t heap = 0, peak = 0;

size_t Live() {
  const grove::simd::PageCounts pages = grove::simd::CountPages();
  return heap + (pages.taken - pages.given_back);
}

// Sees a peak of large arrays when the heap is used next, which is while they live: a run has
// others.
void* Counted(void* memory) {
  if (memory == nullptr) throw std::bad_alloc();
  heap += malloc_usable_size(memory);
  peak = std::max(peak, Live());
  return memory;
}

void Release(void* memory) {
  heap -= malloc_usable_size(memory);
  std::free(memory);
}

}  // namespace

void* operator new(size_t size) { return Counted(std::malloc(size)); }
void* operator new(size_t size, std::align_val_t alignment) {
  const size_t unit = static_cast<size_t>(alignment);
  return Counted(std::aligned_alloc(unit, (size + unit - 1) / unit * unit));
}
// std::stable_sort takes its buffer by this one.
void* operator new(size_t size, const std::nothrow_t& /*tag*/) noexcept {
  return Counted(std::malloc(size));
}
void operator delete(void* memory) noexcept { Release(memory); }
void operator delete(void* memory, const std::nothrow_t& /*tag*/) noexcept { Release(memory); }
void operator delete(void* memory, size_t) noexcept { Release(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { Release(memory); }

namespace grove {
namespace {

DatasetSpec Data(int low, int high, int train) {
  DatasetSpec data;
  data.min_length = low;
  data.max_length = high;
  data.train = train;
  data.dev = data.test = 40;
  return data;
}

void ExpectNear(double estimate, size_t bytes) {
  EXPECT_GT(estimate, 0.9 * static_cast<double>(bytes));
  EXPECT_LT(estimate, 1.2 * static_cast<double>(bytes));
}

// Two consecutive trees are a pair, with the label of the first.
void MakePairs(Forest& forest) {
  forest.trees_per_example = 2;
  for (size_t e = 0; e < forest.examples(); ++e) {
    const auto root = static_cast<size_t>(forest.root(forest.first_tree(e)));
    forest.pair_label.push_back(forest.label[root]);
  }
  std::fill(forest.label.begin(), forest.label.end(), kNone);
}

Dataset Generate(const RunSpec& run, DatasetSpec data) {
  const int trees = TreesPerExample(run);
  for (int* count : {&data.train, &data.dev, &data.test}) *count *= trees;
  Dataset dataset = GenerateDataset(data);
  if (trees == 1) return dataset;
  for (Forest* forest : {&dataset.train, &dataset.dev, &dataset.test}) MakePairs(*forest);
  return dataset;
}

void ExpectWorkspace(const RunSpec& run, const DatasetSpec& data) {
  const Dataset dataset = Generate(run, data);
  const size_t before = peak = Live();
  Trainer trainer(run, dataset);
  const std::atomic<bool> stop{false};
  trainer.Run(stop);
  ExpectNear(static_cast<double>(WorkspaceBytes(run, data)), peak - before);
}

TEST(MemoryModel, KnowsTheWorkspaceOfEachModel) {
  for (const char* model : {"rnn", "rlstm"}) {
    for (const int dim : {10, 50}) {
      SCOPED_TRACE(std::string(model) + " " + std::to_string(dim));
      RunSpec run;
      run.model = model;
      run.dim = dim;
      run.epochs = 1;
      ExpectWorkspace(run, Data(60, 60, 50));
    }
  }
}

TEST(MemoryModel, KnowsBatchAndProbe) {
  RunSpec run;
  run.dim = 8;
  run.batch = 200;
  run.epochs = 1;
  run.probe = true;
  ExpectWorkspace(run, Data(40, 40, 400));
}

TEST(MemoryModel, KnowsSlotsAndAccumulation) {
  for (const char* rule : {"sgd", "adam"}) {
    for (const int accumulate : {1, 4}) {
      SCOPED_TRACE(rule + std::to_string(accumulate));
      RunSpec run;
      run.dim = 50;
      run.epochs = 1;
      run.rule = rule;
      run.accumulate = accumulate;
      ExpectWorkspace(run, Data(60, 60, 50));
    }
  }
}

TEST(MemoryModel, KnowsObservations) {
  RunSpec run;
  run.dim = 8;
  run.epochs = 2;  // the first is observed before there is a best epoch to keep
  run.observe = true;
  DatasetSpec data = Data(40, 40, 100);
  data.dev = 2000;
  ExpectWorkspace(run, data);
}

TEST(MemoryModel, KnowsTheTwoTreesOfAPair) {
  for (const char* comparison : {"tai", "bowman"}) {
    for (const int batch : {1, 100}) {
      SCOPED_TRACE(comparison + std::to_string(batch));
      RunSpec run;
      run.dim = 20;
      run.batch = batch;
      run.epochs = 1;
      run.comparison = comparison;
      ExpectWorkspace(run, Data(40, 40, 200));
    }
  }
}

// Vectors of positions that grew to their size have up to as much again.
TEST(MemoryModel, KnowsTheSizeOfADataset) {
  const DatasetSpec data = Data(11, 20, 3000);
  for (const char* comparison : {"none", "tai"}) {
    RunSpec run;
    run.comparison = comparison;
    const size_t before = Live();
    const Dataset dataset = Generate(run, data);
    const auto estimate = static_cast<double>(DatasetBytes(data, TreesPerExample(run)));
    EXPECT_LT(estimate, 1.1 * static_cast<double>(Live() - before)) << comparison;
    EXPECT_GT(estimate, 0.5 * static_cast<double>(Live() - before)) << comparison;
  }
}

}  // namespace
}  // namespace grove
