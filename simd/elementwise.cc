#include "simd/elementwise.h"

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

float Softmax(const float* x, size_t count, float* probabilities) {
  float largest = x[0];
  for (size_t i = 1; i < count; ++i) largest = x[i] > largest ? x[i] : largest;
  for (size_t i = 0; i < count; ++i) probabilities[i] = x[i] - largest;
  Exp(probabilities, count, probabilities);
  float sum = 0;
  for (size_t i = 0; i < count; ++i) sum += probabilities[i];
  for (size_t i = 0; i < count; ++i) probabilities[i] /= sum;
  float log_sum;
  Log(&sum, 1, &log_sum);
  return largest + log_sum;
}

}  // namespace grove::simd
#endif
