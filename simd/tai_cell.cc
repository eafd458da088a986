#include "simd/tai_cell.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "simd/tai_cell.cc"
#include <hwy/foreach_target.h>  // IWYU pragma: keep
// After foreach_target.
#include <hwy/highway.h>

#include "simd/gates-inl.h"

HWY_BEFORE_NAMESPACE();
namespace grove::simd {
namespace HWY_NAMESPACE {
namespace {

// Children of the nodes: two, or as many as `places` says. A function for each number would take
// minutes to compile and gain nothing.
constexpr size_t kAny = 0, kBinary = 2;

// The pieces of one node's row, and how to find a segment in them.
template <size_t kPlaces>
struct TaiRow {
  TaiRow(size_t width, size_t count, const Level& level, size_t r)
      : n(width),
        padded(PadRow(width)),
        places(kPlaces == kAny ? count : kPlaces),
        sums(level.sums.Row(r)),
        activations(level.activations.Row(r)),
        h(level.out.Row(r)),
        c(level.state.Row(static_cast<size_t>(level.first) + r) + width) {
    for (size_t k = 0; k < places; ++k) {
      const auto row = static_cast<size_t>(level.child[k][r]);
      child[k] = level.projections.Row(row);
      child_c[k] = level.state.Row(row) + width;
    }
  }

  float* Sum(TaiSum s) const { return sums + static_cast<size_t>(s) * n; }
  float* Child(size_t l, TaiSum s, size_t k = 0) const {
    return child[l] + (static_cast<size_t>(s) + k) * n;
  }
  float* At(TaiGate gate, size_t k = 0) const {
    return activations + (static_cast<size_t>(gate) + k) * padded;
  }

  size_t n, padded, places;
  float *sums, *activations, *h, *c;
  float* child[kMaxPlaces];
  const float* child_c[kMaxPlaces];
};

template <class G, size_t kPlaces>
HWY_FLATTEN void Forward(size_t n, size_t places, const Level& level) {
  for (size_t r = 0; r < level.rows; ++r) {
    const TaiRow<kPlaces> row(n, places, level, r);
    ForEachVector(n, [&](auto d, size_t j, size_t count) HWY_ATTR {
      // What enters a gate: bias, word and children; k is the child whose forget gate it is.
      const auto argument = [&](TaiSum s, size_t k) HWY_ATTR {
        const float* word = level.has_words ? row.Sum(s) : kZeros;
        auto z = hn::LoadU(d, level.biases + static_cast<size_t>(s) * n + j);
        z = hn::Add(z, hn::LoadU(d, word + j));
        for (size_t l = 0; l < row.places; ++l) {
          z = hn::Add(z, hn::LoadU(d, row.Child(l, s, k) + j));
        }
        return z;
      };
      const auto i = Sigmoid(d, argument(TaiSum::kI, 0));
      const auto o = Sigmoid(d, argument(TaiSum::kO, 0));
      const auto u = G::Value(d, argument(TaiSum::kU, 0));
      auto c = hn::Mul(i, u);
      for (size_t k = 0; k < row.places; ++k) {
        const auto f = Sigmoid(d, argument(TaiSum::kF, k));
        hn::StoreU(f, d, row.At(TaiGate::kF, k) + j);
        c = hn::MulAdd(f, hn::LoadU(d, row.child_c[k] + j), c);
      }
      const auto t = G::Value(d, c);
      hn::StoreU(i, d, row.At(TaiGate::kI) + j);
      hn::StoreU(o, d, row.At(TaiGate::kO) + j);
      hn::StoreU(u, d, row.At(TaiGate::kU) + j);
      hn::StoreU(t, d, row.At(TaiGate::kT) + j);
      StoreExactly(hn::Mul(o, t), d, row.h + j, count);
      StoreExactly(c, d, row.c + j, count);
    });
  }
}

template <class G, size_t kPlaces>
HWY_FLATTEN void Backward(size_t n, size_t places, const Level& level) {
  for (size_t r = 0; r < level.rows; ++r) {
    const TaiRow<kPlaces> row(n, places, level, r);
    const float* dh_row = level.dout.Row(r);
    const float* dc_row = level.dstate.Row(static_cast<size_t>(level.first) + r) + n;
    ForEachVector(n, [&](auto d, size_t j, size_t count) HWY_ATTR {
      const auto at = [&](TaiGate gate) HWY_ATTR { return hn::LoadU(d, row.At(gate) + j); };
      const auto [dzi, dzo, dzu, dc] =
          LstmBackward<G>(d, hn::LoadU(d, dh_row + j), hn::LoadU(d, dc_row + j), at(TaiGate::kI),
                          at(TaiGate::kO), at(TaiGate::kU), at(TaiGate::kT));
      // c = i u + sum_k f_k c_k
      auto dzf_sum = hn::Zero(d);
      for (size_t k = 0; k < row.places; ++k) {
        const auto f = hn::LoadU(d, row.At(TaiGate::kF, k) + j);
        const auto dzf = hn::Mul(hn::Mul(dc, hn::LoadU(d, row.child_c[k] + j)), SigmoidSlope(f));
        float* dc_child = level.dstate.Row(static_cast<size_t>(level.child[k][r])) + n;
        StoreExactly(hn::Mul(dc, f), d, dc_child + j, count);
        for (size_t l = 0; l < row.places; ++l) {
          StoreExactly(dzf, d, row.Child(l, TaiSum::kF, k) + j, count);
        }
        dzf_sum = hn::Add(dzf_sum, dzf);
      }
      const auto give = [&](TaiSum s, auto dz) HWY_ATTR {
        for (size_t l = 0; l < row.places && s != TaiSum::kF; ++l) {
          StoreExactly(dz, d, row.Child(l, s) + j, count);
        }
        StoreExactly(dz, d, row.Sum(s) + j, count);
        AddExactly(dz, d, level.dbiases + static_cast<size_t>(s) * n + j, count);
      };
      give(TaiSum::kI, dzi);
      give(TaiSum::kO, dzo);
      give(TaiSum::kU, dzu);
      give(TaiSum::kF, dzf_sum);
    });
  }
}

void TaiForwardImpl(Activation g, size_t n, size_t places, const Level& level) {
  const size_t count = level.of_leaves ? 0 : places;
  WithActivation(g, [&](auto function) {
    using G = decltype(function);
    count == kBinary ? Forward<G, kBinary>(n, count, level) : Forward<G, kAny>(n, count, level);
  });
}
void TaiBackwardImpl(Activation g, size_t n, size_t places, const Level& level) {
  const size_t count = level.of_leaves ? 0 : places;
  WithActivation(g, [&](auto function) {
    using G = decltype(function);
    count == kBinary ? Backward<G, kBinary>(n, count, level) : Backward<G, kAny>(n, count, level);
  });
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace grove::simd
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace grove::simd {

HWY_EXPORT(TaiForwardImpl);
HWY_EXPORT(TaiBackwardImpl);

void TaiForward(Activation g, size_t n, size_t places, const Level& level) {
  HWY_DYNAMIC_DISPATCH(TaiForwardImpl)(g, n, places, level);
}
void TaiBackward(Activation g, size_t n, size_t places, const Level& level) {
  HWY_DYNAMIC_DISPATCH(TaiBackwardImpl)(g, n, places, level);
}

}  // namespace grove::simd
#endif
