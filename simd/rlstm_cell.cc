#include "simd/rlstm_cell.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "simd/rlstm_cell.cc"
#include <hwy/foreach_target.h>  // IWYU pragma: keep
// After foreach_target.
#include <hwy/highway.h>

#include "simd/activation-inl.h"

HWY_BEFORE_NAMESPACE();
namespace grove::simd {
namespace HWY_NAMESPACE {
namespace {

// The pieces of one parent's row, and how to find a segment in them.
struct Row {
  Row(const RlstmLevel& level, size_t r)
      : n(level.n),
        padded(PadRow(level.n)),
        left(level.projections + level.left[r] * level.projection_stride),
        right(level.projections + level.right[r] * level.projection_stride),
        gates(level.gates + r * level.gate_stride),
        left_cell(static_cast<size_t>(std::max(level.left[r] - level.leaves + 1, 0))),
        right_cell(static_cast<size_t>(std::max(level.right[r] - level.leaves + 1, 0))),
        cx(level.all_cells + left_cell * level.stride),
        cy(level.all_cells + right_cell * level.stride),
        cell(level.cells + r * level.stride),
        h(level.h + r * level.h_stride),
        left_is_leaf(left_cell == 0),
        right_is_leaf(right_cell == 0) {}

  float* Left(Projection p) const { return left + static_cast<size_t>(p) * n; }
  float* Right(Projection p) const { return right + static_cast<size_t>(p) * n; }
  float* At(Gate gate) const { return gates + static_cast<size_t>(gate) * padded; }

