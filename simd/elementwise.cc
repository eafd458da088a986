#include "simd/elementwise.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "simd/elementwise.cc"
#include <hwy/foreach_target.h>  // IWYU pragma: keep
// After foreach_target.
#include <hwy/highway.h>

#include "simd/activation-inl.h"
#include "simd/lanes-inl.h"
#include "simd/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace grove::simd {
namespace HWY_NAMESPACE {
namespace {

// Arrays come without padding, so a partial last vector goes through a buffer.
template <class Function>
HWY_INLINE void Map(const float* x, size_t count, float* out, const Function& function) {
  ForEachVector(count, [&](auto d, size_t j, size_t piece) HWY_ATTR {
    if (piece >= hn::Lanes(d)) {
      hn::StoreU(function(d, hn::LoadU(d, x + j)), d, out + j);
      return;
    }
    HWY_ALIGN float buffer[hn::MaxLanes(d)] = {};
    for (size_t i = 0; i < piece; ++i) buffer[i] = x[j + i];
    hn::Store(function(d, hn::Load(d, buffer)), d, buffer);
    for (size_t i = 0; i < piece; ++i) out[j + i] = buffer[i];
  });
}

void ExpArray(const float* x, size_t count, float* out) {
  Map(x, count, out, [](auto d, auto v) HWY_ATTR { return Exp(d, v); });
}
void LogArray(const float* x, size_t count, float* out) {
  Map(x, count, out, [](auto d, auto v) HWY_ATTR { return Log(d, v); });
}
void SigmoidArray(const float* x, size_t count, float* out) {
  Map(x, count, out, [](auto d, auto v) HWY_ATTR { return Sigmoid(d, v); });
}
void TanhArray(const float* x, size_t count, float* out) {
  Map(x, count, out, [](auto d, auto v) HWY_ATTR { return Tanh(d, v); });
}
void SoftsignArray(const float* x, size_t count, float* out) {
  Map(x, count, out, [](auto d, auto v) HWY_ATTR { return SoftsignActivation::Value(d, v); });
}

// Some rows at a time, whose logarithms are taken together.
void SoftmaxRows(float* x, size_t stride, size_t rows, size_t classes, float* log_sums) {
  constexpr size_t kMostRows = 64;
  HWY_ALIGN float sums[kMostRows + kSlack];
  while (rows > 0) {
    const size_t count = std::min(rows, kMostRows);
    for (size_t r = 0; r < count; ++r) {
      float* row = x + r * stride;
      float largest = row[0];
      for (size_t i = 1; i < classes; ++i) largest = row[i] > largest ? row[i] : largest;
      ForEachVector(classes, [&](auto d, size_t j, size_t piece) HWY_ATTR {
        const auto z = hn::Sub(hn::LoadU(d, row + j), hn::Set(d, largest));
        StoreExactly(Exp(d, z), d, row + j, piece);
      });
      float sum = 0;
      for (size_t i = 0; i < classes; ++i) sum += row[i];
      ForEachVector(classes, [&](auto d, size_t j, size_t piece) HWY_ATTR {
        StoreExactly(hn::Div(hn::LoadU(d, row + j), hn::Set(d, sum)), d, row + j, piece);
      });
      log_sums[r] = largest;
      sums[r] = sum;
    }
    LogArray(sums, count, sums);
    for (size_t r = 0; r < count; ++r) log_sums[r] += sums[r];
    x += count * stride;
    log_sums += count;
    rows -= count;
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace grove::simd
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace grove::simd {

HWY_EXPORT(ExpArray);
HWY_EXPORT(LogArray);
HWY_EXPORT(SigmoidArray);
HWY_EXPORT(TanhArray);
HWY_EXPORT(SoftsignArray);
HWY_EXPORT(SoftmaxRows);

void Exp(const float* x, size_t count, float* out) {
  HWY_DYNAMIC_DISPATCH(ExpArray)(x, count, out);
}
void Log(const float* x, size_t count, float* out) {
  HWY_DYNAMIC_DISPATCH(LogArray)(x, count, out);
}
void Sigmoid(const float* x, size_t count, float* out) {
  HWY_DYNAMIC_DISPATCH(SigmoidArray)(x, count, out);
}
void Tanh(const float* x, size_t count, float* out) {
  HWY_DYNAMIC_DISPATCH(TanhArray)(x, count, out);
}
void Softsign(const float* x, size_t count, float* out) {
  HWY_DYNAMIC_DISPATCH(SoftsignArray)(x, count, out);
}

void Softmax(float* x, size_t stride, size_t rows, size_t classes, float* log_sums) {
  HWY_DYNAMIC_DISPATCH(SoftmaxRows)(x, stride, rows, classes, log_sums);
}

}  // namespace grove::simd
#endif
