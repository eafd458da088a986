// The tiles of a matrix product: blocks of C that are kept in registers, as functions in tables by
// their size. How a product is cut into them: simd/gemm.cc.
#if defined(GROVE_SIMD_GEMM_TILES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef GROVE_SIMD_GEMM_TILES_INL_H_
#undef GROVE_SIMD_GEMM_TILES_INL_H_
#else
#define GROVE_SIMD_GEMM_TILES_INL_H_
#endif

#include <hwy/highway.h>

#include <array>
#include <utility>

#include "simd/aligned.h"
#include "simd/gemm.h"
#include "simd/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace grove::simd {
namespace HWY_NAMESPACE {

// A tile of C is kept in registers: kMaxRows rows of up to MaxUnits(rows) units of 8 columns. On
// AVX-512 a tile, a row of B and one element of A fill the 32 registers: 6 rows x 4 vectors for
// many rows; few rows take wider tiles, so that the FMA pipes have enough independent chains (4
// cycles of latency, one or two pipes) and B streams past once. Any of AVX2's fill 12 of its 16.
#if HWY_TARGET <= HWY_AVX3
constexpr size_t kMaxRows = 8;
constexpr size_t kManyRows = 6;  // of a tile when there are more rows than kMaxRows
constexpr size_t MaxUnits(size_t rows) {
  constexpr size_t kUnits[kMaxRows] = {16, 16, 14, 12, 10, 8, 6, 6};
  return kUnits[rows - 1];
}
#elif HWY_TARGET == HWY_AVX2
constexpr size_t kMaxRows = 6, kManyRows = 4;
constexpr size_t MaxUnits(size_t rows) {
  constexpr size_t kUnits[kMaxRows] = {12, 6, 4, 3, 2, 2};
  return kUnits[rows - 1];
}
#elif HWY_TARGET == HWY_NEON
constexpr size_t kMaxRows = 6, kManyRows = 6;
constexpr size_t MaxUnits(size_t /*rows*/) { return 2; }
#else
constexpr size_t kMaxRows = 4, kManyRows = 4;
constexpr size_t MaxUnits(size_t /*rows*/) { return 1; }
#endif

// Vectors of 8 columns or of the target's width if that is less; wide ones hold two units.
using D8 = hn::CappedTag<float, kRowQuantum>;
#if HWY_TARGET <= HWY_AVX3
using D16 = hn::CappedTag<float, 16>;
constexpr size_t kWide = 16;
#else
using D16 = D8;
constexpr size_t kWide = hn::MaxLanes(D8());
#endif

template <size_t... kIndex, class Body>
HWY_INLINE void UnrollImpl(std::index_sequence<kIndex...>, const Body& body) {
  (body(std::integral_constant<size_t, kIndex>{}), ...);
}
template <size_t kCount, class Body>
HWY_INLINE void Unroll(const Body& body) {
  UnrollImpl(std::make_index_sequence<kCount>{}, body);
}

// One tile: kRows x kUnits * 8 columns, the last of which may be partly outside (columns < cols).
template <size_t kRows, size_t kUnits>
HWY_NOINLINE void Tile(const GemmArgs& args, const float* a, const float* b, float* c,
                       size_t cols) {
  const D16 d;
  const D8 d8;
  constexpr size_t kVectors = kUnits * kRowQuantum / kWide;  // full ones
  constexpr bool kHalf = kUnits * kRowQuantum % kWide != 0;  // one of 8 columns after them
  hn::Vec<D16> sum[kRows][kVectors == 0 ? 1 : kVectors];
  hn::Vec<D8> sum8[kRows];
  const size_t ars = args.a_row_stride;

  Unroll<kRows>([&](auto r) HWY_ATTR {
    Unroll<kVectors>([&](auto v) HWY_ATTR {
      sum[r][v] = args.accumulate ? hn::LoadU(d, c + r * args.c_stride + v * kWide) : hn::Zero(d);
    });
    if constexpr (kHalf) {
      sum8[r] =
          args.accumulate ? hn::LoadU(d8, c + r * args.c_stride + kVectors * kWide) : hn::Zero(d8);
    }
  });

  for (size_t range = 0; range < args.num_ranges; ++range) {
    const size_t begin = static_cast<size_t>(args.ranges[range].begin);
    const float* ak = a + begin * args.a_k_stride;
    const float* bk = b + begin * args.b_stride;
    for (int32_t k = args.ranges[range].count; k > 0; --k) {
      hn::Vec<D16> bv[kVectors == 0 ? 1 : kVectors];
      hn::Vec<D8> bv8;
      Unroll<kVectors>([&](auto v) HWY_ATTR { bv[v] = hn::LoadU(d, bk + v * kWide); });
      if constexpr (kHalf) bv8 = hn::LoadU(d8, bk + kVectors * kWide);
      Unroll<kRows>([&](auto r) HWY_ATTR {
        const auto av = hn::Set(d, ak[r * ars]);
        Unroll<kVectors>([&](auto v) HWY_ATTR { sum[r][v] = hn::MulAdd(av, bv[v], sum[r][v]); });
        if constexpr (kHalf) sum8[r] = hn::MulAdd(hn::LowerHalf(d8, av), bv8, sum8[r]);
      });
      ak += args.a_k_stride;
      bk += args.b_stride;
    }
  }

  // Of the last unit exactly the columns inside are written.
  constexpr size_t kWhole = kHalf ? kVectors : (kUnits - 1) * kRowQuantum / kWide;
  Unroll<kRows>([&](auto r) HWY_ATTR {
    float* row = c + r * args.c_stride;
    Unroll<kWhole>([&](auto v) HWY_ATTR { hn::StoreU(sum[r][v], d, row + v * kWide); });
    Unroll<kVectors - kWhole>([&](auto v) HWY_ATTR {
      constexpr size_t kBegin = (kWhole + v) * kWide;
      StoreExactly(sum[r][kWhole + v], d, row + kBegin, cols > kBegin ? cols - kBegin : 0);
    });
    if constexpr (kHalf) StoreExactly(sum8[r], d8, row + kWhole * kWide, cols - kWhole * kWide);
  });
}

using TileFunction = void (*)(const GemmArgs&, const float*, const float*, float*, size_t);

// The tiles of one number of rows, by units - 1; null beyond the units that it takes.
using TileRow = std::array<TileFunction, MaxUnits(1)>;

template <size_t kRows, size_t... kIndex>
constexpr TileRow TilesOfRows(std::index_sequence<kIndex...>) {
  return {&Tile<kRows, kIndex + 1>...};
}

template <size_t... kIndex>
constexpr std::array<TileRow, kMaxRows> AllTiles(std::index_sequence<kIndex...>) {
  return {TilesOfRows<kIndex + 1>(std::make_index_sequence<MaxUnits(kIndex + 1)>{})...};
}

// By rows - 1 and units - 1.
constexpr std::array<TileRow, kMaxRows> kTiles = AllTiles(std::make_index_sequence<kMaxRows>{});

}  // namespace HWY_NAMESPACE
}  // namespace grove::simd
HWY_AFTER_NAMESPACE();

#endif  // GROVE_SIMD_GEMM_TILES_INL_H_
