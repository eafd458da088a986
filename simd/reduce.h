// Sums in a fixed order: element i goes to partial sum i mod 16, in index order; the 16 partial
// sums are folded 8, 4, 2, 1. The same bits on every target that has fused multiply-add.
#pragma once

#include <cstddef>

namespace grove::simd {

// Sum of x[i]; 0 for count 0.
float Sum(const float* x, size_t count);

// Sum of x[i]^2.
float SumSquares(const float* x, size_t count);

// Euclidean norm: the square root of SumSquares.
float Norm(const float* x, size_t count);

}  // namespace grove::simd
