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

// What every exponential begins with: x = k ln2 + r with integer k in [-126, 127] and |r| <= ln2
// / 2. Multiplications and divisions are what is scarce (additions have pipes of their own), so k
// is rounded by adding a number so large that its last bit is 1, and serves as exponent from there.
constexpr float kRounder = 12582912.0f;  // 1.5 * 2^23
constexpr float kInvLn2 = 1.44269504088896341f;
// ln2 in two parts: the first has zeros in its low bits, so that k times it is exact.
constexpr float kLn2High = 0.693359375f;
constexpr float kLn2Low = -2.12194440e-4f;
// (e^r - 1 - r) / r^2 for |r| <= ln2 / 2, minimax of degree 4: e^r to 0.06 ULP.
constexpr float kExpm1[] = {0.49999994040f, 0.16666521132f, 4.1668388993e-2f, 8.3687454462e-3f,
                            1.3814540580e-3f};

// 2^k from kRounder + k.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V PowerOfTwo(D d, V rounded) {
  const hn::RebindToSigned<D> di;
  return hn::BitCast(d,
                     hn::Add(hn::ShiftLeft<23>(hn::BitCast(di, rounded)), hn::Set(di, 127 << 23)));
}

// e^x, x clamped to [-87.3, 88.3]: within 2 ULP there, about 1e-38 below, about 2e38 above.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Exp(D d, V x) {
  x = Clamp(d, x, -87.3f, 88.3f);
  const V rounded = hn::MulAdd(x, hn::Set(d, kInvLn2), hn::Set(d, kRounder));
  const V k = hn::Sub(rounded, hn::Set(d, kRounder));
  V r = hn::NegMulAdd(k, hn::Set(d, kLn2High), x);
  r = hn::NegMulAdd(k, hn::Set(d, kLn2Low), r);
  V q = hn::MulAdd(hn::Set(d, kExpm1[4]), r, hn::Set(d, kExpm1[3]));
  q = hn::MulAdd(q, r, hn::Set(d, kExpm1[2]));
  q = hn::MulAdd(q, r, hn::Set(d, kExpm1[1]));
  q = hn::MulAdd(q, r, hn::Set(d, kExpm1[0]));
  const V expm1 = hn::MulAdd(hn::Mul(r, r), q, r);
  const V power = PowerOfTwo(d, rounded);
  return hn::MulAdd(expm1, power, power);
}

// sigma(x) = 1 / (1 + e^-x): within 3 ULP for x > -87. With the signs of the steps turned round, x
// serves as it is: s = -r.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Sigmoid(D d, V x) {
  const V one = hn::Set(d, 1.0f);
  x = Clamp(d, x, -88.3f, 87.3f);
  const V rounded = hn::NegMulAdd(x, hn::Set(d, kInvLn2), hn::Set(d, kRounder));
  const V k = hn::Sub(rounded, hn::Set(d, kRounder));
  V s = hn::MulAdd(k, hn::Set(d, kLn2High), x);
  s = hn::MulAdd(k, hn::Set(d, kLn2Low), s);
  V q = hn::MulAdd(hn::Set(d, kExpm1[4]), s, hn::Set(d, -kExpm1[3]));
  q = hn::MulAdd(q, s, hn::Set(d, kExpm1[2]));
  q = hn::MulAdd(q, s, hn::Set(d, -kExpm1[1]));
  q = hn::MulAdd(q, s, hn::Set(d, kExpm1[0]));
  const V expm1 = hn::MulSub(hn::Mul(s, s), q, s);
  const V power = PowerOfTwo(d, rounded);
  return hn::Div(one, hn::MulAdd(expm1, power, hn::Add(power, one)));
}

// tanh(x) = e / (e + 1) with e = (e^2x - 1) / 2: no cancellation, within 4 ULP. Beyond |x| = 9.1 it
// is 1. All in halves: 2x = k ln2 + 2r.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Tanh(D d, V x) {
  x = Clamp(d, x, -9.1f, 9.1f);
  const V rounded = hn::MulAdd(x, hn::Set(d, 2 * kInvLn2), hn::Set(d, kRounder));
  const V k = hn::Sub(rounded, hn::Set(d, kRounder));
  V r = hn::NegMulAdd(k, hn::Set(d, kLn2High / 2), x);
  r = hn::NegMulAdd(k, hn::Set(d, kLn2Low / 2), r);
  V q = hn::MulAdd(hn::Set(d, 32 * kExpm1[4]), r, hn::Set(d, 16 * kExpm1[3]));
  q = hn::MulAdd(q, r, hn::Set(d, 8 * kExpm1[2]));
  q = hn::MulAdd(q, r, hn::Set(d, 4 * kExpm1[1]));
  q = hn::MulAdd(q, r, hn::Set(d, 2 * kExpm1[0]));
  const V half_expm1 = hn::MulAdd(hn::Mul(r, r), q, r);
  const V power = PowerOfTwo(d, rounded);
  // (2^k - 1) / 2; 0 for |x| < ln2 / 4, where half_expm1 is all there is.
  const V half_power = hn::Sub(hn::Mul(power, hn::Set(d, 0.5f)), hn::Set(d, 0.5f));
  const V e = hn::MulAdd(half_expm1, power, half_power);
  return hn::Div(e, hn::Add(e, hn::Set(d, 1.0f)));
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
