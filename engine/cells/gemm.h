// The one place where the engine multiplies matrices. The default backend keeps the determinism
// contract; OpenBLAS is the reference it is tested against, and for comparing speed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "simd/gemm.h"

namespace grove {

enum class GemmBackend {
  kSimd,
  kOpenblas,
  kCounted,  // kSimd, counting: no setting names it
};

// "simd" or "openblas"; throws Error otherwise.
GemmBackend ParseGemmBackend(std::string_view name);

// C (+)= A B as described at simd::GemmArgs.
void Multiply(GemmBackend backend, const simd::GemmArgs& args);

// Multiply-adds that this thread has done by kCounted.
uint64_t CountedMultiplyAdds();

// What OpenBLAS says of itself (version, kernels), and how many threads it would start: the engine
// needs 1, because a run is one thread.
std::string OpenblasConfig();
int OpenblasThreads();

}  // namespace grove
