// Sums of rows whose bits depend on nothing but the row: sixteen partial sums on every target.
#if defined(GROVE_SIMD_REDUCE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef GROVE_SIMD_REDUCE_INL_H_
#undef GROVE_SIMD_REDUCE_INL_H_
#else
#define GROVE_SIMD_REDUCE_INL_H_
#endif

#include <hwy/highway.h>

#include <cstddef>

HWY_BEFORE_NAMESPACE();
namespace grove::simd {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

constexpr size_t kPartialSums = 16;

// The sum of partial[l] += term(x[16 b + l], y[16 b + l]) over the blocks b of x and y; `term` adds
// one pair of vectors to a running sum.
template <class Term>
HWY_INLINE float Fold(const float* x, const float* y, size_t count, const Term& term) {
  const hn::CappedTag<float, kPartialSums> d;
  HWY_ALIGN float partial[kPartialSums] = {};
  const size_t whole = count / kPartialSums * kPartialSums;
  for (size_t lane = 0; lane < kPartialSums; lane += hn::Lanes(d)) {
    auto sum = hn::Zero(d);
    for (size_t i = lane; i < whole; i += kPartialSums) {
      sum = term(hn::LoadU(d, x + i), hn::LoadU(d, y + i), sum);
    }
    hn::Store(sum, d, partial + lane);
  }
  if (whole < count) {
    HWY_ALIGN float rest_x[kPartialSums] = {};  // zeros leave a partial sum as it is
    HWY_ALIGN float rest_y[kPartialSums] = {};
    for (size_t i = whole; i < count; ++i) rest_x[i - whole] = x[i], rest_y[i - whole] = y[i];
    for (size_t lane = 0; lane < kPartialSums; lane += hn::Lanes(d)) {
      const auto sum =
          term(hn::Load(d, rest_x + lane), hn::Load(d, rest_y + lane), hn::Load(d, partial + lane));
      hn::Store(sum, d, partial + lane);
    }
  }
  for (size_t half = kPartialSums / 2; half > 0; half /= 2) {
    for (size_t i = 0; i < half; ++i) partial[i] += partial[i + half];
  }
  return partial[0];
}

HWY_INLINE float FoldSum(const float* x, size_t count) {
  return Fold(x, x, count,
              [](auto v, auto /*again*/, auto sum) HWY_ATTR { return hn::Add(sum, v); });
}
HWY_INLINE float FoldProducts(const float* x, const float* y, size_t count) {
  return Fold(x, y, count, [](auto v, auto w, auto sum) HWY_ATTR { return hn::MulAdd(v, w, sum); });
}
HWY_INLINE float FoldSumSquares(const float* x, size_t count) { return FoldProducts(x, x, count); }

}  // namespace HWY_NAMESPACE
}  // namespace grove::simd
HWY_AFTER_NAMESPACE();

#endif  // GROVE_SIMD_REDUCE_INL_H_
