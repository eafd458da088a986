#include "simd/grc_cell.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "simd/grc_cell.cc"
#include <hwy/foreach_target.h>  // IWYU pragma: keep
// After foreach_target.
#include <hwy/highway.h>

#include "simd/gates-inl.h"

HWY_BEFORE_NAMESPACE();
namespace grove::simd {
namespace HWY_NAMESPACE {
namespace {

enum class GrcSum : size_t { kFl, kFr, kI, kU };
// Behind the bias of a.
enum class GrcBias : size_t { kFl, kFr, kI, kU };
// Behind a, its slope and its gradient.
enum class GrcGate : size_t { kFl, kFr, kI, kU };

// The pieces of one node's row, and how to find a segment in them.
struct GrcRow {
  GrcRow(size_t width, const Level& level, size_t r)
      : n(width),
        padded(PadRow(width)),
        inner(PadRow(4 * width)),
        left_row(static_cast<size_t>(level.child[0][r])),
        right_row(static_cast<size_t>(level.child[1][r])),
        left(level.projections.Row(left_row)),
        right(level.projections.Row(right_row)),
        h_left(level.state.Row(left_row)),
        h_right(level.state.Row(right_row)),
        h(level.out.Row(r)),
        sums(level.sums.Row(r)),
        a(level.activations.Row(r)),
        slope(a + inner),
        da(slope + inner) {}

  float* Sum(GrcSum s) const { return sums + static_cast<size_t>(s) * n; }
  float* At(GrcGate gate) const { return da + inner + static_cast<size_t>(gate) * padded; }

