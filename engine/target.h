// The instruction set of the kernels, for the layers that may not include simd/.
#pragma once

#include "simd/targets.h"

namespace grove {

using simd::ActiveTarget;
using simd::ForceTarget;
using simd::SupportedTargets;
using simd::TargetHasFma;

}  // namespace grove
