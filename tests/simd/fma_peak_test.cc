// The measured peak rests on these counts: all chains run, and in every lane.
#include "simd/fma_peak.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/simd/float_rows.h"
#include "tests/simd/target_fixture.h"

namespace grove::simd {
namespace {

class FmaPeakTest : public TargetTest {};

TEST_P(FmaPeakTest, EveryChainInEveryLane) {
  constexpr size_t kChains = 12;
  const size_t lanes = FmaChainFlops() / (2 * kChains);
  ASSERT_EQ(FmaChainFlops(), 2 * kChains * lanes);
  // Lane l of chain c starts at c + l; t steps of x = 3/4 x + 1/4 leave 1 + (c + l - 1) (3/4)^t.
  for (int steps : {0, 1, 2, 10, 200}) {
    double sum = 0;
    for (size_t c = 0; c < kChains; ++c) {
      for (size_t l = 0; l < lanes; ++l) {
        sum += 1 + (static_cast<double>(c + l) - 1) * std::pow(0.75, steps);
      }
    }
    EXPECT_NEAR(RunFmaChains(steps), sum, 1e-5 * sum) << steps;
  }
}

TEST_P(FmaPeakTest, AsWideAsTheTarget) {
  const size_t lanes = FmaChainFlops() / 24;
  if (GetParam().starts_with("AVX3")) {
    EXPECT_EQ(lanes, 16u);
  } else if (GetParam() == "AVX2") {
    EXPECT_EQ(lanes, 8u);
  } else if (GetParam() == "SCALAR") {
    EXPECT_EQ(lanes, 1u);
  } else {
    EXPECT_EQ(lanes, 4u) << "SSE and NEON";
  }
}

INSTANTIATE_TEST_SUITE_P(EveryTarget, FmaPeakTest, EveryTarget(), TargetName);

}  // namespace
}  // namespace grove::simd
