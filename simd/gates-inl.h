// What the elementwise kernels of gated cells share.
#if defined(GROVE_SIMD_GATES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef GROVE_SIMD_GATES_INL_H_
#undef GROVE_SIMD_GATES_INL_H_
#else
#define GROVE_SIMD_GATES_INL_H_
#endif

#include <hwy/highway.h>

#include "simd/activation-inl.h"

HWY_BEFORE_NAMESPACE();
namespace grove::simd {
namespace HWY_NAMESPACE {

// y (1 - y): the slope of the sigmoid where it has the value y.
template <class V>
HWY_INLINE V SigmoidSlope(V y) {
  return hn::NegMulAdd(y, y, y);
}

// The gradients of the sums of an LSTM's i, o and u, and of its cell c = i u + ..., h = o t, t =
// g(c): from dh, and from what came down to c.
template <class V>
struct LstmGradients {
  V dzi, dzo, dzu, dc;
};
template <class G, class D, class V = hn::Vec<D>>
HWY_INLINE LstmGradients<V> LstmBackward(D d, V dh, V dc_above, V i, V o, V u, V t) {
  const V dzo = hn::Mul(hn::Mul(dh, t), SigmoidSlope(o));
  const V dc = hn::MulAdd(hn::Mul(dh, o), G::Slope(d, t), dc_above);
  return {hn::Mul(hn::Mul(dc, u), SigmoidSlope(i)), dzo, hn::Mul(hn::Mul(dc, i), G::Slope(d, u)),
          dc};
}

// to += term, in its first `count` lanes and nowhere else.
template <class D, class V>
HWY_INLINE void AddExactly(V term, D d, float* to, size_t count) {
  StoreExactly(hn::Add(hn::LoadU(d, to), term), d, to, count);
}

}  // namespace HWY_NAMESPACE
}  // namespace grove::simd
HWY_AFTER_NAMESPACE();

#endif  // GROVE_SIMD_GATES_INL_H_
