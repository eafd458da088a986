// How the elementwise kernels walk a row: whole vectors, then one narrower or partial vector.
#if defined(GROVE_SIMD_LANES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef GROVE_SIMD_LANES_INL_H_
#undef GROVE_SIMD_LANES_INL_H_
#else
#define GROVE_SIMD_LANES_INL_H_
#endif

#include <hwy/highway.h>

#include "simd/aligned.h"

HWY_BEFORE_NAMESPACE();
namespace grove::simd {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// Calls body(d, j, count) for consecutive pieces [j, j + count) of [0, n). All but the last have
// count == Lanes(d). The last may have fewer; its vector then ends at or before PadRow(n), so rows
// padded to PadRow(n) can be loaded and stored whole. Half-width vectors take a remainder of up to
// 8: for n = 50 that saves an eighth of the work on AVX-512.
template <class Body>
HWY_INLINE void ForEachVector(size_t n, const Body& body) {
  const hn::CappedTag<float, 16> d;
  const size_t lanes = hn::Lanes(d);
  size_t j = 0;
  for (; j + lanes <= n; j += lanes) body(d, j, lanes);
  if (j == n) return;
  if constexpr (hn::MaxLanes(d) > kRowQuantum) {
    if (n - j <= kRowQuantum) {
      body(hn::CappedTag<float, kRowQuantum>(), j, n - j);
      return;
    }
  }
  body(d, j, n - j);
}

// Stores the first `count` lanes and nothing else: for rows without padding of their own. To load
// what is behind and to store it again would not be nothing. Only AVX-512 stores by a mask at the
// price of a store; elsewhere halves are stored, down to a lane (AVX2 has such an instruction, but
// some processors take forty micro-operations for it).
template <class D, class V>
HWY_INLINE void StoreExactly(V v, D d, float* to, size_t count) {
  if (HWY_LIKELY(count >= hn::Lanes(d))) {
    hn::StoreU(v, d, to);
    return;
  }
#if HWY_TARGET <= HWY_AVX3
  hn::BlendedStore(v, hn::FirstN(d, count), d, to);
#elif HWY_TARGET != HWY_SCALAR  // which has one lane
  const hn::Half<D> half;
  constexpr size_t kHalf = hn::MaxLanes(half);
  if constexpr (kHalf == 1) {
    if (count > 0) *to = hn::GetLane(v);
  } else if (count < kHalf) {
    StoreExactly(hn::LowerHalf(half, v), half, to, count);
  } else {
    hn::StoreU(hn::LowerHalf(half, v), half, to);
    StoreExactly(hn::UpperHalf(half, v), half, to + kHalf, count - kHalf);
  }
#endif
}

}  // namespace HWY_NAMESPACE
}  // namespace grove::simd
HWY_AFTER_NAMESPACE();

#endif  // GROVE_SIMD_LANES_INL_H_
