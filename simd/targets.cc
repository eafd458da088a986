#include "simd/targets.h"

#include <hwy/highway.h>

#include <algorithm>
#include <iterator>

namespace grove::simd {
namespace {

// The targets with fused multiply-add by the names that Highway gives them: the older versions have
// some of them, and one NEON where newer ones have three.
constexpr std::string_view kFmaTargets[] = {
    "AVX2", "AVX3",      "AVX3_DL", "AVX3_ZEN4", "AVX3_SPR", "AVX10_2", "NEON_WITHOUT_AES",
    "NEON", "NEON_BF16", "SVE",     "SVE_256",   "SVE2",     "SVE2_128"};

// Set by ForceTarget; 0 while the best target is used.
int64_t forced_target = 0;

}  // namespace

std::vector<std::string> SupportedTargets() {
  std::vector<std::string> names;
  int64_t targets = hwy::SupportedTargets() & HWY_TARGETS;
  if (forced_target != 0) {  // SupportedTargets() then knows only the forced one
    hwy::SetSupportedTargetsForTest(0);
    targets = hwy::SupportedTargets() & HWY_TARGETS;
    hwy::SetSupportedTargetsForTest(forced_target);
  }
  for (; targets != 0; targets &= targets - 1) {  // lowest bit: best target
    names.emplace_back(hwy::TargetName(targets & -targets));
  }
  return names;
}

std::string ActiveTarget() {
  const int64_t targets = hwy::SupportedTargets() & HWY_TARGETS;
  return hwy::TargetName(targets & -targets);
}

bool TargetHasFma(std::string_view name) {
  return std::find(std::begin(kFmaTargets), std::end(kFmaTargets), name) != std::end(kFmaTargets);
}

bool ForceTarget(std::string_view name) {
  if (name.empty()) {
    forced_target = 0;
    hwy::SetSupportedTargetsForTest(0);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    return true;
  }
  const std::string before = forced_target == 0 ? "" : hwy::TargetName(forced_target);
  ForceTarget("");
  for (int64_t targets = hwy::SupportedTargets() & HWY_TARGETS; targets != 0;
       targets &= targets - 1) {
    const int64_t target = targets & -targets;
    if (name != hwy::TargetName(target)) continue;
    forced_target = target;
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    return true;
  }
  if (!before.empty()) ForceTarget(before);
  return false;
}

}  // namespace grove::simd
