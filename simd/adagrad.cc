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

template <bool kPlain>
HWY_INLINE void Update(const AdagradStep& step, size_t count, const float* HWY_RESTRICT gradient,
                       float* HWY_RESTRICT weight, float* HWY_RESTRICT sum) {
  ForEachVector(count, [&](auto d, size_t j, size_t piece) HWY_ATTR {
    const auto w = hn::LoadU(d, weight + j);
    const auto g = hn::MulAdd(hn::Set(d, step.l2), w, hn::LoadU(d, gradient + j));
    const auto a = hn::MulAdd(g, g, hn::LoadU(d, sum + j));
    StoreExactly(a, d, sum + j, piece);
    auto direction = g;
    if constexpr (!kPlain) {
      direction = hn::Div(g, hn::Add(hn::Sqrt(a), hn::Set(d, step.epsilon)));
    }
    StoreExactly(hn::NegMulAdd(hn::Set(d, step.learning_rate), direction, w), d, weight + j, piece);
  });
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
    AdagradStep own = step;
    own.plain = plain_first && AllZero(sum, updates.n);
    AdagradImpl(own, updates.n, gradients + row * updates.gradient_stride,
                weights + word * updates.table_stride, sum);
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace grove::simd
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace grove::simd {

HWY_EXPORT(AdagradImpl);
HWY_EXPORT(AdagradRowsImpl);

void AdagradUpdate(const AdagradStep& step, size_t count, const float* gradient, float* weight,
                   float* sum) {
  HWY_DYNAMIC_DISPATCH(AdagradImpl)(step, count, gradient, weight, sum);
}

void AdagradUpdateRows(const AdagradStep& step, bool plain_first, const RowUpdates& updates,
                       const float* gradients, float* weights, float* sums) {
  HWY_DYNAMIC_DISPATCH(AdagradRowsImpl)(step, plain_first, updates, gradients, weights, sums);
}

}  // namespace grove::simd
#endif
