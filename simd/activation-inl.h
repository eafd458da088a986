// The nonlinearities g on vectors, and the choice among them, made once a kernel call.
#if defined(GROVE_SIMD_ACTIVATION_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef GROVE_SIMD_ACTIVATION_INL_H_
#undef GROVE_SIMD_ACTIVATION_INL_H_
#else
#define GROVE_SIMD_ACTIVATION_INL_H_
#endif

#include <hwy/highway.h>

#include "simd/activation.h"
#include "simd/lanes-inl.h"
#include "simd/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace grove::simd {
namespace HWY_NAMESPACE {

// Each g has its value at x, and its slope written in terms of y = g(x).
struct TanhActivation {
  template <class D, class V = hn::Vec<D>>
  static HWY_INLINE V Value(D d, V x) {
    return Tanh(d, x);
  }
  template <class D, class V = hn::Vec<D>>
  static HWY_INLINE V Slope(D d, V y) {
    return hn::NegMulAdd(y, y, hn::Set(d, 1.0f));
  }
};

// max(x, 0), but NaN stays NaN.
struct ReluActivation {
  template <class D, class V = hn::Vec<D>>
  static HWY_INLINE V Value(D d, V x) {
    return hn::IfThenZeroElse(hn::Lt(x, hn::Zero(d)), x);
  }
  template <class D, class V = hn::Vec<D>>
  static HWY_INLINE V Slope(D d, V y) {
    return hn::IfThenElseZero(hn::Gt(y, hn::Zero(d)), hn::Set(d, 1.0f));
  }
};

// x / (1 + |x|); the slope is 1 / (1 + |x|)^2 = (1 - |y|)^2.
struct SoftsignActivation {
  template <class D, class V = hn::Vec<D>>
  static HWY_INLINE V Value(D d, V x) {
    return hn::Div(x, hn::Add(hn::Set(d, 1.0f), hn::Abs(x)));
  }
  template <class D, class V = hn::Vec<D>>
  static HWY_INLINE V Slope(D d, V y) {
    const V rest = hn::Sub(hn::Set(d, 1.0f), hn::Abs(y));
    return hn::Mul(rest, rest);
  }
};

// Calls body(G()) for the struct of that nonlinearity.
template <class Body>
HWY_INLINE void WithActivation(Activation g, const Body& body) {
  switch (g) {
    case Activation::kTanh:
      return body(TanhActivation());
    case Activation::kRelu:
      return body(ReluActivation());
    case Activation::kSoftsign:
      return body(SoftsignActivation());
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace grove::simd
HWY_AFTER_NAMESPACE();

#endif  // GROVE_SIMD_ACTIVATION_INL_H_
