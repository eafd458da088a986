// The last few columns of a matrix product, for widths such as 50 on AVX2: a vector for two columns
// of a row would waste three quarters of its work. Here the lanes of a vector are eight rows of C
// in one of those columns:
//
//            k ->                      rows of A, four k of eight rows at a time,
//     row 0  a a a a                   turned into one vector a k
//     ...            ->  A(0..7, k)    times B[k, column], broadcast
//     row 7  a a a a
#if defined(GROVE_SIMD_GEMM_NARROW_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef GROVE_SIMD_GEMM_NARROW_INL_H_
#undef GROVE_SIMD_GEMM_NARROW_INL_H_
#else
#define GROVE_SIMD_GEMM_NARROW_INL_H_
#endif

#include <hwy/highway.h>

#include <algorithm>

#include "simd/gemm_tiles-inl.h"

#if HWY_TARGET == HWY_AVX2
HWY_BEFORE_NAMESPACE();
namespace grove::simd {
namespace HWY_NAMESPACE {

constexpr size_t kNarrowRows = 8;  // lanes of a vector
// Measured: below them it does not pay, nor for three and four columns.
constexpr size_t kFewestNarrowRows = 24, kFewestNarrowK = 16;

// A(0..7, k) of the four k from `a` on, as vectors.
HWY_INLINE void LoadTurned(D8 d, const float* a, size_t stride, hn::Vec<D8>* turned) {
  const hn::Half<D8> half;
  const hn::Repartition<double, D8> pairs;
  hn::Vec<D8> row[4];  // rows i and i + 4
  Unroll<4>([&](auto i) HWY_ATTR {
    row[i] = hn::Combine(d, hn::LoadU(half, a + (i + 4) * stride), hn::LoadU(half, a + i * stride));
  });
  const auto low01 = hn::BitCast(pairs, hn::InterleaveLower(d, row[0], row[1]));
  const auto low23 = hn::BitCast(pairs, hn::InterleaveLower(d, row[2], row[3]));
  const auto high01 = hn::BitCast(pairs, hn::InterleaveUpper(d, row[0], row[1]));
  const auto high23 = hn::BitCast(pairs, hn::InterleaveUpper(d, row[2], row[3]));
  turned[0] = hn::BitCast(d, hn::InterleaveLower(pairs, low01, low23));
  turned[1] = hn::BitCast(d, hn::InterleaveUpper(pairs, low01, low23));
  turned[2] = hn::BitCast(d, hn::InterleaveLower(pairs, high01, high23));
  turned[3] = hn::BitCast(d, hn::InterleaveUpper(pairs, high01, high23));
}

// kVectors * 8 rows of kCols columns. The first `done` of the rows stay as they are.
template <size_t kVectors, size_t kCols>
HWY_NOINLINE void NarrowTile(const GemmArgs& args, const float* a, const float* b, float* c,
                             size_t done) {
  const D8 d;
  constexpr size_t kRows = kVectors * kNarrowRows;
  const size_t ars = args.a_row_stride, aks = args.a_k_stride;
  HWY_ALIGN float buffer[kCols][kRows] = {};
  if (args.accumulate) {
    for (size_t r = 0; r < kRows; ++r) {
      for (size_t t = 0; t < kCols; ++t) buffer[t][r] = c[r * args.c_stride + t];
    }
  }
  hn::Vec<D8> sum[kVectors][kCols];
  Unroll<kVectors>([&](auto v) HWY_ATTR {
    Unroll<kCols>([&](auto t) HWY_ATTR { sum[v][t] = hn::Load(d, buffer[t] + v * kNarrowRows); });
  });
  const auto add = [&](const hn::Vec<D8>(&av)[kVectors], const float* bk) HWY_ATTR {
    Unroll<kCols>([&](auto t) HWY_ATTR {
      const auto bv = hn::Set(d, bk[t]);
      Unroll<kVectors>([&](auto v) HWY_ATTR { sum[v][t] = hn::MulAdd(av[v], bv, sum[v][t]); });
    });
  };

  for (size_t range = 0; range < args.num_ranges; ++range) {
    const size_t begin = static_cast<size_t>(args.ranges[range].begin);
    const float* ak = a + begin * aks;
    const float* bk = b + begin * args.b_stride;
    int32_t k = args.ranges[range].count;
    if (ars == 1) {  // the rows of a k lie side by side
      for (; k > 0; --k, ak += aks, bk += args.b_stride) {
        hn::Vec<D8> av[kVectors];
        Unroll<kVectors>([&](auto v) HWY_ATTR { av[v] = hn::LoadU(d, ak + v * kNarrowRows); });
        add(av, bk);
      }
      continue;
    }
    for (; k > 0; k -= 4, ak += 4) {
      hn::Vec<D8> turned[kVectors][4];
      Unroll<kVectors>([&](auto v)
                           HWY_ATTR { LoadTurned(d, ak + v * kNarrowRows * ars, ars, turned[v]); });
      Unroll<4>([&](auto i) HWY_ATTR {
        if (static_cast<int32_t>(i) >= k) return;
        hn::Vec<D8> av[kVectors];
        Unroll<kVectors>([&](auto v) HWY_ATTR { av[v] = turned[v][i]; });
        add(av, bk);
        bk += args.b_stride;
      });
    }
  }

  Unroll<kVectors>([&](auto v) HWY_ATTR {
    Unroll<kCols>([&](auto t) HWY_ATTR { hn::Store(sum[v][t], d, buffer[t] + v * kNarrowRows); });
  });
  for (size_t r = done; r < kRows; ++r) {
    for (size_t t = 0; t < kCols; ++t) c[r * args.c_stride + t] = buffer[t][r];
  }
}

// The columns of C from `column` on, which are kCols, for at least kFewestNarrowRows rows. The last
// rows take some before them along, which stay as they are.
template <size_t kCols>
void NarrowColumns(const GemmArgs& args, size_t column) {
  constexpr size_t kMany = 2 * kNarrowRows;
  for (size_t row = 0; row < args.rows;) {
    const size_t left = args.rows - row;
    const bool many = left > kNarrowRows;
    const size_t rows = many ? kMany : kNarrowRows;
    const size_t first = std::min(row, args.rows - rows);
    const auto tile = many ? &NarrowTile<2, kCols> : &NarrowTile<1, kCols>;
    tile(args, args.a + first * args.a_row_stride, args.b + column,
         args.c + first * args.c_stride + column, row - first);
    row = first + rows;
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace grove::simd
HWY_AFTER_NAMESPACE();
#endif  // AVX2

#endif  // GROVE_SIMD_GEMM_NARROW_INL_H_
