#include "simd/compare.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "simd/compare.cc"
#include <hwy/foreach_target.h>  // IWYU pragma: keep
// After foreach_target.
#include <hwy/highway.h>

#include "simd/gates-inl.h"

HWY_BEFORE_NAMESPACE();
namespace grove::simd {
namespace HWY_NAMESPACE {
namespace {

HWY_FLATTEN void ProductAndDistanceImpl(size_t n, size_t pairs, Rows h, Rows features) {
  const size_t padded = PadRow(n);
  for (size_t i = 0; i < pairs; ++i) {
    const float *left = h.Row(2 * i), *right = h.Row(2 * i + 1);
    float* to = features.Row(i);
    ForEachVector(n, [&](auto d, size_t j, size_t /*count*/) HWY_ATTR {
      const auto l = hn::LoadU(d, left + j), r = hn::LoadU(d, right + j);
      hn::StoreU(hn::Mul(l, r), d, to + j);
      hn::StoreU(hn::Abs(hn::Sub(l, r)), d, to + padded + j);
    });
  }
}

HWY_FLATTEN void ProductAndDistanceBackwardImpl(size_t n, size_t pairs, Rows h, Rows dfeatures,
                                                Rows dh) {
  const size_t padded = PadRow(n);
  for (size_t i = 0; i < pairs; ++i) {
    const float *left = h.Row(2 * i), *right = h.Row(2 * i + 1), *from = dfeatures.Row(i);
    float *dleft = dh.Row(2 * i), *dright = dh.Row(2 * i + 1);
    ForEachVector(n, [&](auto d, size_t j, size_t /*count*/) HWY_ATTR {
      const auto l = hn::LoadU(d, left + j), r = hn::LoadU(d, right + j);
      const auto product = hn::LoadU(d, from + j), distance = hn::LoadU(d, from + padded + j);
      const auto difference = hn::Sub(l, r);
      const auto sign = hn::IfThenZeroElse(hn::Eq(difference, hn::Zero(d)),
                                           hn::CopySign(hn::Set(d, 1.0f), difference));
      const auto slope = hn::Mul(sign, distance);
      hn::StoreU(hn::MulAdd(product, r, slope), d, dleft + j);
      hn::StoreU(hn::MulSub(product, l, slope), d, dright + j);
    });
  }
}

struct SigmoidSquash {
  template <class D, class V = hn::Vec<D>>
  static HWY_INLINE V Value(D d, V x) {
    return Sigmoid(d, x);
  }
  template <class D, class V = hn::Vec<D>>
  static HWY_INLINE V Slope(D /*d*/, V y) {
    return SigmoidSlope(y);
  }
};

template <class F>
HWY_FLATTEN void Forward(size_t n, size_t rows, const float* b, Rows z) {
  for (size_t i = 0; i < rows; ++i) {
    float* row = z.Row(i);
    ForEachVector(n, [&](auto d, size_t j, size_t /*count*/) HWY_ATTR {
      const auto sum = hn::Add(hn::LoadU(d, row + j), hn::LoadU(d, b + j));
      hn::StoreU(F::Value(d, sum), d, row + j);
    });
  }
}

template <class F>
HWY_FLATTEN void Backward(size_t n, size_t rows, Rows s, Rows ds, float* db) {
  for (size_t i = 0; i < rows; ++i) {
    const float* value = s.Row(i);
    float* row = ds.Row(i);
    ForEachVector(n, [&](auto d, size_t j, size_t count) HWY_ATTR {
      const auto slope = F::Slope(d, hn::LoadU(d, value + j));
      const auto dz = hn::Mul(hn::LoadU(d, row + j), slope);
      hn::StoreU(dz, d, row + j);
      AddExactly(dz, d, db + j, count);
    });
  }
}

void SquashForwardImpl(Squash f, size_t n, size_t rows, const float* b, Rows z) {
  f == Squash::kTanh ? Forward<TanhActivation>(n, rows, b, z)
                     : Forward<SigmoidSquash>(n, rows, b, z);
}
void SquashBackwardImpl(Squash f, size_t n, size_t rows, Rows s, Rows ds, float* db) {
  f == Squash::kTanh ? Backward<TanhActivation>(n, rows, s, ds, db)
                     : Backward<SigmoidSquash>(n, rows, s, ds, db);
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace grove::simd
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace grove::simd {

HWY_EXPORT(ProductAndDistanceImpl);
HWY_EXPORT(ProductAndDistanceBackwardImpl);
HWY_EXPORT(SquashForwardImpl);
HWY_EXPORT(SquashBackwardImpl);

void ProductAndDistance(size_t n, size_t pairs, Rows h, Rows features) {
  HWY_DYNAMIC_DISPATCH(ProductAndDistanceImpl)(n, pairs, h, features);
}
void ProductAndDistanceBackward(size_t n, size_t pairs, Rows h, Rows dfeatures, Rows dh) {
  HWY_DYNAMIC_DISPATCH(ProductAndDistanceBackwardImpl)(n, pairs, h, dfeatures, dh);
}
void SquashForward(Squash f, size_t n, size_t rows, const float* b, Rows z) {
  HWY_DYNAMIC_DISPATCH(SquashForwardImpl)(f, n, rows, b, z);
}
void SquashBackward(Squash f, size_t n, size_t rows, Rows s, Rows ds, float* db) {
  HWY_DYNAMIC_DISPATCH(SquashBackwardImpl)(f, n, rows, s, ds, db);
}

}  // namespace grove::simd
#endif
