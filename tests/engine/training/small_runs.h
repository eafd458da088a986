// Runs of a second on the keyword task, for tests of training as a whole.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <bit>
#include <cstdint>
#include <string>

#include "engine/tasks/task.h"
#include "engine/training/trainer.h"

namespace grove {

inline const std::atomic<bool> kGo{false};

inline Dataset SmallDataset(int train = 300, int dev = 60, int test = 50) {
  DatasetSpec spec;
  spec.min_length = 1;
  spec.max_length = 8;
  spec.train = train;
  spec.dev = dev;
  spec.test = test;
  return GenerateDataset(spec);
}

// With labels at the leaves too.
inline Dataset LabelledDataset() {
  Dataset dataset = SmallDataset();
  for (Forest* forest : {&dataset.train, &dataset.dev, &dataset.test}) {
    for (size_t v = 0; v < forest->nodes(); ++v) {
      int32_t& label = forest->label[v];
      if (label == kNone && forest->word[v] != kNone) label = forest->word[v] % dataset.classes;
    }
  }
  return dataset;
}

inline RunSpec SmallRun(const std::string& model) {
  RunSpec spec;
  spec.model = model;
  spec.dim = 10;
  spec.epochs = 6;
  return spec;
}

inline void ExpectSameResult(const RunResult& a, const RunResult& b) {
  EXPECT_EQ(a.weights_xxh3, b.weights_xxh3);
  EXPECT_EQ(a.best_epoch, b.best_epoch);
  EXPECT_EQ(a.dev_accuracy, b.dev_accuracy);
  EXPECT_EQ(a.train_accuracy, b.train_accuracy);
  EXPECT_EQ(a.test_loss, b.test_loss);
  EXPECT_EQ(a.test_accuracy, b.test_accuracy);
  ASSERT_EQ(a.history.size(), b.history.size());
  for (size_t i = 0; i < a.history.size(); ++i) {
    EXPECT_EQ(a.history[i].loss, b.history[i].loss);
    EXPECT_EQ(a.history[i].train_accuracy, b.history[i].train_accuracy);
    EXPECT_EQ(a.history[i].dev_loss, b.history[i].dev_loss);
    EXPECT_EQ(a.history[i].dev_accuracy, b.history[i].dev_accuracy);
    // Bits, as NaN equals nothing.
    EXPECT_EQ(std::bit_cast<uint64_t>(a.history[i].dev_node_accuracy),
              std::bit_cast<uint64_t>(b.history[i].dev_node_accuracy));
    EXPECT_EQ(std::bit_cast<uint64_t>(a.history[i].dev_macro_f1),
              std::bit_cast<uint64_t>(b.history[i].dev_macro_f1));
  }
  ASSERT_EQ(a.ratios.size(), b.ratios.size());
  for (size_t i = 0; i < a.ratios.size(); ++i) {
    EXPECT_EQ(a.ratios[i].epoch, b.ratios[i].epoch);
    EXPECT_EQ(a.ratios[i].depth, b.ratios[i].depth);
    EXPECT_EQ(a.ratios[i].ratio, b.ratios[i].ratio);
  }
}

}  // namespace grove