  size_t n, padded, inner;
  size_t left_row, right_row;
  float *left, *right;
  const float *h_left, *h_right;
  float *h, *sums, *a, *slope, *da;
};

template <class T>
T* At(T* biases, GrcBias which, size_t n) {
  return biases + (4 + static_cast<size_t>(which)) * n;
}

// GELU(z) = z P(z) and its slope P(z) + z p(z), where P and p are the distribution and the density
// of the normal law. P by Abramowitz & Stegun 26.2.17 (7.1.26), to 1e-7.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V NormalDistribution(D d, V z, V density) {
  const V one = hn::Set(d, 1.0f);
  // 7.1.26 in t = 1 / (1 + p |z| / sqrt 2); erf(|z| / sqrt 2) = 1 - poly(t) e^(-z^2 / 2).
  const V t =
      hn::Div(one, hn::MulAdd(hn::Set(d, 0.3275911f * 0.70710678118654752f), hn::Abs(z), one));
  V poly = hn::MulAdd(hn::Set(d, 1.061405429f), t, hn::Set(d, -1.453152027f));
  poly = hn::MulAdd(poly, t, hn::Set(d, 1.421413741f));
  poly = hn::MulAdd(poly, t, hn::Set(d, -0.284496736f));
  poly = hn::MulAdd(poly, t, hn::Set(d, 0.254829592f));
  // Half of poly(t) t e^(-z^2 / 2) is the mass beyond |z|; the density has that exponential.
  const V beyond = hn::Mul(hn::Mul(hn::Mul(poly, t), density), hn::Set(d, 1.25331413731550025f));
  return hn::IfThenElse(hn::Lt(z, hn::Zero(d)), beyond, hn::Sub(one, beyond));
}

HWY_FLATTEN void GrcForwardInnerImpl(size_t n, const Level& level) {
  const float* b_a = level.biases;
  for (size_t r = 0; r < level.rows; ++r) {
    const GrcRow row(n, level, r);
    ForEachVector(4 * n, [&](auto d, size_t j, size_t /*count*/) HWY_ATTR {
      const auto sum = hn::Add(hn::LoadU(d, row.left + j), hn::LoadU(d, row.right + j));
      const auto z = hn::Add(sum, hn::LoadU(d, b_a + j));
      const auto exponent = hn::Mul(hn::Mul(z, z), hn::Set(d, -0.5f));
      const auto density = hn::Mul(Exp(d, exponent), hn::Set(d, 0.39894228040143268f));
      const auto distribution = NormalDistribution(d, z, density);
      hn::StoreU(hn::Mul(z, distribution), d, row.a + j);
      hn::StoreU(hn::MulAdd(z, density, distribution), d, row.slope + j);
    });
  }
}

HWY_FLATTEN void GrcBackwardInnerImpl(size_t n, const Level& level) {
  for (size_t r = 0; r < level.rows; ++r) {
    const GrcRow row(n, level, r);
    ForEachVector(4 * n, [&](auto d, size_t j, size_t count) HWY_ATTR {
      const auto dz = hn::Mul(hn::LoadU(d, row.da + j), hn::LoadU(d, row.slope + j));
      StoreExactly(dz, d, row.left + j, count);
      StoreExactly(dz, d, row.right + j, count);
      AddExactly(dz, d, level.dbiases + j, count);
    });
  }
}

HWY_FLATTEN void GrcForwardImpl(size_t n, const Level& level) {
  const float* biases = level.biases;
  for (size_t r = 0; r < level.rows; ++r) {
    const GrcRow row(n, level, r);
    ForEachVector(n, [&](auto d, size_t j, size_t count) HWY_ATTR {
      const auto argument = [&](GrcSum s, GrcBias b) HWY_ATTR {
        return hn::Add(hn::LoadU(d, row.Sum(s) + j), hn::LoadU(d, At(biases, b, n) + j));
      };
      const auto f_l = Sigmoid(d, argument(GrcSum::kFl, GrcBias::kFl));
      const auto f_r = Sigmoid(d, argument(GrcSum::kFr, GrcBias::kFr));
      const auto i = Sigmoid(d, argument(GrcSum::kI, GrcBias::kI));
      const auto u = argument(GrcSum::kU, GrcBias::kU);
      auto v = hn::Mul(i, u);
      v = hn::MulAdd(f_l, hn::LoadU(d, row.h_left + j), v);
      v = hn::MulAdd(f_r, hn::LoadU(d, row.h_right + j), v);
      hn::StoreU(f_l, d, row.At(GrcGate::kFl) + j);
      hn::StoreU(f_r, d, row.At(GrcGate::kFr) + j);
      hn::StoreU(i, d, row.At(GrcGate::kI) + j);
      hn::StoreU(u, d, row.At(GrcGate::kU) + j);
      StoreExactly(v, d, row.h + j, count);
    });
  }
}

HWY_FLATTEN void GrcBackwardImpl(size_t n, const Level& level) {
  for (size_t r = 0; r < level.rows; ++r) {
    const GrcRow row(n, level, r);
    const float* dv_row = level.dout.Row(r);
    float* dh_left = level.dstate.Row(row.left_row);
    float* dh_right = level.dstate.Row(row.right_row);
    ForEachVector(n, [&](auto d, size_t j, size_t count) HWY_ATTR {
      const auto dv = hn::LoadU(d, dv_row + j);
      // v = s(f_l) h_l + s(f_r) h_r + s(i) u
      const auto give = [&](GrcSum s, GrcBias b, auto dz) HWY_ATTR {
        StoreExactly(dz, d, row.Sum(s) + j, count);
        AddExactly(dz, d, At(level.dbiases, b, n) + j, count);
      };
      const auto f_l = hn::LoadU(d, row.At(GrcGate::kFl) + j);
      const auto f_r = hn::LoadU(d, row.At(GrcGate::kFr) + j);
      const auto i = hn::LoadU(d, row.At(GrcGate::kI) + j);
      const auto u = hn::LoadU(d, row.At(GrcGate::kU) + j);
      const auto times = [&](auto factor, auto gate)
                             HWY_ATTR { return hn::Mul(hn::Mul(dv, factor), SigmoidSlope(gate)); };
      give(GrcSum::kFl, GrcBias::kFl, times(hn::LoadU(d, row.h_left + j), f_l));
      give(GrcSum::kFr, GrcBias::kFr, times(hn::LoadU(d, row.h_right + j), f_r));
      give(GrcSum::kI, GrcBias::kI, times(u, i));
      give(GrcSum::kU, GrcBias::kU, hn::Mul(dv, i));
      AddExactly(hn::Mul(dv, f_l), d, dh_left + j, count);
      AddExactly(hn::Mul(dv, f_r), d, dh_right + j, count);
    });
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace grove::simd
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace grove::simd {

HWY_EXPORT(GrcForwardInnerImpl);
HWY_EXPORT(GrcBackwardInnerImpl);
HWY_EXPORT(GrcForwardImpl);
HWY_EXPORT(GrcBackwardImpl);

void GrcForwardInner(size_t n, const Level& level) {
  HWY_DYNAMIC_DISPATCH(GrcForwardInnerImpl)(n, level);
}
void GrcBackwardInner(size_t n, const Level& level) {
  HWY_DYNAMIC_DISPATCH(GrcBackwardInnerImpl)(n, level);
}
void GrcForward(size_t n, const Level& level) { HWY_DYNAMIC_DISPATCH(GrcForwardImpl)(n, level); }
void GrcBackward(size_t n, const Level& level) { HWY_DYNAMIC_DISPATCH(GrcBackwardImpl)(n, level); }

}  // namespace grove::simd
#endif
