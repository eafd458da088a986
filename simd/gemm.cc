#include "simd/gemm.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "simd/aligned.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "simd/gemm.cc"
#include <hwy/foreach_target.h>  // IWYU pragma: keep
// After foreach_target.
#include <hwy/highway.h>

#include "simd/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace grove::simd {
namespace HWY_NAMESPACE {
namespace {

// A tile of C is kept in registers: kMaxRows rows of up to MaxUnits(rows) units of 8 columns. On
// AVX-512 a tile, a row of B and one element of A fill the 32 registers: 6 rows x 4 vectors for
// many rows; few rows take wider tiles, so that the FMA pipes have enough independent chains (4
// cycles of latency, one or two pipes) and B streams past once. 4 x 3 fills 12 of AVX2's 16.
#if HWY_TARGET <= HWY_AVX3
constexpr size_t kMaxRows = 8;
constexpr size_t kManyRows = 6;  // of a tile when there are more rows than kMaxRows
constexpr size_t MaxUnits(size_t rows) {
  constexpr size_t kUnits[kMaxRows] = {16, 16, 14, 12, 10, 8, 6, 6};
  return kUnits[rows - 1];
}
#elif HWY_TARGET == HWY_AVX2
constexpr size_t kMaxRows = 4, kManyRows = 4;
constexpr size_t MaxUnits(size_t rows) { return rows < 3 ? 4 : 3; }
#elif HWY_TARGET == HWY_NEON
constexpr size_t kMaxRows = 6, kManyRows = 6;
constexpr size_t MaxUnits(size_t /*rows*/) { return 2; }
#else
constexpr size_t kMaxRows = 4, kManyRows = 4;
constexpr size_t MaxUnits(size_t /*rows*/) { return 1; }
#endif

// With at least so many row parts and more k than kMostK, k is cut: a panel of 64 columns then
// takes 160 KiB. Less would fit the first-level cache, but costs more in loading and storing C.
constexpr size_t kFewParts = 4;
constexpr size_t kMostK = 640;

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

#if HWY_TARGET <= HWY_AVX3

// Widths of a few columns more than whole vectors, such as 50: half vectors would waste an eighth
// of the work. Here up to kTail columns after kVectors vectors go into vectors that hold 16 / kTail
// rows each; their elements of A are put together beside the FMA pipes.
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

#endif

using TileFunction = void (*)(const GemmArgs&, const float*, const float*, float*, size_t);

// Tile functions by rows - 1 and units - 1.
struct TileTable {
  constexpr TileTable() { Fill(std::make_index_sequence<kMaxRows>{}); }
  template <size_t... kIndex>
  constexpr void Fill(std::index_sequence<kIndex...>) {
    (FillRow<kIndex + 1>(std::make_index_sequence<MaxUnits(kIndex + 1)>{}), ...);
  }
  template <size_t kRows, size_t... kIndex>
  constexpr void FillRow(std::index_sequence<kIndex...>) {
    ((tile[kRows - 1][kIndex] = &Tile<kRows, kIndex + 1>), ...);
  }
  TileFunction tile[kMaxRows][MaxUnits(1)] = {};
};
constexpr TileTable kTiles;

#if HWY_TARGET <= HWY_AVX3
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
#endif

// Cuts `total` into the fewest parts of at most `most`, as equal as can be: a lone row or column
// left over would run at a fraction of the speed.
struct Cut {
  Cut(size_t total, size_t most)
      : parts((total + most - 1) / most), size(total / parts), larger(total % parts) {}
  size_t Size(size_t part) const { return size + (part < larger ? 1 : 0); }
  size_t parts, size, larger;
};

// The same for units, in whole vectors but for the last part; `most` is whole vectors.
struct UnitCut {
  UnitCut(size_t units, size_t most)
      : parts((units + most - 1) / most), vectors(units / kUnits), rest(units % kUnits) {}
  size_t Size(size_t part) const {
    const size_t whole = vectors / parts + (part < vectors % parts ? 1 : 0);
    return whole * kUnits + (part + 1 == parts ? rest : 0);
  }
  static constexpr size_t kUnits = kWide > kRowQuantum ? kWide / kRowQuantum : 1;  // of a vector
  size_t parts, vectors, rest;
};

// How C is cut into tiles: panels of columns, each cut into blocks of rows.
struct Plan {
  Plan(const GemmArgs& args, size_t num_k)
      : tail(TailOf(args, num_k)),
        rows(args.rows, tail != 0 || args.rows <= kMaxRows ? kMaxRows : kManyRows),
        units(tail != 0 ? args.cols / kRowQuantum : (args.cols + kRowQuantum - 1) / kRowQuantum,
              tail != 0 ? kTailUnits : MaxUnits(rows.Size(0))) {}

