#include "simd/child_sum_cell.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "simd/child_sum_cell.cc"
#include <hwy/foreach_target.h>  // IWYU pragma: keep
// After foreach_target.
#include <hwy/highway.h>

#include "simd/gates-inl.h"

HWY_BEFORE_NAMESPACE();
namespace grove::simd {
namespace HWY_NAMESPACE {
namespace {

// The pieces of one node's row, and how to find a segment in them.
struct ChildSumRow {
  ChildSumRow(size_t width, const Level& level, size_t r)
      : n(width),
        padded(PadRow(width)),
        sums(level.sums.Row(r)),
        activations(level.activations.Row(r)),
        h(level.out.Row(r)),
        c(level.state.Row(static_cast<size_t>(level.first) + r) + width) {
    if (level.of_leaves) return;
    children = level.children + level.child_begin[r];
    child_count = static_cast<size_t>(level.child_begin[r + 1] - level.child_begin[r]);
  }

  size_t Child(size_t k) const { return static_cast<size_t>(children[k]); }
  float* Sum(ChildSumSum s) const { return sums + static_cast<size_t>(s) * n; }
  float* At(ChildSumGate gate) const { return activations + static_cast<size_t>(gate) * padded; }

  size_t n, padded;
  float *sums, *activations, *h, *c;
  const int32_t* children = nullptr;
  size_t child_count = 0;
};

void ChildSumForwardSumImpl(size_t n, const Level& level) {
  for (size_t r = 0; r < level.rows; ++r) {
    const ChildSumRow row(n, level, r);
    float* s_row = row.At(ChildSumGate::kS);
    ForEachVector(n, [&](auto d, size_t j, size_t /*count*/) HWY_ATTR {
      auto s = hn::Zero(d);
      for (size_t k = 0; k < row.child_count; ++k) {
        s = hn::Add(s, hn::LoadU(d, level.state.Row(row.Child(k)) + j));
      }
      hn::StoreU(s, d, s_row + j);
    });
  }
}

void ChildSumBackwardSumImpl(size_t n, const Level& level) {
  for (size_t r = 0; r < level.rows; ++r) {
    const ChildSumRow row(n, level, r);
    const float* ds_row = row.At(ChildSumGate::kDs);
    ForEachVector(n, [&](auto d, size_t j, size_t count) HWY_ATTR {
      const auto ds = hn::LoadU(d, ds_row + j);
      for (size_t k = 0; k < row.child_count; ++k) {
        AddExactly(ds, d, level.dstate.Row(row.Child(k)) + j, count);
      }
    });
  }
}

template <class G>
HWY_FLATTEN void Forward(size_t n, const Level& level) {
  const auto bias = [&](ChildSumSum s) { return level.biases + static_cast<size_t>(s) * n; };
  for (size_t r = 0; r < level.rows; ++r) {
    const ChildSumRow row(n, level, r);
    ForEachVector(n, [&](auto d, size_t j, size_t count) HWY_ATTR {
      const auto argument = [&](ChildSumSum s) HWY_ATTR {
        return hn::Add(hn::LoadU(d, bias(s) + j), hn::LoadU(d, row.Sum(s) + j));
      };
      const auto i = Sigmoid(d, argument(ChildSumSum::kI));
      const auto o = Sigmoid(d, argument(ChildSumSum::kO));
      const auto u = G::Value(d, argument(ChildSumSum::kU));
      const float* word = level.has_words ? row.Sum(ChildSumSum::kF) : kZeros;
      const auto zf = hn::Add(hn::LoadU(d, bias(ChildSumSum::kF) + j), hn::LoadU(d, word + j));
      auto c = hn::Mul(i, u);
      for (size_t k = 0; k < row.child_count; ++k) {
        float* projection = level.projections.Row(row.Child(k)) + j;
        const auto f = Sigmoid(d, hn::Add(zf, hn::LoadU(d, projection)));
        StoreExactly(f, d, projection, count);
        c = hn::MulAdd(f, hn::LoadU(d, level.state.Row(row.Child(k)) + n + j), c);
      }
      const auto t = G::Value(d, c);
      hn::StoreU(i, d, row.At(ChildSumGate::kI) + j);
      hn::StoreU(o, d, row.At(ChildSumGate::kO) + j);
      hn::StoreU(u, d, row.At(ChildSumGate::kU) + j);
      hn::StoreU(t, d, row.At(ChildSumGate::kT) + j);
      StoreExactly(hn::Mul(o, t), d, row.h + j, count);
      StoreExactly(c, d, row.c + j, count);
    });
  }
}

template <class G>
HWY_FLATTEN void Backward(size_t n, const Level& level) {
  for (size_t r = 0; r < level.rows; ++r) {
    const ChildSumRow row(n, level, r);
    const float* dh_row = level.dout.Row(r);
    const float* dc_row = level.dstate.Row(static_cast<size_t>(level.first) + r) + n;
    ForEachVector(n, [&](auto d, size_t j, size_t count) HWY_ATTR {
      const auto at = [&](ChildSumGate gate) HWY_ATTR { return hn::LoadU(d, row.At(gate) + j); };
      const auto [dzi, dzo, dzu, dc] = LstmBackward<G>(
          d, hn::LoadU(d, dh_row + j), hn::LoadU(d, dc_row + j), at(ChildSumGate::kI),
          at(ChildSumGate::kO), at(ChildSumGate::kU), at(ChildSumGate::kT));
      // c = i u + sum_k f_k c_k
      auto dzf_sum = hn::Zero(d);
      for (size_t k = 0; k < row.child_count; ++k) {
        float* projection = level.projections.Row(row.Child(k)) + j;
        const auto f = hn::LoadU(d, projection);
        const auto c_k = hn::LoadU(d, level.state.Row(row.Child(k)) + n + j);
        const auto dzf = hn::Mul(hn::Mul(dc, c_k), SigmoidSlope(f));
        StoreExactly(hn::Mul(dc, f), d, level.dstate.Row(row.Child(k)) + n + j, count);
        StoreExactly(dzf, d, projection, count);
        dzf_sum = hn::Add(dzf_sum, dzf);
      }
      const auto give = [&](ChildSumSum s, auto dz) HWY_ATTR {
        StoreExactly(dz, d, row.Sum(s) + j, count);
        AddExactly(dz, d, level.dbiases + static_cast<size_t>(s) * n + j, count);
      };
      give(ChildSumSum::kI, dzi);
      give(ChildSumSum::kO, dzo);
      give(ChildSumSum::kU, dzu);
      give(ChildSumSum::kF, dzf_sum);
    });
  }
}

void ChildSumForwardImpl(Activation g, size_t n, const Level& level) {
  WithActivation(g, [&](auto function) { Forward<decltype(function)>(n, level); });
}
void ChildSumBackwardImpl(Activation g, size_t n, const Level& level) {
  WithActivation(g, [&](auto function) { Backward<decltype(function)>(n, level); });
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace grove::simd
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace grove::simd {

HWY_EXPORT(ChildSumForwardSumImpl);
HWY_EXPORT(ChildSumBackwardSumImpl);
HWY_EXPORT(ChildSumForwardImpl);
HWY_EXPORT(ChildSumBackwardImpl);

void ChildSumForwardSum(size_t n, const Level& level) {
  HWY_DYNAMIC_DISPATCH(ChildSumForwardSumImpl)(n, level);
}
void ChildSumBackwardSum(size_t n, const Level& level) {
  HWY_DYNAMIC_DISPATCH(ChildSumBackwardSumImpl)(n, level);
}
void ChildSumForward(Activation g, size_t n, const Level& level) {
  HWY_DYNAMIC_DISPATCH(ChildSumForwardImpl)(g, n, level);
}
void ChildSumBackward(Activation g, size_t n, const Level& level) {
  HWY_DYNAMIC_DISPATCH(ChildSumBackwardImpl)(g, n, level);
}

}  // namespace grove::simd
#endif
