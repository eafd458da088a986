// Runs a test once on every target of this processor, and proves that it did.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "simd/targets.h"
#include "tests/simd/float_rows.h"

namespace grove::simd {

// The parameter is the name of a target; the kernels that a test calls run on it. Instantiate with
//   INSTANTIATE_TEST_SUITE_P(EveryTarget, MyTest, EveryTarget(), TargetName);
class TargetTest : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    ASSERT_TRUE(ForceTarget(GetParam()));
    ASSERT_EQ(ActiveTarget(), GetParam());
  }

  void TearDown() override {
    EXPECT_EQ(ActiveTarget(), GetParam()) << "the test changed the target";
    ASSERT_TRUE(ForceTarget(""));
    ASSERT_EQ(ActiveTarget(), SupportedTargets().front());
  }

  static bool HasFma() { return TargetHasFma(GetParam()); }

  // Targets with fused multiply-add promise the same bits: on one of them, compares what compute()
  // returns with what it returns on the best one. The others keep no such promise.
  template <class Compute>
  static void ExpectBitsOfBestTarget(const Compute& compute) {
    if (!HasFma()) return;
    const std::vector<float> here = compute();
    ASSERT_TRUE(ForceTarget(SupportedTargets().front()));
    const std::vector<float> best = compute();
    ASSERT_TRUE(ForceTarget(GetParam()));
    EXPECT_TRUE(SameBits(best, here));
  }
};

inline auto EveryTarget() { return testing::ValuesIn(SupportedTargets()); }

inline std::string TargetName(const testing::TestParamInfo<std::string>& info) {
  return info.param;
}

}  // namespace grove::simd
