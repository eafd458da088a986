#include "simd/toy_cell.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "simd/toy_cell.cc"
#include <hwy/foreach_target.h>  // IWYU pragma: keep
// After foreach_target.
#include <hwy/highway.h>

#include "simd/gates-inl.h"

HWY_BEFORE_NAMESPACE();
namespace grove::simd {
namespace HWY_NAMESPACE {
namespace {

template <class G>
HWY_FLATTEN void Forward(size_t n, const Level& level) {
  for (size_t r = 0; r < level.rows; ++r) {
    const float* z_left = level.projections.From(level.child[0][r]).data;
    const float* z_right = level.projections.From(level.child[1][r]).data;
    float* factors = level.activations.Row(r);
    float* h = level.out.Row(r);
    ForEachVector(n, [&](auto d, size_t j, size_t count) HWY_ATTR {
      const auto b = hn::LoadU(d, level.biases + j);
      const auto left = G::Value(d, hn::Add(hn::LoadU(d, z_left + j), b));
      const auto right = G::Value(d, hn::Add(hn::LoadU(d, z_right + j), b));
      hn::StoreU(left, d, factors + j);
      hn::StoreU(right, d, factors + PadRow(n) + j);
      StoreExactly(hn::Mul(left, right), d, h + j, count);
    });
  }
}

template <class G>
HWY_FLATTEN void Backward(size_t n, const Level& level) {
  for (size_t r = 0; r < level.rows; ++r) {
    float* dz_left = level.projections.From(level.child[0][r]).data;
    float* dz_right = level.projections.From(level.child[1][r]).data;
    const float* factors = level.activations.Row(r);
    const float* dh_row = level.dout.Row(r);
    ForEachVector(n, [&](auto d, size_t j, size_t count) HWY_ATTR {
      const auto dh = hn::LoadU(d, dh_row + j);
      const auto left = hn::LoadU(d, factors + j);
      const auto right = hn::LoadU(d, factors + PadRow(n) + j);
      const auto dl = hn::Mul(hn::Mul(dh, right), G::Slope(d, left));
      const auto dr = hn::Mul(hn::Mul(dh, left), G::Slope(d, right));
      StoreExactly(dl, d, dz_left + j, count);
      StoreExactly(dr, d, dz_right + j, count);
      AddExactly(hn::Add(dl, dr), d, level.dbiases + j, count);
    });
  }
}

void ToyForwardImpl(Activation g, size_t n, const Level& level) {
  WithActivation(g, [&](auto function) { Forward<decltype(function)>(n, level); });
}
void ToyBackwardImpl(Activation g, size_t n, const Level& level) {
  WithActivation(g, [&](auto function) { Backward<decltype(function)>(n, level); });
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace grove::simd
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace grove::simd {

HWY_EXPORT(ToyForwardImpl);
HWY_EXPORT(ToyBackwardImpl);

void ToyForward(Activation g, size_t n, const Level& level) {
  HWY_DYNAMIC_DISPATCH(ToyForwardImpl)(g, n, level);
}
void ToyBackward(Activation g, size_t n, const Level& level) {
  HWY_DYNAMIC_DISPATCH(ToyBackwardImpl)(g, n, level);
}

}  // namespace grove::simd
#endif
