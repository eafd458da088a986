#include "simd/gemm.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "simd/gemm.cc"
#include <hwy/foreach_target.h>  // IWYU pragma: keep
// After foreach_target.
#include <hwy/highway.h>

#include "simd/gemm_narrow-inl.h"
#include "simd/gemm_tail-inl.h"
#include "simd/gemm_tiles-inl.h"

HWY_BEFORE_NAMESPACE();
namespace grove::simd {
namespace HWY_NAMESPACE {
namespace {

// With at least so many row parts and more k than kMostK, k is cut. Measured: where a panel has 64
// columns, less would fit the first-level cache, but costs more in loading and storing C; the
// narrower panels of AVX2 gain by staying there, beside the rows of A.
constexpr size_t kFewParts = 4;
constexpr size_t kMostK = HWY_TARGET == HWY_AVX2 ? 128 : 640;

// `total` in `parts` parts, as equal as can be: a lone row or column left over would run at a
// fraction of the speed. Products have fewer than 2^32 rows and columns, and narrow divisions are
// the faster ones.
struct Cut {
  Cut(size_t total, size_t part_count)
      : parts(static_cast<uint32_t>(part_count)),
        size(static_cast<uint32_t>(total) / parts),
        larger(static_cast<uint32_t>(total) % parts) {}
  size_t Size(size_t part) const { return size + (part < larger ? 1 : 0); }
  uint32_t parts, size, larger;
};

// The fewest parts of at most `most`.
size_t Parts(size_t total, size_t most) {
  return (static_cast<uint32_t>(total) + static_cast<uint32_t>(most) - 1) /
         static_cast<uint32_t>(most);
}

// The same for units, in whole vectors but for the last part; `most` is whole vectors.
struct UnitCut {
  UnitCut(size_t units, size_t most)
      : vectors(units / kUnits, Parts(units, most)), rest(units % kUnits), parts(vectors.parts) {}
  size_t Size(size_t part) const {
    return vectors.Size(part) * kUnits + (part + 1 == parts ? rest : 0);
  }
  static constexpr size_t kUnits = kWide > kRowQuantum ? kWide / kRowQuantum : 1;  // of a vector
  Cut vectors;
  size_t rest, parts;
};

// How C is cut into tiles: panels of columns, each cut into blocks of rows.
struct Plan {
  Plan(const GemmArgs& args, size_t num_k)
      : tail(TailOf(args, num_k)),
        rows(args.rows,
             Parts(args.rows, tail != 0 || args.rows <= kMaxRows ? kMaxRows : kManyRows)),
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
    return kTiles[row_count - 1][unit_count - 1];
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

// Computes the last columns where they are few and rows are many; returns how many. The columns
// before them are the caller's.
size_t MultiplyNarrowColumns(const GemmArgs& args, size_t num_k) {
#if HWY_TARGET == HWY_AVX2
  const size_t narrow = args.cols % kRowQuantum;
  if (args.rows < kFewestNarrowRows || num_k < kFewestNarrowK || args.cols < kRowQuantum) return 0;
  if (narrow == 1) NarrowColumns<1>(args, args.cols - 1);
  if (narrow == 2) NarrowColumns<2>(args, args.cols - 2);
  return narrow <= 2 ? narrow : 0;
#else
  (void)args, (void)num_k;
  return 0;
#endif
}

void GemmImpl(const GemmArgs& whole) {
  if (whole.rows == 0 || whole.cols == 0) return;
  size_t num_k = 0;
  for (size_t i = 0; i < whole.num_ranges; ++i) {
    num_k += static_cast<size_t>(whole.ranges[i].count);
  }
  GemmArgs args = whole;
  args.cols -= MultiplyNarrowColumns(whole, num_k);
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
