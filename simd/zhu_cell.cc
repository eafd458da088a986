#include "simd/zhu_cell.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "simd/zhu_cell.cc"
#include <hwy/foreach_target.h>  // IWYU pragma: keep
// After foreach_target.
#include <hwy/highway.h>

#include "simd/gates-inl.h"

HWY_BEFORE_NAMESPACE();
namespace grove::simd {
namespace HWY_NAMESPACE {
namespace {

// The pieces of one node's row, and how to find a segment in them. The cells of leaves are all that
// of the last leaf, which holds zeros.
struct ZhuRow {
  ZhuRow(size_t width, const Level& level, size_t r)
      : n(width),
        padded(PadRow(width)),
        left(level.projections.Row(static_cast<size_t>(level.child[0][r]))),
        right(level.projections.Row(static_cast<size_t>(level.child[1][r]))),
        activations(level.activations.Row(r)),
        left_cell(std::max(level.child[0][r], level.leaves - 1)),
        right_cell(std::max(level.child[1][r], level.leaves - 1)),
        c_left(level.state.From(left_cell).data + width),
        c_right(level.state.From(right_cell).data + width),
        h(level.out.Row(r)),
        c(level.state.Row(static_cast<size_t>(level.first) + r) + width),
        left_is_leaf(level.child[0][r] < level.leaves),
        right_is_leaf(level.child[1][r] < level.leaves) {}

  float* Left(ZhuProjection p) const { return left + static_cast<size_t>(p) * n; }
  float* Right(ZhuProjection p) const { return right + static_cast<size_t>(p) * n; }
  float* At(ZhuGate gate) const { return activations + static_cast<size_t>(gate) * padded; }