  size_t n, padded;
  float *left, *right, *gates;
  size_t left_cell, right_cell;  // rows
  const float *cx, *cy;          // zeros for a leaf
  float *cell, *h;
  bool left_is_leaf, right_is_leaf;
};

template <class T>
HWY_INLINE T* At(T* bias, Bias which, size_t n) {
  return bias + static_cast<size_t>(which) * n;
}

// s(own + sibling + bias)
template <class D>
HWY_INLINE hn::Vec<D> GateValue(D d, const float* own, const float* sibling, const float* bias) {
  return Sigmoid(d, hn::Add(hn::Add(hn::LoadU(d, own), hn::LoadU(d, sibling)), hn::LoadU(d, bias)));
}

// y (1 - y): the slope of s where it has the value y.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V SigmoidSlope(D /*d*/, V y) {
  return hn::NegMulAdd(y, y, y);
}

template <class G, bool kAboveLeaves>
HWY_FLATTEN void ForwardCell(const RlstmLevel& level, const float* bias) {
  const size_t n = level.n;
  for (size_t r = 0; r < level.rows; ++r) {
    const Row row(level, r);
    const float* f1_own = row.left_is_leaf ? row.cx : row.Left(Projection::kFOwn);
    const float* f1_sibling = row.left_is_leaf ? row.cx : row.Right(Projection::kFSibling);
    const float* f2_own = row.right_is_leaf ? row.cy : row.Right(Projection::kFOwn);
    const float* f2_sibling = row.right_is_leaf ? row.cy : row.Left(Projection::kFSibling);
    // The gates first: so many independent chains fill the pipes while each waits for itself.
    ForEachVector(n, [&](auto d, size_t j, size_t /*count*/) HWY_ATTR {
      const float* b_i = At(bias, Bias::kI, n) + j;
      const auto i1 =
          GateValue(d, row.Left(Projection::kIOwn) + j, row.Right(Projection::kISibling) + j, b_i);
      const auto i2 =
          GateValue(d, row.Right(Projection::kIOwn) + j, row.Left(Projection::kISibling) + j, b_i);
      hn::StoreU(i1, d, row.At(Gate::kI1) + j);
      hn::StoreU(i2, d, row.At(Gate::kI2) + j);
      if constexpr (!kAboveLeaves) {
        const float* b_f = At(bias, Bias::kF, n) + j;
        hn::StoreU(GateValue(d, f1_own + j, f1_sibling + j, b_f), d, row.At(Gate::kF1) + j);
        hn::StoreU(GateValue(d, f2_own + j, f2_sibling + j, b_f), d, row.At(Gate::kF2) + j);
      }
      const auto zo = hn::Add(hn::Add(hn::LoadU(d, row.Left(Projection::kO) + j),
                                      hn::LoadU(d, row.Right(Projection::kO) + j)),
                              hn::LoadU(d, At(bias, Bias::kO, n) + j));
      hn::StoreU(zo, d, row.At(Gate::kO) + j);
    });
    ForEachVector(n, [&](auto d, size_t j, size_t count) HWY_ATTR {
      auto zc = hn::LoadU(d, At(bias, Bias::kC, n) + j);
      zc = hn::MulAdd(hn::LoadU(d, row.Left(Projection::kC) + j),
                      hn::LoadU(d, row.At(Gate::kI1) + j), zc);
      zc = hn::MulAdd(hn::LoadU(d, row.Right(Projection::kC) + j),
                      hn::LoadU(d, row.At(Gate::kI2) + j), zc);
      const auto u = G::Value(d, zc);
      hn::StoreU(u, d, row.At(Gate::kU) + j);
      auto cp = u;
      if constexpr (!kAboveLeaves) {
        cp = hn::MulAdd(hn::LoadU(d, row.At(Gate::kF1) + j), hn::LoadU(d, row.cx + j), cp);
        cp = hn::MulAdd(hn::LoadU(d, row.At(Gate::kF2) + j), hn::LoadU(d, row.cy + j), cp);
      }
      StoreExactly(cp, d, row.cell + j, count);
    });
  }
}

template <class G, bool kAboveLeaves>
HWY_FLATTEN void BackwardCell(const RlstmLevel& level, const float* dcells, float* all_dcells,
                              float* dbias) {
  const size_t n = level.n;
  for (size_t r = 0; r < level.rows; ++r) {
    const Row row(level, r);
    float* dcx = all_dcells + row.left_cell * level.stride;
    float* dcy = all_dcells + row.right_cell * level.stride;
    const float* dcp_row = dcells + r * level.stride;
    ForEachVector(n, [&](auto d, size_t j, size_t count) HWY_ATTR {
      const auto add = [&](Bias which, auto term) HWY_ATTR {
        float* at = At(dbias, which, n) + j;
        StoreExactly(hn::Add(hn::LoadU(d, at), term), d, at, count);
      };
      const auto dcp = hn::LoadU(d, dcp_row + j);
      const auto dzc = hn::Mul(dcp, G::Slope(d, hn::LoadU(d, row.At(Gate::kU) + j)));
      // cp = f1 cx + f2 cy + u
      if constexpr (!kAboveLeaves) {
        const auto f1 = hn::LoadU(d, row.At(Gate::kF1) + j);
        const auto f2 = hn::LoadU(d, row.At(Gate::kF2) + j);
        const auto dzf1 = hn::Mul(hn::Mul(dcp, hn::LoadU(d, row.cx + j)), SigmoidSlope(d, f1));
        const auto dzf2 = hn::Mul(hn::Mul(dcp, hn::LoadU(d, row.cy + j)), SigmoidSlope(d, f2));
        StoreExactly(hn::Mul(dcp, f1), d, dcx + j, count);
        StoreExactly(hn::Mul(dcp, f2), d, dcy + j, count);
        StoreExactly(dzf1, d, row.Left(Projection::kFOwn) + j, count);
        StoreExactly(dzf2, d, row.Left(Projection::kFSibling) + j, count);
        StoreExactly(dzf2, d, row.Right(Projection::kFOwn) + j, count);
        StoreExactly(dzf1, d, row.Right(Projection::kFSibling) + j, count);
        add(Bias::kF, hn::Add(dzf1, dzf2));
      }
      // zc = l.c i1 + r.c i2 + b_c
      const auto i1 = hn::LoadU(d, row.At(Gate::kI1) + j);
      const auto i2 = hn::LoadU(d, row.At(Gate::kI2) + j);
      const auto dzi1 =
          hn::Mul(hn::Mul(dzc, hn::LoadU(d, row.Left(Projection::kC) + j)), SigmoidSlope(d, i1));
      const auto dzi2 =
          hn::Mul(hn::Mul(dzc, hn::LoadU(d, row.Right(Projection::kC) + j)), SigmoidSlope(d, i2));
      StoreExactly(dzi1, d, row.Left(Projection::kIOwn) + j, count);
      StoreExactly(dzi2, d, row.Left(Projection::kISibling) + j, count);
      StoreExactly(hn::Mul(dzc, i1), d, row.Left(Projection::kC) + j, count);
      StoreExactly(dzi2, d, row.Right(Projection::kIOwn) + j, count);
      StoreExactly(dzi1, d, row.Right(Projection::kISibling) + j, count);
      StoreExactly(hn::Mul(dzc, i2), d, row.Right(Projection::kC) + j, count);
      add(Bias::kI, hn::Add(dzi1, dzi2));
      add(Bias::kC, dzc);
      // zo = l.o + r.o + b_o + W_co cp
      const auto dzo = hn::LoadU(d, row.At(Gate::kO) + j);  // left by BackwardOutput
      StoreExactly(dzo, d, row.Left(Projection::kO) + j, count);
      StoreExactly(dzo, d, row.Right(Projection::kO) + j, count);
      add(Bias::kO, dzo);
    });
    if (level.right[r] == level.missing) {
      std::fill_n(row.right, static_cast<size_t>(Projection::kCount) * n, 0.0f);
    }
  }
}

template <class G>
HWY_FLATTEN void ForwardOutput(const RlstmLevel& level) {
  for (size_t r = 0; r < level.rows; ++r) {
    const Row row(level, r);
    ForEachVector(level.n, [&](auto d, size_t j, size_t count) HWY_ATTR {
      const auto o = Sigmoid(d, hn::LoadU(d, row.At(Gate::kO) + j));
      const auto t = G::Value(d, hn::LoadU(d, row.cell + j));
      hn::StoreU(o, d, row.At(Gate::kO) + j);
      hn::StoreU(t, d, row.At(Gate::kT) + j);
      StoreExactly(hn::Mul(o, t), d, row.h + j, count);
    });
  }
}

template <class G>
HWY_FLATTEN void BackwardOutput(const RlstmLevel& level, const float* dh_rows, float* dcells) {
  for (size_t r = 0; r < level.rows; ++r) {
    const Row row(level, r);
    const float* dh_row = dh_rows + r * level.h_stride;
    float* dcell = dcells + r * level.stride;
    ForEachVector(level.n, [&](auto d, size_t j, size_t count) HWY_ATTR {
      const auto dh = hn::LoadU(d, dh_row + j);
      const auto o = hn::LoadU(d, row.At(Gate::kO) + j);
      const auto t = hn::LoadU(d, row.At(Gate::kT) + j);
      hn::StoreU(hn::Mul(hn::Mul(dh, t), SigmoidSlope(d, o)), d, row.At(Gate::kO) + j);
      StoreExactly(hn::MulAdd(hn::Mul(dh, o), G::Slope(d, t), hn::LoadU(d, dcell + j)), d,
                   dcell + j, count);
    });
  }
}

void RlstmForwardCellImpl(Activation g, const RlstmLevel& level, const float* bias) {
  WithActivation(g, [&](auto function) {
    if (level.above_leaves) {
      ForwardCell<decltype(function), true>(level, bias);
    } else {
      ForwardCell<decltype(function), false>(level, bias);
    }
  });
}
void RlstmForwardOutputImpl(Activation g, const RlstmLevel& level) {
  WithActivation(g, [&](auto function) { ForwardOutput<decltype(function)>(level); });
}
void RlstmBackwardOutputImpl(Activation g, const RlstmLevel& level, const float* dh,
                             float* dcells) {
  WithActivation(g, [&](auto function) { BackwardOutput<decltype(function)>(level, dh, dcells); });
}
void RlstmBackwardCellImpl(Activation g, const RlstmLevel& level, const float* dcells,
                           float* all_dcells, float* dbias) {
  WithActivation(g, [&](auto function) {
    if (level.above_leaves) {
      BackwardCell<decltype(function), true>(level, dcells, all_dcells, dbias);
    } else {
      BackwardCell<decltype(function), false>(level, dcells, all_dcells, dbias);
    }
  });
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace grove::simd
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace grove::simd {

HWY_EXPORT(RlstmForwardCellImpl);
HWY_EXPORT(RlstmForwardOutputImpl);
HWY_EXPORT(RlstmBackwardOutputImpl);
HWY_EXPORT(RlstmBackwardCellImpl);

void RlstmForwardCell(Activation g, const RlstmLevel& level, const float* bias) {
  HWY_DYNAMIC_DISPATCH(RlstmForwardCellImpl)(g, level, bias);
}
void RlstmForwardOutput(Activation g, const RlstmLevel& level) {
  HWY_DYNAMIC_DISPATCH(RlstmForwardOutputImpl)(g, level);
}
void RlstmBackwardOutput(Activation g, const RlstmLevel& level, const float* dh, float* dcells) {
  HWY_DYNAMIC_DISPATCH(RlstmBackwardOutputImpl)(g, level, dh, dcells);
}
void RlstmBackwardCell(Activation g, const RlstmLevel& level, const float* dcells,
                       float* all_dcells, float* dbias) {
  HWY_DYNAMIC_DISPATCH(RlstmBackwardCellImpl)(g, level, dcells, all_dcells, dbias);
}

}  // namespace grove::simd
#endif