  TileFunction Function(size_t row_count, size_t unit_count, bool is_last) const {
#if HWY_TARGET <= HWY_AVX3
    if (tail != 0 && is_last) {
      const size_t vectors = unit_count * kRowQuantum / kWide;
      return (tail <= 2 ? kTails2.tile : kTails4.tile)[row_count - 1][vectors - 1];
    }
#else
    (void)is_last;
#endif
    return kTiles.tile[row_count - 1][unit_count - 1];
  }

#if HWY_TARGET <= HWY_AVX3
  static constexpr size_t kTailUnits = kMaxTailVectors * kWide / kRowQuantum;
  // Columns after the last whole vector that tail tiles take; 0: there are no such tiles.
  static size_t TailOf(const GemmArgs& args, size_t num_k) {
    if (args.rows < kFewestTailRows || num_k < kFewestTailK || args.cols < kWide) return 0;
    const size_t rest = args.cols % kWide;
    return rest <= 4 ? rest : 0;
  }
  // Measured: fewer rows are better off with wider tiles, and for fewer k the tails of C cost more
  // to load and store than they save.
  static constexpr size_t kFewestTailRows = 4, kFewestTailK = 32;
#else
  static constexpr size_t kTailUnits = 1;
  static size_t TailOf(const GemmArgs& /*args*/, size_t /*num_k*/) { return 0; }
#endif

  size_t tail;
  Cut rows;
  UnitCut units;
};

// The panel of `units` units (and the tail, after the last one) at `column`, one pass over
// args.ranges.
void MultiplyPanel(const GemmArgs& args, const Plan& plan, size_t column, size_t units,
                   bool is_last) {
  const size_t cols = is_last ? args.cols - column : units * kRowQuantum;
  size_t row = 0;
  for (size_t i = 0; i < plan.rows.parts; ++i) {
    const size_t rows = plan.rows.Size(i);
    plan.Function(rows, units, is_last)(args, args.a + row * args.a_row_stride, args.b + column,
                                        args.c + row * args.c_stride + column, cols);
    row += rows;
  }
}

// Takes at most `most` k from the ranges at `at`, `done` of which are behind us; writes them to
// `block` and returns how many ranges that makes.
size_t TakeRanges(const GemmArgs& args, size_t most, size_t max_ranges, size_t& at, int32_t& done,
                  KRange* block) {
  size_t count = 0;
  while (at < args.num_ranges && most > 0 && count < max_ranges) {
    const KRange& range = args.ranges[at];
    const int32_t take = std::min(range.count - done, static_cast<int32_t>(most));
    block[count++] = {range.begin + done, take};
    most -= static_cast<size_t>(take);
    done += take;
    if (done == range.count) {
      ++at;
      done = 0;
    }
  }
  return count;
}

// The same for more k than a panel of B should have: some at a time, C holding the sums in between,
// which changes no bit of them.
void MultiplyLongPanel(const GemmArgs& args, const Plan& plan, size_t column, size_t units,
                       bool is_last, size_t block_k) {
  constexpr size_t kMaxRanges = 32;
  KRange ranges[kMaxRanges];
  GemmArgs block = args;
  block.ranges = ranges;
  size_t at = 0;
  for (int32_t done = 0; at < args.num_ranges; block.accumulate = true) {
    block.num_ranges = TakeRanges(args, block_k, kMaxRanges, at, done, ranges);
    MultiplyPanel(block, plan, column, units, is_last);
  }
}

void GemmImpl(const GemmArgs& args) {
  if (args.rows == 0 || args.cols == 0) return;
  size_t num_k = 0;
  for (size_t i = 0; i < args.num_ranges; ++i) num_k += static_cast<size_t>(args.ranges[i].count);
  const Plan plan(args, num_k);
  const size_t k_parts = plan.rows.parts < kFewParts ? 1 : (num_k + kMostK - 1) / kMostK;
  size_t column = 0;
  // Columns outside: a panel of B stays in the nearer caches while the rows pass by.
  for (size_t j = 0; j < plan.units.parts; ++j) {
    const size_t units = plan.units.Size(j);
    const bool is_last = j + 1 == plan.units.parts;
    if (k_parts <= 1) {
      MultiplyPanel(args, plan, column, units, is_last);
    } else {
      MultiplyLongPanel(args, plan, column, units, is_last, (num_k + k_parts - 1) / k_parts);
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
