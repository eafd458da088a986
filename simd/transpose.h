// Transposed copies of weight matrices.
#pragma once

#include <cstddef>

namespace grove::simd {

// B[c, r] = A[r, c] for r in [0, rows), c in [0, cols). Reads up to kSlack floats past a row of A.
// Of each row of B the columns up to PadRow(rows) are written, the padding with copies of A's last
// row; b_stride >= PadRow(rows). A and B must not overlap.
void Transpose(const float* a, size_t a_stride, size_t rows, size_t cols, float* b,
               size_t b_stride);

}  // namespace grove::simd
