// Elementary functions on vectors of float. Each lane is a fixed sequence of IEEE operations and
// fused multiply-adds, so the result depends neither on the lane count nor on the target.
// Limits in units in the last place (ULP) are asserted over the whole range by the tests. NaN gives
// NaN: a run that diverged must not look sound again behind its next gate.
#if defined(GROVE_SIMD_MATH_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef GROVE_SIMD_MATH_INL_H_
#undef GROVE_SIMD_MATH_INL_H_
#else
#define GROVE_SIMD_MATH_INL_H_
#endif

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace grove::simd {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// x moved into [low, high]; NaN stays NaN. The minimum and maximum of x86 return their second
// operand if either is NaN; those of other processors may drop it.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Clamp(D d, V x, float low, float high) {
#if HWY_ARCH_X86 && HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_EMU128
  return hn::Min(hn::Set(d, high), hn::Max(hn::Set(d, low), x));
#else
  const V vlow = hn::Set(d, low);
  const V vhigh = hn::Set(d, high);
  return hn::IfThenElse(hn::Lt(x, vlow), vlow, hn::IfThenElse(hn::Gt(x, vhigh), vhigh, x));
#endif
}

// x = k ln2 + r with |r| <= ln2 / 2; returns exp(r) - 1 and 2^k (k in [-126, 127], from clamped x).
template <class D, class V = hn::Vec<D>>
HWY_INLINE V ReducedExpm1(D d, V x, V& power) {
  const hn::RebindToSigned<D> di;
  const V k = hn::Round(hn::Mul(x, hn::Set(d, 1.44269504088896341f)));
  // ln2 in two parts: the first has zeros in its low bits, so that k times it is exact.
  V r = hn::NegMulAdd(k, hn::Set(d, 0.693359375f), x);
  r = hn::NegMulAdd(k, hn::Set(d, -2.12194440e-4f), r);
  // exp(r) - 1 - r over r^2, minimax of degree 5 (the coefficients of Cephes' expf).
  V q = hn::Set(d, 1.9875691500e-4f);
  q = hn::MulAdd(q, r, hn::Set(d, 1.3981999507e-3f));
  q = hn::MulAdd(q, r, hn::Set(d, 8.3334519073e-3f));
  q = hn::MulAdd(q, r, hn::Set(d, 4.1665795894e-2f));
  q = hn::MulAdd(q, r, hn::Set(d, 1.6666665459e-1f));
  q = hn::MulAdd(q, r, hn::Set(d, 5.0000001201e-1f));
  const auto exponent = hn::Add(hn::ConvertTo(di, k), hn::Set(di, 127));
  power = hn::BitCast(d, hn::ShiftLeft<23>(exponent));
  return hn::MulAdd(hn::Mul(r, r), q, r);
}

// e^x, x clamped to [-87.3, 88.3]: within 2 ULP there, about 1e-38 below, about 2e38 above.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Exp(D d, V x) {
  V power;
  const V e = ReducedExpm1(d, Clamp(d, x, -87.3f, 88.3f), power);
  return hn::MulAdd(e, power, power);
}

// sigma(x) = 1 / (1 + e^-x): within 3 ULP for x > -87.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Sigmoid(D d, V x) {
  const V one = hn::Set(d, 1.0f);
  return hn::Div(one, hn::Add(one, Exp(d, hn::Neg(x))));
}

// tanh(x) = e / (e + 2) with e = e^2x - 1: no cancellation, within 4 ULP. Beyond |x| = 9.1 it is 1.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Tanh(D d, V x) {
  const V clamped = Clamp(d, x, -9.1f, 9.1f);
  V power;
  const V small = ReducedExpm1(d, hn::Add(clamped, clamped), power);
  const V e = hn::MulAdd(small, power, hn::Sub(power, hn::Set(d, 1.0f)));
  return hn::Div(e, hn::Add(e, hn::Set(d, 2.0f)));
}

// ln x for normal x > 0: within 2 ULP. Below them, at 0 too, about -88; at infinity about 89.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Log(D d, V x) {
  const hn::RebindToSigned<D> di;
  // x = m 2^k with m in [sqrt(1/2), sqrt(2)).
  const auto bits = hn::Sub(hn::BitCast(di, x), hn::Set(di, 0x3f3504f3));
  const V k = hn::ConvertTo(d, hn::ShiftRight<23>(bits));
  const auto mantissa = hn::Add(hn::And(bits, hn::Set(di, 0x7fffff)), hn::Set(di, 0x3f3504f3));
  const V f = hn::Sub(hn::BitCast(d, mantissa), hn::Set(d, 1.0f));
  // (ln(1 + f) - f + f^2 / 2) / f^3, minimax of degree 8 (the coefficients of Cephes' logf).
  V q = hn::Set(d, 7.0376836292e-2f);
  q = hn::MulAdd(q, f, hn::Set(d, -1.1514610310e-1f));
  q = hn::MulAdd(q, f, hn::Set(d, 1.1676998740e-1f));
  q = hn::MulAdd(q, f, hn::Set(d, -1.2420140846e-1f));
  q = hn::MulAdd(q, f, hn::Set(d, 1.4249322787e-1f));
  q = hn::MulAdd(q, f, hn::Set(d, -1.6668057665e-1f));
  q = hn::MulAdd(q, f, hn::Set(d, 2.0000714765e-1f));
  q = hn::MulAdd(q, f, hn::Set(d, -2.4999993993e-1f));
  q = hn::MulAdd(q, f, hn::Set(d, 3.3333331174e-1f));
  const V f2 = hn::Mul(f, f);
  V y = hn::Mul(hn::Mul(f, f2), q);
  y = hn::MulAdd(k, hn::Set(d, -2.12194440e-4f), y);
  y = hn::MulAdd(f2, hn::Set(d, -0.5f), y);
  y = hn::MulAdd(k, hn::Set(d, 0.693359375f), hn::Add(f, y));
  return hn::IfThenElse(hn::IsNaN(x), x, y);
}

}  // namespace HWY_NAMESPACE
}  // namespace grove::simd
HWY_AFTER_NAMESPACE();

#endif  // GROVE_SIMD_MATH_INL_H_
