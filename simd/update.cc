#include "simd/update.h"

#include <cmath>
#include <type_traits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "simd/update.cc"
#include <hwy/foreach_target.h>  // IWYU pragma: keep
// After foreach_target.
#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include "simd/lanes-inl.h"
#include "simd/update_rules-inl.h"

HWY_BEFORE_NAMESPACE();
namespace grove::simd {
namespace HWY_NAMESPACE {
namespace {

// One vector: updates `count` lanes from element j on in memory and returns the new weights.
template <class R, class D>
HWY_INLINE hn::Vec<D> UpdateVector(D d, const UpdateStep& step, const UpdateArrays& x, size_t j,
                                   size_t count) {
  const auto w = hn::LoadU(d, x.weight + j);
  auto a = hn::Zero(d), b = hn::Zero(d);
  if constexpr (R::kSlots > 0) a = hn::LoadU(d, x.slots[0] + j);
  if constexpr (R::kSlots > 1) b = hn::LoadU(d, x.slots[1] + j);
  const auto updated = R::Update(d, step, hn::LoadU(d, x.gradient + j), w, a, b);
  if constexpr (R::kSlots > 0) StoreExactly(a, d, x.slots[0] + j, count);
  if constexpr (R::kSlots > 1) StoreExactly(b, d, x.slots[1] + j, count);
  StoreExactly(updated, d, x.weight + j, count);
  return updated;
}

template <class R>
HWY_INLINE void Update(const UpdateStep& step, size_t count, const UpdateArrays& arrays) {
  ForEachVector(count, [&](auto d, size_t j, size_t piece)
                           HWY_ATTR { UpdateVector<R>(d, step, arrays, j, piece); });
}

#if HWY_TARGET == HWY_SCALAR

template <class R>
void UpdateTransposed(const UpdateStep step, const TransposedBlock b) {
  Update<R>(step, b.rows * b.stride, b.arrays);
  for (size_t r = 0; r < b.rows; ++r) {
    for (size_t c = 0; c < b.cols; ++c) {
      b.transposed[c * b.transposed_stride + r] = b.arrays.weight[r * b.stride + c];
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
template <class R, class D>
HWY_INLINE void UpdateFourRows(D d, const UpdateStep& step, const TransposedBlock& b, size_t r,
                               size_t c) {
  const size_t rows = b.rows - r;
  const auto updated = [&](size_t i) HWY_ATTR {
    return UpdateVector<R>(d, step, b.arrays, (r + i) * b.stride + c, hn::Lanes(d));
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

// Its arguments are copies, so that the stores cannot change them and they stay in registers.
template <class R>
void UpdateTransposed(const UpdateStep step, const TransposedBlock b) {
  const hn::CappedTag<float, 16> d;
  const size_t lanes = hn::Lanes(d);
  for (size_t r = 0; r < b.rows; r += 4) {
    size_t c = 0;
    for (; c + lanes <= b.stride; c += lanes) UpdateFourRows<R>(d, step, b, r, c);
    if constexpr (hn::MaxLanes(d) > kRowQuantum) {
      if (c < b.stride) UpdateFourRows<R>(hn::CappedTag<float, kRowQuantum>(), step, b, r, c);
    }
  }
}

#endif  // HWY_SCALAR

template <class R>
void UpdateAll(const UpdateStep step, size_t count, const UpdateArrays arrays) {
  Update<R>(step, count, arrays);
}

// Row `from` of the gradients and row `to` of the table.
template <class R>
HWY_INLINE UpdateArrays RowOf(const RowUpdates& u, const UpdateArrays& x, size_t from, size_t to) {
  UpdateArrays row = {x.gradient + from * u.gradient_stride, x.weight + to * u.table_stride, {}};
  for (size_t s = 0; s < R::kSlots; ++s) row.slots[s] = x.slots[s] + to * u.table_stride;
  return row;
}

template <class R>
HWY_INLINE void PrefetchRow(const RowUpdates& u, const UpdateArrays& x, size_t word) {
  constexpr size_t kCacheLine = 16;  // floats
  const UpdateArrays row = RowOf<R>(u, x, 0, word);
  for (size_t j = 0; j < u.table_stride; j += kCacheLine) {
    hwy::Prefetch(row.weight + j);
    for (size_t s = 0; s < R::kSlots; ++s) hwy::Prefetch(row.slots[s] + j);
  }
}

template <class R>
void UpdateRowsBy(const UpdateRule& rule, const RowUpdates u, const UpdateArrays x) {
  // The tables are larger than the nearer caches: rows are asked for some updates ahead.
  constexpr size_t kAhead = 4;
  const auto word_of = [&](size_t i) { return static_cast<size_t>(u.words[u.rows[i]]); };
  UpdateStep step = StepAt(rule, 1);
  for (size_t i = 0; i < u.count; ++i) {
    if (i + kAhead < u.count) PrefetchRow<R>(u, x, word_of(i + kAhead));
    const size_t word = word_of(i);
    uint32_t& t = u.updates[word];
    if (t < kMaxUpdates) ++t;
    if constexpr (R::kCorrected) step = StepAt(rule, t);
    const UpdateArrays row = RowOf<R>(u, x, static_cast<size_t>(u.rows[i]), word);
    if constexpr (!std::is_same_v<R, typename R::First>) {
      if (rule.plain_first && t == 1) {
        UpdateAll<typename R::First>(step, u.n, row);
        continue;
      }
    }
    Update<R>(step, u.n, row);
  }
}

// Calls body(R()) for the rule of update t.
template <class Body>
HWY_INLINE void WithRuleAt(const UpdateRule& rule, uint32_t t, const Body& body) {
  WithRule(rule.rule, [&](auto r) HWY_ATTR {
    using R = decltype(r);
    if (rule.plain_first && t == 1) return body(typename R::First());
    body(r);
  });
}

void UpdateElementsImpl(const UpdateRule& rule, uint32_t t, size_t count,
                        const UpdateArrays& arrays) {
  WithRuleAt(rule, t, [&](auto r) { UpdateAll<decltype(r)>(StepAt(rule, t), count, arrays); });
}
void UpdateTransposedImpl(const UpdateRule& rule, uint32_t t, const TransposedBlock& block) {
  WithRuleAt(rule, t, [&](auto r) { UpdateTransposed<decltype(r)>(StepAt(rule, t), block); });
}
void UpdateRowsImpl(const UpdateRule& rule, const RowUpdates& updates, const UpdateArrays& arrays) {
  WithRule(rule.rule, [&](auto r) { UpdateRowsBy<decltype(r)>(rule, updates, arrays); });
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace grove::simd
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace grove::simd {

HWY_EXPORT(UpdateElementsImpl);
HWY_EXPORT(UpdateTransposedImpl);
HWY_EXPORT(UpdateRowsImpl);

double IntegerPower(double base, uint64_t exponent) {
  double power = 1;
  for (; exponent > 0; exponent /= 2, base *= base) {
    if (exponent % 2 == 1) power *= base;
  }
  return power;
}

UpdateStep StepAt(const UpdateRule& rule, uint32_t t) {
  UpdateStep step = {.rate = rule.rate,
                     .l2 = rule.l2,
                     .epsilon = rule.epsilon,
                     .beta1 = rule.beta1,
                     .beta2 = rule.beta2,
                     .root_scale = 1,
                     .decay = rule.rate * rule.l2};
  if (SlotsOf(rule.rule) == 2) {
    const double mean = 1 - IntegerPower(static_cast<double>(rule.beta1), t);
    const double squares = 1 - IntegerPower(static_cast<double>(rule.beta2), t);
    step.rate = static_cast<float>(static_cast<double>(rule.rate) / mean);
    step.root_scale = static_cast<float>(1 / std::sqrt(squares));
  }
  return step;
}

void UpdateElements(const UpdateRule& rule, uint32_t t, size_t count, const UpdateArrays& arrays) {
  HWY_DYNAMIC_DISPATCH(UpdateElementsImpl)(rule, t, count, arrays);
}

void UpdateTransposed(const UpdateRule& rule, uint32_t t, const TransposedBlock& block) {
  HWY_DYNAMIC_DISPATCH(UpdateTransposedImpl)(rule, t, block);
}

void UpdateRows(const UpdateRule& rule, const RowUpdates& updates, const UpdateArrays& arrays) {
  HWY_DYNAMIC_DISPATCH(UpdateRowsImpl)(rule, updates, arrays);
}

}  // namespace grove::simd
#endif
