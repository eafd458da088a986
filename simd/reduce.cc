#include "simd/reduce.h"

#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "simd/reduce.cc"
#include <hwy/foreach_target.h>  // IWYU pragma: keep
// After foreach_target.
#include <hwy/highway.h>

#include "simd/reduce-inl.h"

HWY_BEFORE_NAMESPACE();
namespace grove::simd {
namespace HWY_NAMESPACE {
namespace {

float SumImpl(const float* x, size_t count) { return FoldSum(x, count); }
float SumSquaresImpl(const float* x, size_t count) { return FoldSumSquares(x, count); }

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace grove::simd
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace grove::simd {

HWY_EXPORT(SumImpl);
HWY_EXPORT(SumSquaresImpl);

float Sum(const float* x, size_t count) { return HWY_DYNAMIC_DISPATCH(SumImpl)(x, count); }
float SumSquares(const float* x, size_t count) {
  return HWY_DYNAMIC_DISPATCH(SumSquaresImpl)(x, count);
}
float Norm(const float* x, size_t count) { return std::sqrt(SumSquares(x, count)); }

}  // namespace grove::simd
#endif
