// Matrix products for the small shapes of a tree level, with bits that depend on nothing but the
// operands: every element of C is one chain of fused multiply-adds over k in index order, whatever
// the vector width, the number of rows or the blocking. (Targets without FMA round twice a term.)
#pragma once

#include <cstddef>
#include <cstdint>

namespace grove::simd {

// Half-open range of k indices [begin, begin + count).
struct KRange {
  int32_t begin = 0;
  int32_t count = 0;
};

// C[r, c] = (accumulate ? C[r, c] : 0) + sum_k A(r, k) * B[k, c]
// for r in [0, rows), c in [0, cols), and k through `ranges` in order.
struct GemmArgs {
  // A(r, k) is a[r * a_row_stride + k * a_k_stride]: either stride may be 1, so one kernel serves
  // X W (a_k_stride = 1) and the weight gradient X' dZ (a_row_stride = 1). Up to kSlack floats past
  // each row may be read.
  const float* a;
  size_t a_row_stride;
  size_t a_k_stride;
  // B[k, c] is b[k * b_stride + c]. Up to kSlack floats past each row may be read.
  const float* b;
  size_t b_stride;
  // Must not overlap A or B. Exactly the rows x cols elements are written; up to kSlack floats past
  // each row may be read.
  float* c;
  size_t c_stride;
  size_t rows;
  size_t cols;
  const KRange* ranges;
  size_t num_ranges;
  bool accumulate;
};

void Gemm(const GemmArgs& args);

}  // namespace grove::simd
