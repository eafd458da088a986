// The learning rate over a run, at points worked out by hand.
#include "engine/training/rate_schedule.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace grove {
namespace {

TEST(RateFactorTest, ConstantIsOne) {
  const RunSpec spec;
  for (const double begin : {0.0, 0.5, 7.25, 99.0})
    EXPECT_EQ(RateFactor(spec, begin, begin + 1), 1);
}

TEST(RateFactorTest, StepsAfterWholeEpochs) {
  RunSpec spec;
  spec.rate_schedule = "step";
  spec.rate_step_epochs = 3;
  spec.rate_factor = 0.5;
  EXPECT_EQ(RateFactor(spec, 0, 0.1), 1);
  EXPECT_EQ(RateFactor(spec, 2.99, 3), 1);
  EXPECT_EQ(RateFactor(spec, 3, 3.1), 0.5);
  EXPECT_EQ(RateFactor(spec, 5.5, 5.6), 0.5);
  EXPECT_EQ(RateFactor(spec, 9, 9.1), 0.125);
}

TEST(RateFactorTest, CosineFallsToZero) {
  RunSpec spec;
  spec.rate_schedule = "cosine";
  spec.epochs = 8;
  EXPECT_EQ(RateFactor(spec, 0, 0.1), 1);
  for (double begin = 0; begin <= 8; begin += 0.125) {
    EXPECT_NEAR(RateFactor(spec, begin, begin), (1 + std::cos(std::numbers::pi * begin / 8)) / 2,
                1e-15);
  }
  EXPECT_NEAR(RateFactor(spec, 8, 8), 0, 1e-30);
}

TEST(RateFactorTest, WarmupRisesToTheSchedule) {
  RunSpec spec;
  spec.warmup = 0.5;
  EXPECT_EQ(RateFactor(spec, 0, 0.125), 0.25) << "the first update already moves";
  EXPECT_EQ(RateFactor(spec, 0.25, 0.375), 0.75);
  EXPECT_EQ(RateFactor(spec, 0.375, 0.5), 1);
  EXPECT_EQ(RateFactor(spec, 0.5, 0.625), 1);
  spec.rate_schedule = "step";
  spec.rate_step_epochs = 1;
  spec.rate_factor = 0.5;
  spec.warmup = 4;
  EXPECT_EQ(RateFactor(spec, 1.5, 2), 0.25);
}

}  // namespace
}  // namespace grove
