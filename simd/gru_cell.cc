#include "simd/gru_cell.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "simd/gru_cell.cc"
#include <hwy/foreach_target.h>  // IWYU pragma: keep
// After foreach_target.
#include <hwy/highway.h>

#include "simd/gates-inl.h"

HWY_BEFORE_NAMESPACE();
namespace grove::simd {
namespace HWY_NAMESPACE {
namespace {

// Projections and biases by gate.
enum class GruSum : size_t { kR, kZl, kZr, kH };

// The pieces of one node's row, and how to find a segment in them.
struct GruRow {
  GruRow(size_t width, const Level& level, size_t r)
      : n(width),
        padded(PadRow(width)),
        left_row(static_cast<size_t>(level.child[0][r])),
        right_row(static_cast<size_t>(level.child[1][r])),
        left(level.projections.Row(left_row)),
        right(level.projections.Row(right_row)),
        h_left(level.state.Row(left_row)),
        h_right(level.state.Row(right_row)),
        activations(level.activations.Row(r)) {}

  float* Left(GruSum s) const { return left + static_cast<size_t>(s) * n; }
  float* Right(GruSum s) const { return right + static_cast<size_t>(s) * n; }
  float* At(GruGate gate) const { return activations + static_cast<size_t>(gate) * padded; }

