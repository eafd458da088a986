// Which instruction set the kernels run on. Highway picks the best one of the processor at run
// time; a target can be forced, for tests and for comparing targets.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace grove::simd {

// Names of the targets that are compiled in and that this processor runs, best first
// ("AVX3", "AVX2", "SSE4", ...).
std::vector<std::string> SupportedTargets();

// The target that kernels called from now on will run on.
std::string ActiveTarget();

// True if the named target has fused multiply-add: those targets give the same bits.
bool TargetHasFma(std::string_view name);

// Makes every later kernel call use `name`; an empty name returns to the best target. Returns
// false, and changes nothing, if the name is not one of SupportedTargets(). Call it before other
// threads run kernels.
bool ForceTarget(std::string_view name);

}  // namespace grove::simd
