// Minibatches beyond what was reserved are caught where asserts are on: each limit by its owner.
#include <gtest/gtest.h>

#include <string>

#include "engine/cells/model.h"
#include "engine/training/classifier.h"
#include "engine/training/network.h"
#include "engine/trees/schedule.h"
#include "tests/engine/training/engine_oracle.h"

namespace grove {
namespace {

constexpr int kVocabulary = 9, kClasses = 3;

class ReserveTest : public testing::Test {
 protected:
  void SetUp() override {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    spec_.model = "rlstm";
    spec_.dim = 6;
    spec_ = Resolve(spec_);
    limits_.Include(forest_, 0, forest_.trees());
  }

  // The loss of all trees together.
  double Forward(const MinibatchLimits& limits) const {
    Network network(spec_, kVocabulary, kClasses);
    network.Reserve(limits);
    Initialise(network.layout(), spec_, network.parameters());
    return network.Forward(forest_, 0, forest_.trees(), Keep::kForBackward).loss;
  }
  int32_t Build(size_t nodes, size_t levels, size_t trees) const {
    Scheduler scheduler(kVocabulary, {});
    Schedule schedule;
    scheduler.Reserve(nodes, levels, trees, schedule);
    scheduler.Build(forest_, numbers_, schedule);
    return schedule.rows;
  }

  RunSpec spec_;
  const Forest forest_ = RandomForest({4, 7, 2}, kVocabulary, kClasses, true, 3);
  const std::vector<int32_t> numbers_ = {0, 1, 2};
  MinibatchLimits limits_;
};

TEST_F(ReserveTest, WhatWasReservedFits) {
  EXPECT_GT(Forward(limits_), 0);
  EXPECT_EQ(Build(limits_.nodes, limits_.levels, limits_.trees),
            static_cast<int32_t>(limits_.nodes));
}

// Without asserts the rest would write past what was reserved, so it is only there with them.
#ifndef NDEBUG

TEST_F(ReserveTest, TheSchedulerKnowsItsLimits) {
  EXPECT_DEATH(Build(limits_.nodes - 1, limits_.levels, limits_.trees), "most_nodes_");
  EXPECT_DEATH(Build(limits_.nodes, limits_.levels - 1, limits_.trees), "most_levels_");
  EXPECT_DEATH(Build(limits_.nodes, limits_.levels, limits_.trees - 1), "most_trees_");
}

TEST_F(ReserveTest, TheNetworkKnowsItsLimits) {
  for (size_t MinibatchLimits::*limit :
       {&MinibatchLimits::nodes, &MinibatchLimits::inner, &MinibatchLimits::levels,
        &MinibatchLimits::trees, &MinibatchLimits::labelled}) {
    MinibatchLimits less = limits_;
    --(less.*limit);
    EXPECT_DEATH(Forward(less), "ssert");
  }
}

// The parts on their own, as the network would use them.
TEST_F(ReserveTest, ModelAndClassifierKnowTheirLimits) {
  const auto forward = [&](size_t rows, size_t leaves, size_t labelled) {
    ParameterLayout layout;
    const auto model = MakeModel(spec_, layout);
    Classifier classifier(spec_, kClasses, layout);
    layout.Finish();
    const Parameters parameters(layout, kVocabulary, spec_.dim);
    Scheduler scheduler(kVocabulary, model->needs());
    Schedule schedule;
    scheduler.Build(forest_, numbers_, schedule);
    model->Reserve(rows, leaves);
    classifier.Reserve(labelled, forest_.trees());
    const size_t stride = simd::PadRow(static_cast<size_t>(model->state_width()));
    simd::AlignedArray<float> h((limits_.nodes + 1) * stride), dh((limits_.nodes + 1) * stride);
    NodeStates states;
    states.h = states.x = {h.data(), stride};
    states.dh = states.dx = {dh.data(), stride};
    model->Forward(parameters, schedule, states, Keep::kForBackward);
    classifier.Forward({parameters, schedule, states}, {forest_, numbers_, {}}, Dropout());
  };
  const size_t leaves = limits_.nodes - limits_.inner;
  forward(limits_.nodes, leaves, limits_.labelled);
  EXPECT_DEATH(forward(limits_.nodes - 1, leaves - 1, limits_.labelled), "HasRoomFor");
  EXPECT_DEATH(forward(limits_.nodes, leaves + 1, limits_.labelled), "HasRoomFor");
  EXPECT_DEATH(forward(limits_.nodes, leaves, limits_.labelled - 1), "losses_");
}

#endif

}  // namespace
}  // namespace grove
