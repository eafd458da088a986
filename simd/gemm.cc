#include "simd/gemm.h"

#include <algorithm>
#include <utility>

#include "simd/aligned.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "simd/gemm.cc"
#include <hwy/foreach_target.h>  // IWYU pragma: keep
// After foreach_target.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace grove::simd {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// A tile of C is kept in registers: up to kMaxRows rows of up to kMaxUnits units of 8 columns. 6 x
// 8 fills 24 of AVX-512's 32 registers, 4 x 3 fills 12 of AVX2's 16; either gives each FMA pipe
// enough independent chains to hide its latency of 4 cycles.
#if HWY_TARGET <= HWY_AVX3
constexpr size_t kMaxRows = 6;
constexpr size_t kMaxUnits = 8;
#elif HWY_TARGET == HWY_AVX2
constexpr size_t kMaxRows = 4;
constexpr size_t kMaxUnits = 3;
#elif HWY_TARGET == HWY_NEON
constexpr size_t kMaxRows = 6;
constexpr size_t kMaxUnits = 2;
#else
constexpr size_t kMaxRows = 4;
constexpr size_t kMaxUnits = 1;
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
        if constexpr (kHalf) sum8[r] = hn::MulAdd(hn::Set(d8, ak[r * ars]), bv8, sum8[r]);
      });
      ak += args.a_k_stride;
      bk += args.b_stride;
    }
  }

  const size_t last = (kUnits - 1) * kRowQuantum;  // first column of the last unit
  if (HWY_LIKELY(cols >= kUnits * kRowQuantum)) {
    Unroll<kRows>([&](auto r) HWY_ATTR {
      float* row = c + r * args.c_stride;
      Unroll<kVectors>([&](auto v) HWY_ATTR { hn::StoreU(sum[r][v], d, row + v * kWide); });
      if constexpr (kHalf) hn::StoreU(sum8[r], d8, row + kVectors * kWide);
    });
    return;
  }
  // The last unit is partly outside: through a buffer, so that nothing beyond is written.
  HWY_ALIGN float buffer[kMaxUnits * kRowQuantum];
  Unroll<kRows>([&](auto r) HWY_ATTR {
    float* row = c + r * args.c_stride;
    Unroll<kVectors>([&](auto v) HWY_ATTR { hn::Store(sum[r][v], d, buffer + v * kWide); });
    if constexpr (kHalf) hn::Store(sum8[r], d8, buffer + kVectors * kWide);
    (void)last;
    std::copy_n(buffer, cols, row);
  });
}

using TileFunction = void (*)(const GemmArgs&, const float*, const float*, float*, size_t);

template <size_t kRows, size_t... kIndex>
constexpr void FillRow(TileFunction* row, std::index_sequence<kIndex...>) {
  ((row[kIndex] = &Tile<kRows, kIndex + 1>), ...);
}

// Tile functions by rows - 1 and units - 1.
struct TileTable {
  constexpr TileTable() { Fill(std::make_index_sequence<kMaxRows>{}); }
  template <size_t... kIndex>
  constexpr void Fill(std::index_sequence<kIndex...>) {
    (FillRow<kIndex + 1>(tile[kIndex], std::make_index_sequence<kMaxUnits>{}), ...);
  }
  TileFunction tile[kMaxRows][kMaxUnits] = {};
};
constexpr TileTable kTiles;

// Cuts `total` into the fewest parts of at most `most`, as equal as can be: a lone row or column
// left over would run at a fraction of the speed.
struct Cut {
  Cut(size_t total, size_t most)
      : parts((total + most - 1) / most), size(total / parts), larger(total % parts) {}
  size_t Size(size_t part) const { return size + (part < larger ? 1 : 0); }
  size_t parts, size, larger;
};

void GemmImpl(const GemmArgs& args) {
  if (args.rows == 0 || args.cols == 0) return;
  const Cut row_cut(args.rows, kMaxRows);
  const Cut unit_cut((args.cols + kRowQuantum - 1) / kRowQuantum, kMaxUnits);
  size_t column = 0;
  // Columns outside: a panel of B stays in the first-level cache while the rows pass by.
  for (size_t j = 0; j < unit_cut.parts; ++j) {
    const size_t units = unit_cut.Size(j);
    const size_t cols = std::min(units * kRowQuantum, args.cols - column);
    size_t row = 0;
    for (size_t i = 0; i < row_cut.parts; ++i) {
      const size_t rows = row_cut.Size(i);
      kTiles.tile[rows - 1][units - 1](args, args.a + row * args.a_row_stride, args.b + column,
                                       args.c + row * args.c_stride + column, cols);
      row += rows;
    }
    column += units * kRowQuantum;
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace grove::simd
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace grove::simd {

HWY_EXPORT(GemmImpl);

void Gemm(const GemmArgs& args) { HWY_DYNAMIC_DISPATCH(GemmImpl)(args); }

}  // namespace grove::simd
#endif
