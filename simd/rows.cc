#include "simd/rows.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "simd/rows.cc"
#include <hwy/foreach_target.h>  // IWYU pragma: keep
// After foreach_target.
#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include "simd/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace grove::simd {
namespace HWY_NAMESPACE {
namespace {

void GatherRowsImpl(const float* table, size_t table_stride, const int32_t* ids, size_t count,
                    float* out, size_t out_stride) {
  constexpr size_t kAhead = 8;
  constexpr size_t kCacheLine = 16;  // floats
  for (size_t i = 0; i < count; ++i) {
    if (i + kAhead < count) {
      const float* ahead = table + static_cast<size_t>(std::max(ids[i + kAhead], 0)) * table_stride;
      for (size_t j = 0; j < table_stride; j += kCacheLine) hwy::Prefetch(ahead + j);
    }
    float* to = out + i * out_stride;
    if (ids[i] < 0) {
      std::fill_n(to, table_stride, 0.0f);
      continue;
    }
    const float* from = table + static_cast<size_t>(ids[i]) * table_stride;
    ForEachVector(table_stride, [&](auto d, size_t j, size_t piece) HWY_ATTR {
      StoreExactly(hn::LoadU(d, from + j), d, to + j, piece);
    });
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace grove::simd
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace grove::simd {

HWY_EXPORT(GatherRowsImpl);

void GatherRows(const float* table, size_t table_stride, const int32_t* ids, size_t count,
                float* out, size_t out_stride) {
  HWY_DYNAMIC_DISPATCH(GatherRowsImpl)(table, table_stride, ids, count, out, out_stride);
}

}  // namespace grove::simd
#endif
