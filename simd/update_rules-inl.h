// The update rules on vectors, and the choice among them, made once a kernel call. The formulas
// stand in simd/update.h.
#if defined(GROVE_SIMD_UPDATE_RULES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef GROVE_SIMD_UPDATE_RULES_INL_H_
#undef GROVE_SIMD_UPDATE_RULES_INL_H_
#else
#define GROVE_SIMD_UPDATE_RULES_INL_H_
#endif

#include <hwy/highway.h>

#include "simd/update.h"

HWY_BEFORE_NAMESPACE();
namespace grove::simd {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

template <class D, class V = hn::Vec<D>>
HWY_INLINE V WithL2(D d, const UpdateStep& s, V gradient, V w) {
  return hn::MulAdd(hn::Set(d, s.l2), w, gradient);
}

// Each rule has kSlots; whether its numbers depend on t (kCorrected); the rule of its first update
// if that is a plain one (First); and Update, which returns the new weights and leaves the new
// slots in a and b. Slots that it does not have come as zeros and are not stored.
struct AdagradFirstRule {
  static constexpr size_t kSlots = 1;
  static constexpr bool kCorrected = false;
  using First = AdagradFirstRule;
  template <class D, class V = hn::Vec<D>>
  static HWY_INLINE V Update(D d, const UpdateStep& s, V gradient, V w, V& a, V& /*b*/) {
    const V g = WithL2(d, s, gradient, w);
    a = hn::MulAdd(g, g, a);
    return hn::NegMulAdd(hn::Set(d, s.rate), g, w);
  }
};

struct AdagradRule {
  static constexpr size_t kSlots = 1;
  static constexpr bool kCorrected = false;
  using First = AdagradFirstRule;
  template <class D, class V = hn::Vec<D>>
  static HWY_INLINE V Update(D d, const UpdateStep& s, V gradient, V w, V& a, V& /*b*/) {
    const V g = WithL2(d, s, gradient, w);
    a = hn::MulAdd(g, g, a);
    const V direction = hn::Div(g, hn::Add(hn::Sqrt(a), hn::Set(d, s.epsilon)));
    return hn::NegMulAdd(hn::Set(d, s.rate), direction, w);
  }
};

struct SgdRule {
  static constexpr size_t kSlots = 0;
  static constexpr bool kCorrected = false;
  using First = SgdRule;
  template <class D, class V = hn::Vec<D>>
  static HWY_INLINE V Update(D d, const UpdateStep& s, V gradient, V w, V& /*a*/, V& /*b*/) {
    return hn::NegMulAdd(hn::Set(d, s.rate), WithL2(d, s, gradient, w), w);
  }
};

struct MomentumRule {
  static constexpr size_t kSlots = 1;
  static constexpr bool kCorrected = false;
  using First = MomentumRule;
  template <class D, class V = hn::Vec<D>>
  static HWY_INLINE V Update(D d, const UpdateStep& s, V gradient, V w, V& a, V& /*b*/) {
    a = hn::MulAdd(hn::Set(d, s.beta1), a, WithL2(d, s, gradient, w));
    return hn::NegMulAdd(hn::Set(d, s.rate), a, w);
  }
};

// What adam and adamw take from the weights w.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V AdamStep(D d, const UpdateStep& s, V g, V w, V& a, V& b) {
  a = hn::MulAdd(hn::Set(d, s.beta1), a, hn::Mul(hn::Set(d, 1 - s.beta1), g));
  b = hn::MulAdd(hn::Set(d, s.beta2), b, hn::Mul(hn::Mul(hn::Set(d, 1 - s.beta2), g), g));
  const V root = hn::MulAdd(hn::Sqrt(b), hn::Set(d, s.root_scale), hn::Set(d, s.epsilon));
  return hn::NegMulAdd(hn::Set(d, s.rate), hn::Div(a, root), w);
}

struct AdamRule {
  static constexpr size_t kSlots = 2;
  static constexpr bool kCorrected = true;
  using First = AdamRule;
  template <class D, class V = hn::Vec<D>>
  static HWY_INLINE V Update(D d, const UpdateStep& s, V gradient, V w, V& a, V& b) {
    return AdamStep(d, s, WithL2(d, s, gradient, w), w, a, b);
  }
};

struct AdamWRule {
  static constexpr size_t kSlots = 2;
  static constexpr bool kCorrected = true;
  using First = AdamWRule;
  template <class D, class V = hn::Vec<D>>
  static HWY_INLINE V Update(D d, const UpdateStep& s, V gradient, V w, V& a, V& b) {
    return AdamStep(d, s, gradient, hn::NegMulAdd(hn::Set(d, s.decay), w, w), a, b);
  }
};

// Calls body(R()) for the struct of that rule.
template <class Body>
HWY_INLINE void WithRule(Rule rule, const Body& body) {
  switch (rule) {
    case Rule::kAdagrad:
      return body(AdagradRule());
    case Rule::kSgd:
      return body(SgdRule());
    case Rule::kMomentum:
      return body(MomentumRule());
    case Rule::kAdam:
      return body(AdamRule());
    case Rule::kAdamW:
      return body(AdamWRule());
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace grove::simd
HWY_AFTER_NAMESPACE();

#endif  // GROVE_SIMD_UPDATE_RULES_INL_H_
