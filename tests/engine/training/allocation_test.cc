// Training and evaluation take all their memory before the first minibatch: a run of a hundred
// epochs allocates no more than one of none, and runs side by side do not meet in the heap.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "engine/training/evaluate.h"
#include "engine/training/network.h"
#include "simd/aligned.h"
#include "tests/engine/training/engine_oracle.h"
#include "tests/engine/training/pair_cases.h"
#include "tests/engine/training/update_rules.h"
#include "tests/reference/allocation_count.h"

namespace grove {
namespace {

constexpr int kVocabulary = 40, kClasses = 4;

struct alignas(128) OverAligned {
  char bytes[128];
};

template <typename Call>
uint64_t BytesOf(const Call& call) {
  const uint64_t before = AllocatedBytes();
  call();
  return AllocatedBytes() - before;
}

// The counter sees every way of allocating that the engine has, or may come to have.
TEST(AllocationCount, SeesEveryFormOfNew) {
  std::unique_ptr<int> one;
  EXPECT_EQ(BytesOf([&] { one = std::make_unique<int>(1); }), sizeof(int));
  std::vector<int32_t> vector;
  EXPECT_EQ(BytesOf([&] { vector.reserve(100); }), 100 * sizeof(int32_t));
  std::unique_ptr<double[]> array;
  EXPECT_EQ(BytesOf([&] { array = std::make_unique<double[]>(7); }), 7 * sizeof(double));
  std::unique_ptr<OverAligned> aligned;
  EXPECT_EQ(BytesOf([&] { aligned = std::make_unique<OverAligned>(); }), sizeof(OverAligned));
  EXPECT_EQ(reinterpret_cast<uintptr_t>(aligned.get()) % alignof(OverAligned), 0u);
  simd::AlignedArray<float> floats;
  EXPECT_EQ(BytesOf([&] { floats.Resize(10); }), (10 + simd::kSlack) * sizeof(float));
  EXPECT_GT(BytesOf([&] { floats.Resize(simd::kHugePage); }), simd::kHugePage * sizeof(float));
  std::unique_ptr<int> no_throw;
  EXPECT_EQ(BytesOf([&] { no_throw.reset(new (std::nothrow) int(2)); }), sizeof(int));
  // What was freed counts as well; what is reused does not.
  EXPECT_GT(BytesOf([] { std::string(100, 'x').append("y"); }), 100u);
  EXPECT_EQ(BytesOf([&] { vector.assign(100, 1); }), 0u);
}

// Model, leaf weights, labels inside the trees.
class AllocationTest : public testing::TestWithParam<std::tuple<std::string, const char*, bool>> {
 protected:
  static constexpr size_t kBatch = 7;

  void SetUp() override {
    RunSpec spec;
    spec.model = std::get<0>(GetParam());
    spec.leaf_weights = std::get<1>(GetParam());
    spec.dim = 11;
    spec.batch = static_cast<int>(kBatch);
    std::vector<int> leaves;  // trees of one leaf among them, and a last minibatch that is smaller
    for (int i = 0; i < 60; ++i) leaves.push_back(1 + (i * 7) % 23);
    forest_ = RandomForest(leaves, kVocabulary, kClasses, std::get<2>(GetParam()), 5);
    network_ = std::make_unique<Network>(spec, kVocabulary, kClasses);
    MinibatchLimits limits;
    limits.Include(forest_, kBatch);
    IncludeEvaluation(forest_, limits);
    network_->Reserve(limits);
    Initialise(network_->layout(), spec, network_->parameters());
    order_.resize(forest_.trees());
    std::iota(order_.begin(), order_.end(), 0);
  }

  void TrainEpoch() {
    for (size_t begin = 0; begin < order_.size(); begin += kBatch) {
      network_->Forward(forest_, {order_.data() + begin, std::min(kBatch, order_.size() - begin)});
      network_->Backward();
      network_->Update();
    }
    std::reverse(order_.begin(), order_.end());  // other minibatches in the next epoch
  }