  size_t n, padded;
  float *left, *right, *activations;
  int32_t left_cell, right_cell;  // rows
  const float *c_left, *c_right;
  float *h, *c;
  bool left_is_leaf, right_is_leaf;
};

// Biases, and the order of the gates in them.
enum class ZhuBias : size_t { kI, kFl, kFr, kC, kO };

template <class G, bool kAboveLeaves>
HWY_FLATTEN void ForwardCell(size_t n, const Level& level) {
  const auto bias = [&](ZhuBias b) { return level.biases + static_cast<size_t>(b) * n; };
  for (size_t r = 0; r < level.rows; ++r) {
    const ZhuRow row(n, level, r);
    const float* fl_own = row.left_is_leaf ? row.c_left : row.Left(ZhuProjection::kFOwn);
    const float* fl_sibling = row.left_is_leaf ? row.c_left : row.Right(ZhuProjection::kFSibling);
    const float* fr_own = row.right_is_leaf ? row.c_right : row.Right(ZhuProjection::kFOwn);
    const float* fr_sibling = row.right_is_leaf ? row.c_right : row.Left(ZhuProjection::kFSibling);
    ForEachVector(n, [&](auto d, size_t j, size_t count) HWY_ATTR {
      const auto argument = [&](const float* a, const float* b, ZhuBias of) HWY_ATTR {
        return hn::Add(hn::Add(hn::LoadU(d, a + j), hn::LoadU(d, b + j)),
                       hn::LoadU(d, bias(of) + j));
      };
      const auto both = [&](ZhuProjection p, ZhuBias of)
                            HWY_ATTR { return argument(row.Left(p), row.Right(p), of); };
      const auto i = Sigmoid(d, both(ZhuProjection::kI, ZhuBias::kI));
      const auto u = G::Value(d, both(ZhuProjection::kU, ZhuBias::kC));
      auto c = hn::Mul(i, u);
      if constexpr (!kAboveLeaves) {
        const auto f_l = Sigmoid(d, argument(fl_own, fl_sibling, ZhuBias::kFl));
        const auto f_r = Sigmoid(d, argument(fr_own, fr_sibling, ZhuBias::kFr));
        c = hn::MulAdd(f_l, hn::LoadU(d, row.c_left + j), c);
        c = hn::MulAdd(f_r, hn::LoadU(d, row.c_right + j), c);
        hn::StoreU(f_l, d, row.At(ZhuGate::kFl) + j);
        hn::StoreU(f_r, d, row.At(ZhuGate::kFr) + j);
      }
      hn::StoreU(i, d, row.At(ZhuGate::kI) + j);
      hn::StoreU(u, d, row.At(ZhuGate::kU) + j);
      hn::StoreU(both(ZhuProjection::kO, ZhuBias::kO), d, row.At(ZhuGate::kO) + j);
      StoreExactly(c, d, row.c + j, count);
    });
  }
}

template <class G, bool kAboveLeaves>
HWY_FLATTEN void BackwardCell(size_t n, const Level& level) {
  for (size_t r = 0; r < level.rows; ++r) {
    const ZhuRow row(n, level, r);
    const float* dc_row = level.dstate.Row(static_cast<size_t>(level.first) + r) + n;
    float* dc_left = level.dstate.From(row.left_cell).data + n;
    float* dc_right = level.dstate.From(row.right_cell).data + n;
    ForEachVector(n, [&](auto d, size_t j, size_t count) HWY_ATTR {
      const auto add = [&](ZhuBias of, auto dz) HWY_ATTR {
        AddExactly(dz, d, level.dbiases + static_cast<size_t>(of) * n + j, count);
      };
      const auto give = [&](ZhuProjection p, ZhuBias of, auto dz) HWY_ATTR {
        StoreExactly(dz, d, row.Left(p) + j, count);
        StoreExactly(dz, d, row.Right(p) + j, count);
        add(of, dz);
      };
      const auto dc = hn::LoadU(d, dc_row + j);
      // c = f_l c_l + f_r c_r + i u
      if constexpr (!kAboveLeaves) {
        const auto f_l = hn::LoadU(d, row.At(ZhuGate::kFl) + j);
        const auto f_r = hn::LoadU(d, row.At(ZhuGate::kFr) + j);
        const auto dzfl = hn::Mul(hn::Mul(dc, hn::LoadU(d, row.c_left + j)), SigmoidSlope(f_l));
        const auto dzfr = hn::Mul(hn::Mul(dc, hn::LoadU(d, row.c_right + j)), SigmoidSlope(f_r));
        StoreExactly(hn::Mul(dc, f_l), d, dc_left + j, count);
        StoreExactly(hn::Mul(dc, f_r), d, dc_right + j, count);
        StoreExactly(dzfl, d, row.Left(ZhuProjection::kFOwn) + j, count);
        StoreExactly(dzfr, d, row.Left(ZhuProjection::kFSibling) + j, count);
        StoreExactly(dzfr, d, row.Right(ZhuProjection::kFOwn) + j, count);
        StoreExactly(dzfl, d, row.Right(ZhuProjection::kFSibling) + j, count);
        add(ZhuBias::kFl, dzfl);
        add(ZhuBias::kFr, dzfr);
      }
      const auto i = hn::LoadU(d, row.At(ZhuGate::kI) + j);
      const auto u = hn::LoadU(d, row.At(ZhuGate::kU) + j);
      give(ZhuProjection::kI, ZhuBias::kI, hn::Mul(hn::Mul(dc, u), SigmoidSlope(i)));
      give(ZhuProjection::kU, ZhuBias::kC, hn::Mul(hn::Mul(dc, i), G::Slope(d, u)));
      // What BackwardOutput left in the place of o.
      give(ZhuProjection::kO, ZhuBias::kO, hn::LoadU(d, row.At(ZhuGate::kO) + j));
    });
  }
}

template <class G>
HWY_FLATTEN void ForwardOutput(size_t n, const Level& level) {
  for (size_t r = 0; r < level.rows; ++r) {
    const ZhuRow row(n, level, r);
    ForEachVector(n, [&](auto d, size_t j, size_t count) HWY_ATTR {
      const auto o = Sigmoid(d, hn::LoadU(d, row.At(ZhuGate::kO) + j));
      const auto t = G::Value(d, hn::LoadU(d, row.c + j));
      hn::StoreU(o, d, row.At(ZhuGate::kO) + j);
      hn::StoreU(t, d, row.At(ZhuGate::kT) + j);
      StoreExactly(hn::Mul(o, t), d, row.h + j, count);
    });
  }
}

template <class G>
HWY_FLATTEN void BackwardOutput(size_t n, const Level& level) {
  for (size_t r = 0; r < level.rows; ++r) {
    const ZhuRow row(n, level, r);
    const float* dh_row = level.dout.Row(r);
    float* dc_row = level.dstate.Row(static_cast<size_t>(level.first) + r) + n;
    ForEachVector(n, [&](auto d, size_t j, size_t count) HWY_ATTR {
      const auto dh = hn::LoadU(d, dh_row + j);
      const auto o = hn::LoadU(d, row.At(ZhuGate::kO) + j);
      const auto t = hn::LoadU(d, row.At(ZhuGate::kT) + j);
      hn::StoreU(hn::Mul(hn::Mul(dh, t), SigmoidSlope(o)), d, row.At(ZhuGate::kO) + j);
      AddExactly(hn::Mul(hn::Mul(dh, o), G::Slope(d, t)), d, dc_row + j, count);
    });
  }
}

void ZhuForwardCellImpl(Activation g, size_t n, const Level& level) {
  WithActivation(g, [&](auto function) {
    if (level.above_leaves) {
      ForwardCell<decltype(function), true>(n, level);
    } else {
      ForwardCell<decltype(function), false>(n, level);
    }
  });
}
void ZhuForwardOutputImpl(Activation g, size_t n, const Level& level) {
  WithActivation(g, [&](auto function) { ForwardOutput<decltype(function)>(n, level); });
}
void ZhuBackwardOutputImpl(Activation g, size_t n, const Level& level) {
  WithActivation(g, [&](auto function) { BackwardOutput<decltype(function)>(n, level); });
}
void ZhuBackwardCellImpl(Activation g, size_t n, const Level& level) {
  WithActivation(g, [&](auto function) {
    if (level.above_leaves) {
      BackwardCell<decltype(function), true>(n, level);
    } else {
      BackwardCell<decltype(function), false>(n, level);
    }
  });
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace grove::simd
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace grove::simd {

HWY_EXPORT(ZhuForwardCellImpl);
HWY_EXPORT(ZhuForwardOutputImpl);
HWY_EXPORT(ZhuBackwardOutputImpl);
HWY_EXPORT(ZhuBackwardCellImpl);

void ZhuForwardCell(Activation g, size_t n, const Level& level) {
  HWY_DYNAMIC_DISPATCH(ZhuForwardCellImpl)(g, n, level);
}
void ZhuForwardOutput(Activation g, size_t n, const Level& level) {
  HWY_DYNAMIC_DISPATCH(ZhuForwardOutputImpl)(g, n, level);
}
void ZhuBackwardOutput(Activation g, size_t n, const Level& level) {
  HWY_DYNAMIC_DISPATCH(ZhuBackwardOutputImpl)(g, n, level);
}
void ZhuBackwardCell(Activation g, size_t n, const Level& level) {
  HWY_DYNAMIC_DISPATCH(ZhuBackwardCellImpl)(g, n, level);
}

}  // namespace grove::simd
#endif
