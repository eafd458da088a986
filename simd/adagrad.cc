#include "simd/adagrad.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "simd/adagrad.cc"
#include <hwy/foreach_target.h>  // IWYU pragma: keep
// After foreach_target.
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

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace grove::simd
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace grove::simd {

HWY_EXPORT(AdagradImpl);

void AdagradUpdate(const AdagradStep& step, size_t count, const float* gradient, float* weight,
                   float* sum) {
  HWY_DYNAMIC_DISPATCH(AdagradImpl)(step, count, gradient, weight, sum);
}

}  // namespace grove::simd
#endif
