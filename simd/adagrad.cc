#include "simd/adagrad.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "simd/adagrad.cc"
#include <hwy/foreach_target.h>  // IWYU pragma: keep
// After foreach_target.
#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include "simd/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace grove::simd {
namespace HWY_NAMESPACE {
namespace {

// One vector: updates `count` lanes of weight and sum in memory and returns the new weights.
template <bool kPlain, class D>
HWY_INLINE hn::Vec<D> UpdateVector(D d, const AdagradStep& step, const float* gradient,
                                   float* weight, float* sum, size_t count) {
  const auto w = hn::LoadU(d, weight);
  const auto g = hn::MulAdd(hn::Set(d, step.l2), w, hn::LoadU(d, gradient));
  const auto a = hn::MulAdd(g, g, hn::LoadU(d, sum));
  StoreExactly(a, d, sum, count);
  auto direction = g;
  if constexpr (!kPlain) {
    direction = hn::Div(g, hn::Add(hn::Sqrt(a), hn::Set(d, step.epsilon)));
  }
  const auto updated = hn::NegMulAdd(hn::Set(d, step.learning_rate), direction, w);
  StoreExactly(updated, d, weight, count);
  return updated;
}

template <bool kPlain>
HWY_INLINE void Update(const AdagradStep& step, size_t count, const float* HWY_RESTRICT gradient,
                       float* HWY_RESTRICT weight, float* HWY_RESTRICT sum) {
  ForEachVector(count, [&](auto d, size_t j, size_t piece) HWY_ATTR {
    UpdateVector<kPlain>(d, step, gradient + j, weight + j, sum + j, piece);
  });
}

#if HWY_TARGET == HWY_SCALAR

template <bool kPlain>
void UpdateTransposed(const AdagradStep& step, const TransposedBlock& b) {
  for (size_t r = 0; r < b.rows; ++r) {
    const size_t at = r * b.stride;
    Update<kPlain>(step, b.stride, b.gradient + at, b.weight + at, b.sum + at);
    for (size_t c = 0; c < b.cols; ++c) {
      b.transposed[c * b.transposed_stride + r] = b.weight[at + c];
    }
  }
}

#else

// Stores the first `rows` 128-bit blocks of v, each to a row of its own.
template <class D>
HWY_INLINE void StoreBlocks(D d, hn::Vec<D> v, float* to, size_t stride, size_t rows) {
  if constexpr (hn::MaxLanes(d) > 4) {
    const hn::Half<D> half;
    constexpr size_t kHalfBlocks = hn::MaxLanes(half) / 4;
    StoreBlocks(half, hn::LowerHalf(half, v), to, stride, rows);
    if (rows > kHalfBlocks) {
      StoreBlocks(half, hn::UpperHalf(half, v), to + kHalfBlocks * stride, stride,
                  rows - kHalfBlocks);
    }
  } else {
    if (rows > 0) hn::StoreU(v, d, to);
  }
}

// Four rows from r on (the last one again where there are fewer) and the vector of columns at c.
template <bool kPlain, class D>
HWY_INLINE void UpdateFourRows(D d, const AdagradStep& step, const TransposedBlock& b, size_t r,
                               size_t c) {
  const size_t rows = b.rows - r;
  const auto updated = [&](size_t i) HWY_ATTR {
    const size_t at = (r + i) * b.stride + c;
    return UpdateVector<kPlain>(d, step, b.gradient + at, b.weight + at, b.sum + at, hn::Lanes(d));
  };
  const auto v0 = updated(0);
  const auto v1 = rows > 1 ? updated(1) : v0;
  const auto v2 = rows > 2 ? updated(2) : v1;
  const auto v3 = rows > 3 ? updated(3) : v2;
  // Block k of the results is column c + 4 k, c + 4 k + 1, ... of these rows.
  const auto low02 = hn::InterleaveLower(d, v0, v2);
  const auto low13 = hn::InterleaveLower(d, v1, v3);
  const auto high02 = hn::InterleaveUpper(d, v0, v2);
  const auto high13 = hn::InterleaveUpper(d, v1, v3);
  const size_t columns = b.cols > c ? b.cols - c : 0;  // narrow vectors may be padding alone
  float* to = b.transposed + c * b.transposed_stride + r;
  const auto store = [&](auto v, size_t k) HWY_ATTR {
    StoreBlocks(d, v, to + k * b.transposed_stride, 4 * b.transposed_stride,
                columns > k ? (columns - k + 3) / 4 : 0);
  };
  store(hn::InterleaveLower(d, low02, low13), 0);
  store(hn::InterleaveUpper(d, low02, low13), 1);
  store(hn::InterleaveLower(d, high02, high13), 2);
  store(hn::InterleaveUpper(d, high02, high13), 3);
}

template <bool kPlain>
void UpdateTransposed(const AdagradStep& step, const TransposedBlock& b) {
  const hn::CappedTag<float, 16> d;
  const size_t lanes = hn::Lanes(d);
  for (size_t r = 0; r < b.rows; r += 4) {
    size_t c = 0;
    for (; c + lanes <= b.stride; c += lanes) UpdateFourRows<kPlain>(d, step, b, r, c);
    if constexpr (hn::MaxLanes(d) > kRowQuantum) {
      if (c < b.stride) {
        UpdateFourRows<kPlain>(hn::CappedTag<float, kRowQuantum>(), step, b, r, c);
      }
    }
  }
}

#endif  // HWY_SCALAR

void AdagradTransposedImpl(const AdagradStep& step, const TransposedBlock& block) {
  if (step.plain) {
    UpdateTransposed<true>(step, block);
  } else {
    UpdateTransposed<false>(step, block);
  }
}

void AdagradImpl(const AdagradStep& step, size_t count, const float* gradient, float* weight,
                 float* sum) {
  if (step.plain) {
    Update<true>(step, count, gradient, weight, sum);
  } else {
    Update<false>(step, count, gradient, weight, sum);
  }
}

bool AllZero(const float* row, size_t n) {
  bool zero = true;
  ForEachVector(n, [&](auto d, size_t j, size_t piece) HWY_ATTR {
    const auto nonzero = hn::Ne(hn::LoadU(d, row + j), hn::Zero(d));
    zero &= hn::AllFalse(d, hn::And(nonzero, hn::FirstN(d, piece)));
  });
  return zero;
}

void AdagradRowsImpl(const AdagradStep& step, bool plain_first, const RowUpdates& updates,
                     const float* gradients, float* weights, float* sums) {
  // The tables are larger than the nearer caches: rows are asked for some updates ahead.
  constexpr size_t kAhead = 4;
  constexpr size_t kCacheLine = 16;  // floats
  for (size_t i = 0; i < updates.count; ++i) {
    if (i + kAhead < updates.count) {
      const size_t ahead = static_cast<size_t>(updates.words[updates.rows[i + kAhead]]);
      for (size_t j = 0; j < updates.table_stride; j += kCacheLine) {
        hwy::Prefetch(weights + ahead * updates.table_stride + j);
        hwy::Prefetch(sums + ahead * updates.table_stride + j);
      }
    }
    const size_t row = static_cast<size_t>(updates.rows[i]);
    const size_t word = static_cast<size_t>(updates.words[row]);
    float* sum = sums + word * updates.table_stride;
    const float* gradient = gradients + row * updates.gradient_stride;
    float* weight = weights + word * updates.table_stride;
    // The first sum alone nearly always tells that a row was updated before.
    if (plain_first && sum[0] == 0 && AllZero(sum, updates.n)) {
      Update<true>(step, updates.n, gradient, weight, sum);
    } else {
      Update<false>(step, updates.n, gradient, weight, sum);
    }
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace grove::simd
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace grove::simd {

HWY_EXPORT(AdagradImpl);
HWY_EXPORT(AdagradTransposedImpl);
HWY_EXPORT(AdagradRowsImpl);

void AdagradUpdate(const AdagradStep& step, size_t count, const float* gradient, float* weight,
                   float* sum) {
  HWY_DYNAMIC_DISPATCH(AdagradImpl)(step, count, gradient, weight, sum);
}

void AdagradUpdateTransposed(const AdagradStep& step, const TransposedBlock& block) {
  HWY_DYNAMIC_DISPATCH(AdagradTransposedImpl)(step, block);
}

void AdagradUpdateRows(const AdagradStep& step, bool plain_first, const RowUpdates& updates,
                       const float* gradients, float* weights, float* sums) {
  HWY_DYNAMIC_DISPATCH(AdagradRowsImpl)(step, plain_first, updates, gradients, weights, sums);
}

}  // namespace grove::simd
#endif