  size_t n, padded, left_row, right_row;
  float *left, *right;
  const float *h_left, *h_right;
  float* activations;
};

HWY_FLATTEN void GruForwardGatesImpl(size_t n, const Level& level) {
  for (size_t r = 0; r < level.rows; ++r) {
    const GruRow row(n, level, r);
    ForEachVector(n, [&](auto d, size_t j, size_t /*count*/) HWY_ATTR {
      const auto gate = [&](GruSum s) HWY_ATTR {
        const float* bias = level.biases + static_cast<size_t>(s) * n;
        const auto z = hn::Add(hn::LoadU(d, row.Left(s) + j), hn::LoadU(d, row.Right(s) + j));
        return Sigmoid(d, hn::Add(z, hn::LoadU(d, bias + j)));
      };
      const auto reset = gate(GruSum::kR);
      hn::StoreU(reset, d, row.At(GruGate::kR) + j);
      hn::StoreU(gate(GruSum::kZl), d, row.At(GruGate::kZl) + j);
      hn::StoreU(gate(GruSum::kZr), d, row.At(GruGate::kZr) + j);
      hn::StoreU(hn::Mul(reset, hn::LoadU(d, row.h_left + j)), d, row.At(GruGate::kRhl) + j);
      hn::StoreU(hn::Mul(reset, hn::LoadU(d, row.h_right + j)), d, row.At(GruGate::kRhr) + j);
    });
  }
}

HWY_FLATTEN void GruBackwardGatesImpl(size_t n, const Level& level) {
  for (size_t r = 0; r < level.rows; ++r) {
    const GruRow row(n, level, r);
    float* dh_left = level.dstate.Row(row.left_row);
    float* dh_right = level.dstate.Row(row.right_row);
    ForEachVector(n, [&](auto d, size_t j, size_t count) HWY_ATTR {
      const auto reset = hn::LoadU(d, row.At(GruGate::kR) + j);
      const auto drh_l = hn::LoadU(d, row.At(GruGate::kDrhl) + j);
      const auto drh_r = hn::LoadU(d, row.At(GruGate::kDrhr) + j);
      const auto dr = hn::MulAdd(drh_l, hn::LoadU(d, row.h_left + j),
                                 hn::Mul(drh_r, hn::LoadU(d, row.h_right + j)));
      const auto dzr = hn::Mul(dr, SigmoidSlope(reset));
      StoreExactly(dzr, d, row.Left(GruSum::kR) + j, count);
      StoreExactly(dzr, d, row.Right(GruSum::kR) + j, count);
      AddExactly(dzr, d, level.dbiases + static_cast<size_t>(GruSum::kR) * n + j, count);
      AddExactly(hn::Mul(drh_l, reset), d, dh_left + j, count);
      AddExactly(hn::Mul(drh_r, reset), d, dh_right + j, count);
    });
  }
}

template <class G>
HWY_FLATTEN void Forward(size_t n, const Level& level) {
  const float* b_h = level.biases + static_cast<size_t>(GruSum::kH) * n;
  for (size_t r = 0; r < level.rows; ++r) {
    const GruRow row(n, level, r);
    const float* u = level.sums.Row(r);
    float* h = level.out.Row(r);
    ForEachVector(n, [&](auto d, size_t j, size_t count) HWY_ATTR {
      const auto t = G::Value(d, hn::Add(hn::LoadU(d, u + j), hn::LoadU(d, b_h + j)));
      hn::StoreU(t, d, row.At(GruGate::kT) + j);
      // t + z_l (h_l - t) + z_r (h_r - t)
      auto sum = hn::MulAdd(hn::LoadU(d, row.At(GruGate::kZl) + j),
                            hn::Sub(hn::LoadU(d, row.h_left + j), t), t);
      sum = hn::MulAdd(hn::LoadU(d, row.At(GruGate::kZr) + j),
                       hn::Sub(hn::LoadU(d, row.h_right + j), t), sum);
      StoreExactly(sum, d, h + j, count);
    });
  }
}

template <class G>
HWY_FLATTEN void Backward(size_t n, const Level& level) {
  for (size_t r = 0; r < level.rows; ++r) {
    const GruRow row(n, level, r);
    float* u = level.sums.Row(r);
    const float* dh_row = level.dout.Row(r);
    float* dh_left = level.dstate.Row(row.left_row);
    float* dh_right = level.dstate.Row(row.right_row);
    ForEachVector(n, [&](auto d, size_t j, size_t count) HWY_ATTR {
      const auto add = [&](GruSum of, auto dz) HWY_ATTR {
        AddExactly(dz, d, level.dbiases + static_cast<size_t>(of) * n + j, count);
      };
      const auto dh = hn::LoadU(d, dh_row + j);
      const auto t = hn::LoadU(d, row.At(GruGate::kT) + j);
      const auto z_l = hn::LoadU(d, row.At(GruGate::kZl) + j);
      const auto z_r = hn::LoadU(d, row.At(GruGate::kZr) + j);
      // h = z_l h_l + z_r h_r + (1 - z_l - z_r) t
      const auto rest = hn::Sub(hn::Sub(hn::Set(d, 1.0f), z_l), z_r);
      const auto du = hn::Mul(hn::Mul(dh, rest), G::Slope(d, t));
      StoreExactly(du, d, u + j, count);
      add(GruSum::kH, du);
      const auto gate = [&](GruSum of, auto z, const float* h_child, float* dh_child) HWY_ATTR {
        const auto dz =
            hn::Mul(hn::Mul(dh, hn::Sub(hn::LoadU(d, h_child + j), t)), SigmoidSlope(z));
        StoreExactly(dz, d, row.Left(of) + j, count);
        StoreExactly(dz, d, row.Right(of) + j, count);
        add(of, dz);
        AddExactly(hn::Mul(dh, z), d, dh_child + j, count);
      };
      gate(GruSum::kZl, z_l, row.h_left, dh_left);
      gate(GruSum::kZr, z_r, row.h_right, dh_right);
    });
  }
}

void GruForwardImpl(Activation g, size_t n, const Level& level) {
  WithActivation(g, [&](auto function) { Forward<decltype(function)>(n, level); });
}
void GruBackwardImpl(Activation g, size_t n, const Level& level) {
  WithActivation(g, [&](auto function) { Backward<decltype(function)>(n, level); });
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace grove::simd
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace grove::simd {

HWY_EXPORT(GruForwardGatesImpl);
HWY_EXPORT(GruBackwardGatesImpl);
HWY_EXPORT(GruForwardImpl);
HWY_EXPORT(GruBackwardImpl);

void GruForwardGates(size_t n, const Level& level) {
  HWY_DYNAMIC_DISPATCH(GruForwardGatesImpl)(n, level);
}
void GruBackwardGates(size_t n, const Level& level) {
  HWY_DYNAMIC_DISPATCH(GruBackwardGatesImpl)(n, level);
}
void GruForward(Activation g, size_t n, const Level& level) {
  HWY_DYNAMIC_DISPATCH(GruForwardImpl)(g, n, level);
}
void GruBackward(Activation g, size_t n, const Level& level) {
  HWY_DYNAMIC_DISPATCH(GruBackwardImpl)(g, n, level);
}

}  // namespace grove::simd
#endif
