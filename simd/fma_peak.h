// A kernel that does nothing but fused multiply-adds in registers: how fast this core can be, on
// the active target.
#pragma once

#include <cstddef>

namespace grove::simd {

// Runs `iterations` steps of independent chains x = x a + b, enough of them to hide the latency.
// Returns a value that depends on every chain, so that nothing can be left out.
double RunFmaChains(size_t iterations);

// Floating-point operations of one iteration on the active target: 2 a fused multiply-add (and as
// many where it takes two instructions) times the lanes times the chains.
size_t FmaChainFlops();

}  // namespace grove::simd