  Forest forest_;
  std::unique_ptr<Network> network_;
  std::vector<int32_t> order_;
};

TEST_P(AllocationTest, TrainingAllocatesNothing) {
  EXPECT_EQ(BytesOf([&] { TrainEpoch(); }), 0u) << "first epoch";
  EXPECT_EQ(BytesOf([&] { TrainEpoch(); }), 0u) << "second epoch";
}

TEST_P(AllocationTest, EvaluationAllocatesNothing) {
  EXPECT_EQ(BytesOf([&] { Evaluate(*network_, forest_); }), 0u);
}

// With everything that stands around an update.
class RuleAllocationTest : public testing::TestWithParam<RuleCase> {};

TEST_P(RuleAllocationTest, UpdatesAllocateNothing) {
  RunSpec spec = SpecOf(GetParam());
  spec.dim = 11;
  spec.accumulate = 2;
  spec.clip = 0.1;
  spec.dropout_words = spec.dropout_head = 0.5;
  const Forest forest = RandomForest({9, 4, 1, 12, 7, 3}, kVocabulary, kClasses, true, 5);
  Network network(spec, kVocabulary, kClasses);
  MinibatchLimits limits;
  limits.Include(forest, 3);
  network.Reserve(limits);
  Initialise(network.layout(), spec, network.parameters());
  const std::vector<int32_t> trees = {3, 0, 5, 2, 4, 1};
  EXPECT_EQ(BytesOf([&] {
              for (uint32_t minibatch = 0; minibatch < 4; ++minibatch) {
                network.ForwardToTrain(forest, {trees.data() + (minibatch % 2 == 0 ? 0 : 3), 3},
                                       minibatch);
                network.Backward(6);
                minibatch % 2 == 0 ? network.Accumulate() : network.Update(0.5);
              }
            }),
            0u);
}

// Target, comparison.
class PairAllocationTest : public testing::TestWithParam<std::tuple<const char*, const char*>> {};

TEST_P(PairAllocationTest, TrainingAndEvaluationAllocateNothing) {
  RunSpec spec;
  spec.target = std::get<0>(GetParam());
  spec.comparison = std::get<1>(GetParam());
  spec.dim = 11;
  spec.dropout_head = 0.5;
  const bool scores = spec.target == "score";
  const Forest forest = PairsOf({9, 4, 1, 12, 7, 3, 2, 2}, kVocabulary, kClasses, scores, 5);
  Network network(Resolve(spec), kVocabulary, scores ? kScores : kClasses);
  MinibatchLimits limits;
  limits.Include(forest, 3);
  IncludeEvaluation(forest, limits);
  network.Reserve(limits);
  Initialise(network.layout(), spec, network.parameters());
  const std::vector<int32_t> pairs = {3, 0, 2, 1};
  EXPECT_EQ(BytesOf([&] {
              for (const std::span<const int32_t> batch :
                   {std::span(pairs).first(3), std::span(pairs).last(1)}) {
                network.ForwardToTrain(forest, batch, 1);
                network.Backward();
                network.Update();
              }
              Evaluate(network, forest);
            }),
            0u);
}

INSTANTIATE_TEST_SUITE_P(Heads, PairAllocationTest,
                         testing::Combine(testing::Values("classes", "score"),
                                          testing::Values("tai", "bowman")));

INSTANTIATE_TEST_SUITE_P(Rules, RuleAllocationTest, EveryRule(), RuleName);

INSTANTIATE_TEST_SUITE_P(Models, AllocationTest,
                         testing::Combine(testing::ValuesIn(ModelNames()),
                                          testing::Values("own", "shared"), testing::Bool()),
                         [](const auto& test) {
                           return std::string(std::get<0>(test.param)) + "_" +
                                  std::get<1>(test.param) + "_" +
                                  (std::get<2>(test.param) ? "labels_inside" : "labels_at_roots");
                         });

}  // namespace
}  // namespace grove
