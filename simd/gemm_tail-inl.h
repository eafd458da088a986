// Tiles of a matrix product for widths of a few columns more than whole vectors, such as 50: half
// vectors would waste an eighth of the work. Up to kTail columns after kVectors vectors go into
// vectors that hold 16 / kTail rows each; their elements of A are put together beside the FMA
// pipes. AVX-512 alone has masks and registers enough for it.
#if defined(GROVE_SIMD_GEMM_TAIL_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef GROVE_SIMD_GEMM_TAIL_INL_H_
#undef GROVE_SIMD_GEMM_TAIL_INL_H_
#else
#define GROVE_SIMD_GEMM_TAIL_INL_H_
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "simd/gemm_tiles-inl.h"

#if HWY_TARGET <= HWY_AVX3
HWY_BEFORE_NAMESPACE();
namespace grove::simd {
namespace HWY_NAMESPACE {

constexpr size_t kMaxTailVectors = 3;

// B[k, 0..kTail) again and again.
template <size_t kTail>
HWY_INLINE hn::Vec<D16> RepeatTail(D16 d, const float* b) {
  if constexpr (kTail == 2) {
    double pair;
    std::memcpy(&pair, b, sizeof(pair));
    return hn::BitCast(d, hn::Set(hn::CappedTag<double, 8>(), pair));
  } else {
    return hn::LoadDup128(d, b);
  }
}

template <size_t kRows, size_t kVectors, size_t kTail>
HWY_NOINLINE void TailTile(const GemmArgs& args, const float* a, const float* b, float* c,
                           size_t cols) {
  const D16 d;
  constexpr size_t kRowsPerVector = kWide / kTail;
  constexpr size_t kTails = (kRows + kRowsPerVector - 1) / kRowsPerVector;
  const size_t ars = args.a_row_stride;
  const size_t last = cols - kVectors * kWide;  // columns of the tail, <= kTail
  HWY_ALIGN float buffer[kTails * kWide] = {};  // the tails of all rows
  float* c_tail = c + kVectors * kWide;
  if (args.accumulate) {
    for (size_t r = 0; r < kRows; ++r) {
      std::copy_n(c_tail + r * args.c_stride, last, buffer + r * kTail);
    }
  }
  hn::Vec<D16> sum[kRows][kVectors];
  hn::Vec<D16> tail_sum[kTails];
  Unroll<kTails>([&](auto t) HWY_ATTR { tail_sum[t] = hn::Load(d, buffer + t * kWide); });
  Unroll<kRows>([&](auto r) HWY_ATTR {
    Unroll<kVectors>([&](auto v) HWY_ATTR {
      sum[r][v] = args.accumulate ? hn::LoadU(d, c + r * args.c_stride + v * kWide) : hn::Zero(d);
    });
  });

  for (size_t range = 0; range < args.num_ranges; ++range) {
    const size_t begin = static_cast<size_t>(args.ranges[range].begin);
    const float* ak = a + begin * args.a_k_stride;
    const float* bk = b + begin * args.b_stride;
    for (int32_t k = args.ranges[range].count; k > 0; --k) {
      hn::Vec<D16> bv[kVectors];
      Unroll<kVectors>([&](auto v) HWY_ATTR { bv[v] = hn::LoadU(d, bk + v * kWide); });
      const auto b_tail = RepeatTail<kTail>(d, bk + kVectors * kWide);
      // From the last row to the first: each overwrites the lanes up to its own.
      hn::Vec<D16> a_tail = hn::Zero(d);
      Unroll<kRows>([&](auto i) HWY_ATTR {
        constexpr size_t r = kRows - 1 - i;
        constexpr size_t kPlace = r % kRowsPerVector;
        const auto av = hn::Set(d, ak[r * ars]);
        Unroll<kVectors>([&](auto v) HWY_ATTR { sum[r][v] = hn::MulAdd(av, bv[v], sum[r][v]); });
        if constexpr (kPlace + 1 == kRowsPerVector || r + 1 == kRows) {
          a_tail = av;
        } else {
          a_tail = hn::IfThenElse(hn::FirstN(d, (kPlace + 1) * kTail), av, a_tail);
        }
        if constexpr (kPlace == 0) {
          constexpr size_t t = r / kRowsPerVector;
          tail_sum[t] = hn::MulAdd(a_tail, b_tail, tail_sum[t]);
        }
      });
      ak += args.a_k_stride;
      bk += args.b_stride;
    }
  }

  Unroll<kRows>([&](auto r) HWY_ATTR {
    Unroll<kVectors>([&](auto v)
                         HWY_ATTR { hn::StoreU(sum[r][v], d, c + r * args.c_stride + v * kWide); });
  });
  Unroll<kTails>([&](auto t) HWY_ATTR { hn::Store(tail_sum[t], d, buffer + t * kWide); });
  for (size_t r = 0; r < kRows; ++r) {
    std::copy_n(buffer + r * kTail, last, c_tail + r * args.c_stride);
  }
}

// Tail tiles by rows - 1 and vectors - 1.
template <size_t kTail>
struct TailTable {
  constexpr TailTable() { Fill(std::make_index_sequence<kMaxRows>{}); }
  template <size_t... kIndex>
  constexpr void Fill(std::index_sequence<kIndex...>) {
    (FillRow<kIndex + 1>(std::make_index_sequence<kMaxTailVectors>{}), ...);
  }
  template <size_t kRows, size_t... kIndex>
  constexpr void FillRow(std::index_sequence<kIndex...>) {
    ((tile[kRows - 1][kIndex] = &TailTile<kRows, kIndex + 1, kTail>), ...);
  }
  TileFunction tile[kMaxRows][kMaxTailVectors] = {};
};
constexpr TailTable<2> kTails2;
constexpr TailTable<4> kTails4;

}  // namespace HWY_NAMESPACE
}  // namespace grove::simd
HWY_AFTER_NAMESPACE();
#endif  // AVX-512

#endif  // GROVE_SIMD_GEMM_TAIL_INL_H_
