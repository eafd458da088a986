#include "simd/rnn_cell.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "simd/rnn_cell.cc"
#include <hwy/foreach_target.h>  // IWYU pragma: keep
// After foreach_target.
#include <hwy/highway.h>

#include "simd/activation-inl.h"

HWY_BEFORE_NAMESPACE();
namespace grove::simd {
namespace HWY_NAMESPACE {
namespace {

template <class G>
void Forward(const RnnLevel& level, const float* HWY_RESTRICT b) {
  for (size_t r = 0; r < level.rows; ++r) {
    const float* left = level.projections + level.left[r] * level.projection_stride;
    const float* right = level.projections + level.right[r] * level.projection_stride;
    float* HWY_RESTRICT h = level.h + r * level.h_stride;
    ForEachVector(level.n, [&](auto d, size_t j, size_t /*count*/) HWY_ATTR {
      const auto a = hn::Add(hn::LoadU(d, left + j), hn::LoadU(d, right + j));
      hn::StoreU(G::Value(d, hn::Add(a, hn::LoadU(d, b + j))), d, h + j);
    });
  }
}

template <class G>
void Backward(const RnnLevel& level, const float* HWY_RESTRICT dh_rows, float* HWY_RESTRICT db) {
  for (size_t r = 0; r < level.rows; ++r) {
    float* dleft = level.projections + level.left[r] * level.projection_stride;
    float* dright = level.projections + level.right[r] * level.projection_stride;
    const float* HWY_RESTRICT h = level.h + r * level.h_stride;
    const float* HWY_RESTRICT dh = dh_rows + r * level.h_stride;
    ForEachVector(level.n, [&](auto d, size_t j, size_t count) HWY_ATTR {
      const auto dz = hn::Mul(hn::LoadU(d, dh + j), G::Slope(d, hn::LoadU(d, h + j)));
      StoreExactly(dz, d, dleft + j, count);
      StoreExactly(dz, d, dright + j, count);
      StoreExactly(hn::Add(hn::LoadU(d, db + j), dz), d, db + j, count);
    });
  }
}

void RnnForwardImpl(Activation g, const RnnLevel& level, const float* b) {
  WithActivation(g, [&](auto function) { Forward<decltype(function)>(level, b); });
}
void RnnBackwardImpl(Activation g, const RnnLevel& level, const float* dh, float* db) {
  WithActivation(g, [&](auto function) { Backward<decltype(function)>(level, dh, db); });
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace grove::simd
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace grove::simd {

HWY_EXPORT(RnnForwardImpl);
HWY_EXPORT(RnnBackwardImpl);

void RnnForward(Activation g, const RnnLevel& level, const float* b) {
  HWY_DYNAMIC_DISPATCH(RnnForwardImpl)(g, level, b);
}
void RnnBackward(Activation g, const RnnLevel& level, const float* dh, float* db) {
  HWY_DYNAMIC_DISPATCH(RnnBackwardImpl)(g, level, dh, db);
}

}  // namespace grove::simd
#endif
