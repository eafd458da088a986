#include "simd/fma_peak.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "simd/fma_peak.cc"
#include <hwy/foreach_target.h>  // IWYU pragma: keep
// After foreach_target.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace grove::simd {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// Two pipes with a latency of 4 or 5 cycles need 10 chains; with the constants they leave two of
// AVX2's 16 registers.
constexpr size_t kChains = 12;
using D = hn::CappedTag<float, 16>;

double RunChainsImpl(size_t iterations) {
  const D d;
  // Every chain tends to 1: neither overflow nor denormal numbers, which would be slow.
  const auto a = hn::Set(d, 0.75f);
  const auto b = hn::Set(d, 0.25f);
  hn::Vec<D> x0 = hn::Iota(d, 0), x1 = hn::Iota(d, 1), x2 = hn::Iota(d, 2), x3 = hn::Iota(d, 3);
  hn::Vec<D> x4 = hn::Iota(d, 4), x5 = hn::Iota(d, 5), x6 = hn::Iota(d, 6), x7 = hn::Iota(d, 7);
  hn::Vec<D> x8 = hn::Iota(d, 8), x9 = hn::Iota(d, 9), x10 = hn::Iota(d, 10), x11 = hn::Iota(d, 11);
  for (size_t i = 0; i < iterations; ++i) {
    x0 = hn::MulAdd(x0, a, b);
    x1 = hn::MulAdd(x1, a, b);
    x2 = hn::MulAdd(x2, a, b);
    x3 = hn::MulAdd(x3, a, b);
    x4 = hn::MulAdd(x4, a, b);
    x5 = hn::MulAdd(x5, a, b);
    x6 = hn::MulAdd(x6, a, b);
    x7 = hn::MulAdd(x7, a, b);
    x8 = hn::MulAdd(x8, a, b);
    x9 = hn::MulAdd(x9, a, b);
    x10 = hn::MulAdd(x10, a, b);
    x11 = hn::MulAdd(x11, a, b);
  }
  auto sum = hn::Add(hn::Add(hn::Add(x0, x1), hn::Add(x2, x3)), hn::Add(x4, x5));
  sum = hn::Add(sum, hn::Add(hn::Add(hn::Add(x6, x7), hn::Add(x8, x9)), hn::Add(x10, x11)));
  return hn::GetLane(hn::SumOfLanes(d, sum));
}

size_t ChainFlopsImpl() { return 2 * kChains * hn::Lanes(D()); }

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace grove::simd
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace grove::simd {

HWY_EXPORT(RunChainsImpl);
HWY_EXPORT(ChainFlopsImpl);

double RunFmaChains(size_t iterations) { return HWY_DYNAMIC_DISPATCH(RunChainsImpl)(iterations); }
size_t FmaChainFlops() { return HWY_DYNAMIC_DISPATCH(ChainFlopsImpl)(); }

}  // namespace grove::simd
#endif
