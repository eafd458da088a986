// Choosing a target: what can be forced is what runs.
#include "simd/targets.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "simd/aligned.h"
#include "simd/gemm.h"

namespace grove::simd {
namespace {

class TargetsTest : public testing::Test {
 protected:
  void TearDown() override { ASSERT_TRUE(ForceTarget("")); }
};

TEST_F(TargetsTest, BestComesFirstAndIsActive) {
  const std::vector<std::string> targets = SupportedTargets();
  ASSERT_FALSE(targets.empty());
  EXPECT_EQ(ActiveTarget(), targets.front());
  EXPECT_EQ(std::set<std::string>(targets.begin(), targets.end()).size(), targets.size());
  // Those of one architecture, best first; newer versions of Highway have more of them.
  const std::vector<std::string> order = {
      "AVX10_2", "AVX3_SPR",  "AVX3_ZEN4", "AVX3_DL",          "AVX3",    "AVX2",
      "SSE4",    "SSSE3",     "SSE2",      "SVE2_128",         "SVE_256", "SVE2",
      "SVE",     "NEON_BF16", "NEON",      "NEON_WITHOUT_AES", "EMU128",  "SCALAR"};
  size_t last = 0;
  for (const std::string& target : targets) {
    const size_t place = std::find(order.begin(), order.end(), target) - order.begin();
    ASSERT_LT(place, order.size()) << target << " is a new target: add it to this list";
    EXPECT_GE(place, last) << target;
    last = place;
  }
}

TEST_F(TargetsTest, ForcingWorks) {
  const std::vector<std::string> targets = SupportedTargets();
  for (const std::string& target : targets) {
    EXPECT_TRUE(ForceTarget(target));
    EXPECT_EQ(ActiveTarget(), target);
    EXPECT_EQ(SupportedTargets(), targets) << "the list shrank with " << target << " forced";
  }
  EXPECT_TRUE(ForceTarget(""));
  EXPECT_EQ(ActiveTarget(), targets.front());
}

TEST_F(TargetsTest, UnknownNamesChangeNothing) {
  const std::vector<std::string> targets = SupportedTargets();
  const std::vector<std::string> wrong = {"doesnotexist", "avx2",    "AVX",  " AVX2", "AVX2 ",
                                          "Unknown",      "unknown", "SVE2", "PPC8",  "WASM"};
  for (const std::string& name : wrong) {
    if (std::find(targets.begin(), targets.end(), name) != targets.end()) continue;
    EXPECT_FALSE(ForceTarget(name)) << name;
    EXPECT_EQ(ActiveTarget(), targets.front()) << name;
    ASSERT_TRUE(ForceTarget(targets.back()));
    EXPECT_FALSE(ForceTarget(name)) << name;
    EXPECT_EQ(ActiveTarget(), targets.back()) << name;
    ASSERT_TRUE(ForceTarget(""));
  }
}

TEST_F(TargetsTest, FusedMultiplyAdd) {
  for (const char* name : {"AVX2", "AVX3", "AVX3_DL", "AVX3_ZEN4", "AVX3_SPR", "AVX10_2", "NEON",
                           "NEON_WITHOUT_AES", "NEON_BF16", "SVE", "SVE_256", "SVE2", "SVE2_128"}) {
    EXPECT_TRUE(TargetHasFma(name)) << name;
  }
  for (const char* name :
       {"SSE2", "SSSE3", "SSE4", "EMU128", "SCALAR", "", "AVX", "AVX30", "SVELTE"}) {
    EXPECT_FALSE(TargetHasFma(name)) << name;
  }
}

// (1 + 2^-12)^2 = 1 + 2^-11 + 2^-24, whose last term only a fused sum keeps.
TEST_F(TargetsTest, FusedMultiplyAddIsWhatTheTargetsDo) {
  const float a = 1 + 0x1p-12f;
  const KRange one = {0, 1};
  for (const std::string& target : SupportedTargets()) {
    ASSERT_TRUE(ForceTarget(target));
    AlignedArray<float> b(1), c(1);
    b[0] = a;
    c[0] = -(1 + 0x1p-11f);
    Gemm({.a = &a,
          .a_row_stride = 1,
          .a_k_stride = 1,
          .b = b.data(),
          .b_stride = 8,
          .c = c.data(),
          .c_stride = 8,
          .rows = 1,
          .cols = 1,
          .ranges = &one,
          .num_ranges = 1,
          .accumulate = true});
    EXPECT_EQ(c[0], TargetHasFma(target) ? 0x1p-24f : 0.0f) << target;
  }
}

}  // namespace
}  // namespace grove::simd
