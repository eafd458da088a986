#include "simd/transpose.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "simd/transpose.cc"
#include <hwy/foreach_target.h>  // IWYU pragma: keep
// After foreach_target.
#include <hwy/highway.h>

#include "simd/aligned.h"

HWY_BEFORE_NAMESPACE();
namespace grove::simd {
namespace HWY_NAMESPACE {
namespace {

#if HWY_TARGET == HWY_SCALAR

void TransposeImpl(const float* a, size_t a_stride, size_t rows, size_t cols, float* b,
                   size_t b_stride) {
  for (size_t c = 0; c < cols; ++c) {
    for (size_t r = 0; r < PadRow(rows); ++r) {
      b[c * b_stride + r] = a[std::min(r, rows - 1) * a_stride + c];
    }
  }
}

#else

namespace hn = hwy::HWY_NAMESPACE;

// 4 x 4 at a time: two rounds of interleaving make four rows out of four columns.
void TransposeImpl(const float* a, size_t a_stride, size_t rows, size_t cols, float* b,
                   size_t b_stride) {
  const hn::FixedTag<float, 4> d;
  for (size_t r = 0; r < PadRow(rows); r += 4) {
    const float* row0 = a + std::min(r, rows - 1) * a_stride;
    const float* row1 = a + std::min(r + 1, rows - 1) * a_stride;
    const float* row2 = a + std::min(r + 2, rows - 1) * a_stride;
    const float* row3 = a + std::min(r + 3, rows - 1) * a_stride;
    float* out = b + r;
    for (size_t c = 0; c < cols; c += 4) {
      const auto v0 = hn::LoadU(d, row0 + c);
      const auto v1 = hn::LoadU(d, row1 + c);
      const auto v2 = hn::LoadU(d, row2 + c);
      const auto v3 = hn::LoadU(d, row3 + c);
      const auto low02 = hn::InterleaveLower(d, v0, v2);
      const auto low13 = hn::InterleaveLower(d, v1, v3);
      const auto high02 = hn::InterleaveUpper(d, v0, v2);
      const auto high13 = hn::InterleaveUpper(d, v1, v3);
      hn::StoreU(hn::InterleaveLower(d, low02, low13), d, out + c * b_stride);
      if (c + 1 < cols)
        hn::StoreU(hn::InterleaveUpper(d, low02, low13), d, out + (c + 1) * b_stride);
      if (c + 2 < cols)
        hn::StoreU(hn::InterleaveLower(d, high02, high13), d, out + (c + 2) * b_stride);
      if (c + 3 < cols)
        hn::StoreU(hn::InterleaveUpper(d, high02, high13), d, out + (c + 3) * b_stride);
    }
  }
}

#endif  // HWY_SCALAR

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace grove::simd
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace grove::simd {

HWY_EXPORT(TransposeImpl);

void Transpose(const float* a, size_t a_stride, size_t rows, size_t cols, float* b,
               size_t b_stride) {
  HWY_DYNAMIC_DISPATCH(TransposeImpl)(a, a_stride, rows, cols, b, b_stride);
}

}  // namespace grove::simd
#endif
