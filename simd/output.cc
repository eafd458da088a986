#include "simd/output.h"

#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "simd/output.cc"
#include <hwy/foreach_target.h>  // IWYU pragma: keep
// After foreach_target.
#include <hwy/highway.h>

#include "simd/gates-inl.h"
#include "simd/reduce-inl.h"

HWY_BEFORE_NAMESPACE();
namespace grove::simd {
namespace HWY_NAMESPACE {
namespace {

constexpr float kNormEpsilon = 1e-5f;

// Calls visit(row) for every child of node r.
template <class Visitor>
HWY_INLINE void ForEachChild(const Level& level, size_t r, const Visitor& visit) {
  if (level.of_leaves) return;
  if (level.child_begin != nullptr) {
    for (int32_t i = level.child_begin[r]; i < level.child_begin[r + 1]; ++i) {
      visit(static_cast<size_t>(level.children[i]));
    }
    return;
  }
  for (const int32_t* child : level.child) {
    if (child != nullptr && child[r] != level.missing) visit(static_cast<size_t>(child[r]));
  }
}

// 1 / the number of children, 0 without any.
HWY_INLINE float ShareOfChild(const Level& level, size_t r) {
  float children = 0;
  ForEachChild(level, r, [&](size_t /*row*/) { ++children; });
  return children == 0 ? 0 : 1 / children;
}

// sum += share * row
void AddScaled(size_t n, float share, const float* row, float* sum) {
  ForEachVector(n, [&](auto d, size_t j, size_t count) HWY_ATTR {
    const auto term = hn::Mul(hn::Set(d, share), hn::LoadU(d, row + j));
    AddExactly(term, d, sum + j, count);
  });
}

// Centres and scales v in place; returns the scale.
float Normalise(size_t n, float* v) {
  const auto count_n = static_cast<float>(n);
  const float mean = FoldSum(v, n) / count_n;
  ForEachVector(n, [&](auto d, size_t j, size_t count) HWY_ATTR {
    StoreExactly(hn::Sub(hn::LoadU(d, v + j), hn::Set(d, mean)), d, v + j, count);
  });
  const float scale = 1.0f / std::sqrt(FoldSumSquares(v, n) / count_n + kNormEpsilon);
  ForEachVector(n, [&](auto d, size_t j, size_t count) HWY_ATTR {
    StoreExactly(hn::Mul(hn::LoadU(d, v + j), hn::Set(d, scale)), d, v + j, count);
  });
  return scale;
}

HWY_FLATTEN void OutputForwardImpl(const Output& output, const Level& level) {
  const size_t n = output.n;
  const float* gain = level.biases + output.biases;
  for (size_t r = 0; r < level.rows; ++r) {
    const float* out = level.out.Row(r);
    float* h = level.state.Row(static_cast<size_t>(level.first) + r);
    float* sum = output.layer_norm ? level.activations.Row(r) + output.v : h;
    ForEachVector(n, [&](auto d, size_t j, size_t count)
                         HWY_ATTR { StoreExactly(hn::LoadU(d, out + j), d, sum + j, count); });
    if (output.residual) {
      const float share = ShareOfChild(level, r);
      ForEachChild(level, r, [&](size_t row) { AddScaled(n, share, level.state.Row(row), sum); });
    }
    if (!output.layer_norm) continue;
    level.activations.Row(r)[output.scale] = Normalise(n, sum);
    ForEachVector(n, [&](auto d, size_t j, size_t count) HWY_ATTR {
      const auto value =
          hn::MulAdd(hn::LoadU(d, gain + j), hn::LoadU(d, sum + j), hn::LoadU(d, gain + n + j));
      StoreExactly(value, d, h + j, count);
    });
  }
}

// dv of a layer norm from dh, in the place of dv; adds to dgain and db_norm.
void NormaliseBackward(size_t n, const float* v, float scale, const float* dh, const float* gain,
                       float* dgain, float* dv) {
  const auto count_n = static_cast<float>(n);
  ForEachVector(n, [&](auto d, size_t j, size_t count) HWY_ATTR {
    const auto dh_j = hn::LoadU(d, dh + j);
    AddExactly(hn::Mul(dh_j, hn::LoadU(d, v + j)), d, dgain + j, count);
    AddExactly(dh_j, d, dgain + n + j, count);
    StoreExactly(hn::Mul(dh_j, hn::LoadU(d, gain + j)), d, dv + j, count);
  });
  const float mean = FoldSum(dv, n) / count_n;
  const float along = FoldProducts(dv, v, n) / count_n;
  ForEachVector(n, [&](auto d, size_t j, size_t count) HWY_ATTR {
    const auto centred = hn::Sub(hn::LoadU(d, dv + j), hn::Set(d, mean));
    const auto across = hn::NegMulAdd(hn::LoadU(d, v + j), hn::Set(d, along), centred);
    StoreExactly(hn::Mul(across, hn::Set(d, scale)), d, dv + j, count);
  });
}

HWY_FLATTEN void OutputBackwardImpl(const Output& output, const Level& level) {
  const size_t n = output.n;
  for (size_t r = 0; r < level.rows; ++r) {
    const float* dh = level.dstate.Row(static_cast<size_t>(level.first) + r);
    float* dout = level.dout.Row(r);
    if (output.layer_norm) {
      const float* activations = level.activations.Row(r);
      NormaliseBackward(n, activations + output.v, activations[output.scale], dh,
                        level.biases + output.biases, level.dbiases + output.biases, dout);
    } else {
      ForEachVector(n, [&](auto d, size_t j, size_t count)
                           HWY_ATTR { StoreExactly(hn::LoadU(d, dh + j), d, dout + j, count); });
    }
    if (!output.residual) continue;
    const float share = ShareOfChild(level, r);
    ForEachChild(level, r, [&](size_t row) { AddScaled(n, share, dout, level.dstate.Row(row)); });
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace grove::simd
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace grove::simd {

HWY_EXPORT(OutputForwardImpl);
HWY_EXPORT(OutputBackwardImpl);

void OutputForward(const Output& output, const Level& level) {
  HWY_DYNAMIC_DISPATCH(OutputForwardImpl)(output, level);
}
void OutputBackward(const Output& output, const Level& level) {
  HWY_DYNAMIC_DISPATCH(OutputBackwardImpl)(output, level);
}

}  // namespace grove::simd
#endif
