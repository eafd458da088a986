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

// The pieces of one node's row, and how to find a segment in them. N children.
template <size_t N>
struct TaiRow {
  TaiRow(size_t width, const Level& level, size_t r)
      : n(width),
        padded(PadRow(width)),
        sums(level.sums.Row(r)),
        activations(level.activations.Row(r)),
        h(level.out.Row(r)),
        c(level.state.Row(static_cast<size_t>(level.first) + r) + width) {
    for (size_t k = 0; k != N; ++k) {
      const auto row = static_cast<size_t>(level.child[k][r]);
      child[k] = level.projections.Row(row);
      child_c[k] = level.state.Row(row) + width;
    }
  }

  float* Sum(TaiSum s, size_t k = 0) const { return sums + (static_cast<size_t>(s) + k) * n; }
  float* Child(size_t l, TaiSum s, size_t k = 0) const {
    return child[l] + (static_cast<size_t>(s) + k) * n;
  }
  float* At(TaiGate gate, size_t k = 0) const {
    return activations + (static_cast<size_t>(gate) + k) * padded;
  }

  // What enters a gate: bias, word and children; k is the child whose forget gate it is.
  template <bool kWords, class D>
  HWY_INLINE hn::Vec<D> Argument(D d, const float* biases, TaiSum s, size_t k, size_t j) const {
    auto z = hn::LoadU(d, biases + static_cast<size_t>(s) * n + j);
    if constexpr (kWords) z = hn::Add(z, hn::LoadU(d, Sum(s) + j));
    for (size_t l = 0; l != N; ++l) z = hn::Add(z, hn::LoadU(d, Child(l, s, k) + j));
    return z;
  }

  size_t n, padded;
  float *sums, *activations, *h, *c;
  float* child[N == 0 ? 1 : N];
  const float* child_c[N == 0 ? 1 : N];
};

template <class G, size_t N, bool kWords>
HWY_FLATTEN void Forward(size_t n, const Level& level) {
  const float* biases = level.biases;
  for (size_t r = 0; r < level.rows; ++r) {
    const TaiRow<N> row(n, level, r);
    ForEachVector(n, [&](auto d, size_t j, size_t count) HWY_ATTR {
      const auto i = Sigmoid(d, row.template Argument<kWords>(d, biases, TaiSum::kI, 0, j));
      const auto o = Sigmoid(d, row.template Argument<kWords>(d, biases, TaiSum::kO, 0, j));
      const auto u = G::Value(d, row.template Argument<kWords>(d, biases, TaiSum::kU, 0, j));
      auto c = hn::Mul(i, u);
      for (size_t k = 0; k != N; ++k) {
        const auto f = Sigmoid(d, row.template Argument<kWords>(d, biases, TaiSum::kF, k, j));
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

template <class G, size_t N, bool kWords>
HWY_FLATTEN void Backward(size_t n, const Level& level) {
  for (size_t r = 0; r < level.rows; ++r) {
    const TaiRow<N> row(n, level, r);
    const float* dh_row = level.dout.Row(r);
    const float* dc_row = level.dstate.Row(static_cast<size_t>(level.first) + r) + n;
    ForEachVector(n, [&](auto d, size_t j, size_t count) HWY_ATTR {
      // h = o t, t = g(c)
      const auto dh = hn::LoadU(d, dh_row + j);
      const auto o = hn::LoadU(d, row.At(TaiGate::kO) + j);
      const auto t = hn::LoadU(d, row.At(TaiGate::kT) + j);
      const auto dzo = hn::Mul(hn::Mul(dh, t), SigmoidSlope(o));
      const auto dc = hn::MulAdd(hn::Mul(dh, o), G::Slope(d, t), hn::LoadU(d, dc_row + j));
      // c = i u + sum_k f_k c_k
      const auto i = hn::LoadU(d, row.At(TaiGate::kI) + j);
      const auto u = hn::LoadU(d, row.At(TaiGate::kU) + j);
      const auto dzi = hn::Mul(hn::Mul(dc, u), SigmoidSlope(i));
      const auto dzu = hn::Mul(hn::Mul(dc, i), G::Slope(d, u));
      auto dzf_sum = hn::Zero(d);
      for (size_t k = 0; k != N; ++k) {
        const auto f = hn::LoadU(d, row.At(TaiGate::kF, k) + j);
        const auto dzf = hn::Mul(hn::Mul(dc, hn::LoadU(d, row.child_c[k] + j)), SigmoidSlope(f));
        float* dc_child = level.dstate.Row(static_cast<size_t>(level.child[k][r])) + n;
        StoreExactly(hn::Mul(dc, f), d, dc_child + j, count);
        for (size_t l = 0; l != N; ++l) {
          StoreExactly(dzf, d, row.Child(l, TaiSum::kF, k) + j, count);
        }
        dzf_sum = hn::Add(dzf_sum, dzf);
      }
      const auto give = [&](TaiSum s, auto dz) HWY_ATTR {
        for (size_t l = 0; l != N; ++l) {
          if (s != TaiSum::kF) StoreExactly(dz, d, row.Child(l, s) + j, count);
        }
        if constexpr (kWords) StoreExactly(dz, d, row.Sum(s) + j, count);
        AddExactly(dz, d, level.dbiases + static_cast<size_t>(s) * n + j, count);
      };
      give(TaiSum::kI, dzi);
      give(TaiSum::kO, dzo);
      give(TaiSum::kU, dzu);
      if constexpr (N > 0) give(TaiSum::kF, dzf_sum);
    });
  }
}

// Calls body.operator()<N, kWords>() for the level's kind.
template <class Body>
HWY_INLINE void WithKind(size_t places, const Level& level, const Body& body) {
  const auto with = [&](auto children) {
    if (level.of_leaves) {
      body(Count<0>(), std::true_type());
    } else if (level.has_words) {
      body(children, std::true_type());
    } else {
      body(children, std::false_type());
    }
  };
  switch (places) {
    case 2:
      return with(Count<2>());
    case 3:
      return with(Count<3>());
    default:
      return with(Count<4>());
  }
}

void TaiForwardImpl(Activation g, size_t n, size_t places, const Level& level) {
  WithActivation(g, [&](auto function) {
    WithKind(places, level, [&](auto children, auto words) {
      Forward<decltype(function), children(), words()>(n, level);
    });
  });
}
void TaiBackwardImpl(Activation g, size_t n, size_t places, const Level& level) {
  WithActivation(g, [&](auto function) {
    WithKind(places, level, [&](auto children, auto words) {
      Backward<decltype(function), children(), words()>(n, level);
    });
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
