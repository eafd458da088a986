// The matrix product, to the bit: every element is one chain over k in index order, so the oracle
// is that chain in scalar code, for the largest shape at once; smaller shapes are corners of it.
#include "simd/gemm.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "tests/simd/float_rows.h"
#include "tests/simd/target_fixture.h"

namespace grove::simd {
namespace {

constexpr size_t kMaxRows = 200, kMaxCols = 300, kMaxK = 1000;
constexpr std::array<size_t, 6> kDepths = {1, 2, 50, 123, 200, 1000};
constexpr double kEpsilon = 0x1p-24;  // largest relative rounding error of one operation

float Step(bool fused, float a, float b, float sum) {
  return fused ? std::fma(a, b, sum) : sum + a * b;
}

// A (rows, K), its transpose, B (K, cols) and a C to accumulate on, with guards in every padding.
struct Operands {
  Operands()
      : a(kMaxRows, kMaxK, kMaxK + 3),
        a_transposed(kMaxK, kMaxRows, kMaxRows + 5),
        b(kMaxK, kMaxCols, kMaxCols + 4),
        c(kMaxRows, kMaxCols, kMaxCols) {
    std::mt19937 generator(1);
    a.FillRandom(generator, 1);
    b.FillRandom(generator, 1);
    c.FillRandom(generator, 1);
    for (size_t r = 0; r < kMaxRows; ++r) {
      for (size_t k = 0; k < kMaxK; ++k) a_transposed.At(k, r) = a.At(r, k);
    }
  }
  FloatRows a, a_transposed, b, c;
};

const Operands& Given() {
  static const Operands* operands = new Operands;
  return *operands;
}

// The chain of element (r, c) at each of kDepths, from a start value of 0 or C[r, c].
class Chains {
 public:
  Chains(bool fused, bool accumulate, size_t rows, size_t cols, size_t depths)
      : cols_(cols), depths_(depths), sums_(depths * rows * cols) {
    const Operands& in = Given();
    std::vector<float> sums(cols);
    for (size_t r = 0; r < rows; ++r) {
      for (size_t c = 0; c < cols; ++c) sums[c] = accumulate ? in.c.At(r, c) : 0;
      size_t k = 0;
      for (size_t depth = 0; depth < depths; ++depth) {
        for (; k < kDepths[depth]; ++k) {
          const float a = in.a.At(r, k);
          const float* b = in.b.Row(k);
          for (size_t c = 0; c < cols; ++c) sums[c] = Step(fused, a, b[c], sums[c]);
        }
        std::copy(sums.begin(), sums.end(), sums_.begin() + (r * depths + depth) * cols);
      }
    }
  }
  float At(size_t depth, size_t r, size_t c) const {
    return sums_[(r * depths_ + depth) * cols_ + c];
  }

 private:
  size_t cols_, depths_;
  std::vector<float> sums_;
};

struct Shape {
  size_t rows, cols, k;
  std::vector<KRange> ranges;  // empty: [0, k)
  bool transposed = false;     // A is stored (K, rows)
  bool accumulate = false;
};

void PrintTo(const Shape& shape, std::ostream* out) {
  *out << shape.rows << "x" << shape.k << "x" << shape.cols
       << (shape.transposed ? " transposed" : "") << (shape.accumulate ? " accumulated" : "");
}

FloatRows Multiply(const Shape& shape, size_t first_row = 0) {
  const Operands& in = Given();
  FloatRows c(shape.rows, shape.cols, shape.cols + 2, std::bit_cast<float>(kGuardBits));
  if (shape.accumulate) {
    for (size_t r = 0; r < shape.rows; ++r) {
      std::copy_n(in.c.Row(first_row + r), shape.cols, c.Row(r));
    }
  }
  const KRange whole{0, static_cast<int32_t>(shape.k)};
  GemmArgs args;
  args.a = shape.transposed ? in.a_transposed.data() + first_row : in.a.Row(first_row);
  args.a_row_stride = shape.transposed ? 1 : in.a.stride();
  args.a_k_stride = shape.transposed ? in.a_transposed.stride() : 1;
  args.b = in.b.data();
  args.b_stride = in.b.stride();
  args.c = c.data();
  args.c_stride = c.stride();
  args.rows = shape.rows;
  args.cols = shape.cols;
  args.ranges = shape.ranges.empty() ? &whole : shape.ranges.data();
  args.num_ranges = shape.ranges.empty() ? 1 : shape.ranges.size();
  args.accumulate = shape.accumulate;
  Gemm(args);
  return c;
}

class GemmTest : public TargetTest {
 protected:
  // Of every combination; the first failure ends it.
  static void ExpectChains(const std::vector<size_t>& rows, const std::vector<size_t>& cols,
                           size_t first_depth, size_t end_depth, bool transposed, bool accumulate) {
    const Chains chains(HasFma(), accumulate, rows.back(), cols.back(), end_depth);
    for (size_t depth = first_depth; depth < end_depth; ++depth) {
      for (size_t m : rows) {
        for (size_t n : cols) {
          const Shape shape{m, n, kDepths[depth], {}, transposed, accumulate};
          const FloatRows c = Multiply(shape);
          ASSERT_TRUE(c.GuardsIntact()) << testing::PrintToString(shape);
          for (size_t i = 0; i < m * n; ++i) {
            ASSERT_EQ(c.At(i / n, i % n), chains.At(depth, i / n, i % n))
                << testing::PrintToString(shape) << ": row " << i / n << ", column " << i % n;
          }
        }
      }
    }
  }
};

const std::vector<size_t> kFewRows = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13};
const std::vector<size_t> kManyCols = {1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 12,  15,  16,
                                       17, 23, 24, 25, 31, 32, 33, 40, 47, 48, 49,  50,  55,
                                       56, 57, 63, 64, 65, 66, 67, 68, 69, 70, 100, 200, 300};

TEST_P(GemmTest, EveryTileShape) {
  for (bool transposed : {false, true}) {
    for (bool accumulate : {false, true}) {
      ExpectChains(kFewRows, kManyCols, 0, 2, transposed, accumulate);
    }
  }
}

TEST_P(GemmTest, FewRowsOfWidth50) {
  for (bool transposed : {false, true}) {
    ExpectChains({1, 6, 7, 13}, {10, 50, 64, 70, 100, 200, 300}, 2, 3, transposed, transposed);
  }
}

// Widths of a few columns more than whole vectors, with guards right behind.
TEST_P(GemmTest, FewColumnsMoreThanVectors) {
  for (bool transposed : {false, true}) {
    for (bool accumulate : {false, true}) {
      ExpectChains({4, 5, 6, 7, 8, 9, 17},
                   {16, 17, 18, 19, 20, 21, 33, 34, 35, 36, 49, 50, 51, 52, 66, 99, 100}, 2, 3,
                   transposed, accumulate);
    }
  }
}

// The same for rows enough to put those of a column side by side.
TEST_P(GemmTest, FewColumnsOfManyRows) {
  for (bool transposed : {false, true}) {
    for (bool accumulate : {false, true}) {
      ExpectChains({23, 24, 25, 31, 32, 33, 40, 47}, {8, 9, 10, 11, 17, 18, 50, 57}, 2, 5,
                   transposed, accumulate);
    }
  }
}

TEST_P(GemmTest, ManyRows) {
  for (bool transposed : {false, true}) {
    ExpectChains({50, 127, 200}, {10, 50, 64, 100}, 2, 3, transposed, !transposed);
  }
}

TEST_P(GemmTest, LongChains) {
  for (bool transposed : {false, true}) {
    ExpectChains({1, 7}, {10, 50, 300}, 3, 6, transposed, transposed);
    ExpectChains({50}, {50, 100}, 5, 6, transposed, transposed);  // so many k that they are cut
  }
}

// The places where long chains are cut and the ends of ranges need not meet.
TEST_P(GemmTest, LongChainsOfManyRanges) {
  for (bool accumulate : {false, true}) {
    const Shape whole{31, 57, 1000, {}, true, accumulate};
    Shape pieces = whole;
    for (int32_t begin = 0, i = 0; begin < 1000; ++i) {
      const int32_t count = std::min(1000 - begin, i % 5 * 7);  // some are empty
      pieces.ranges.push_back({begin, count});
      begin += count;
    }
    ASSERT_GT(pieces.ranges.size(), 64u);
    ASSERT_TRUE(SameBits(Multiply(whole).Values(), Multiply(pieces).Values()));
  }
}

TEST_P(GemmTest, AgainstDoublePrecision) {
  // A chain of K steps, each a product and a sum that round: |error| <= 2 K eps sum |a b|, and by
  // Cauchy and Schwarz sum |a b| <= |row of A| |column of B|.
  const Operands& in = Given();
  for (size_t k : kDepths) {
    const FloatRows c = Multiply({13, 70, k, {}, false, false});
    for (size_t r = 0; r < 13; ++r) {
      for (size_t j = 0; j < 70; ++j) {
        double sum = 0, row_squares = 0, column_squares = 0;
        for (size_t i = 0; i < k; ++i) {
          const double a = in.a.At(r, i), b = in.b.At(i, j);
          sum += a * b, row_squares += a * a, column_squares += b * b;
        }
        const double bound = 2 * k * kEpsilon * std::sqrt(row_squares * column_squares);
        ASSERT_NEAR(c.At(r, j), sum, bound) << "k " << k << ", row " << r << ", column " << j;
      }
    }
  }
}

TEST_P(GemmTest, RangesOfKInTheirOrder) {
  const Operands& in = Given();
  const std::vector<std::vector<KRange>> lists = {
      {{0, 50}, {50, 73}}, {{100, 23}, {3, 0}, {0, 7}, {40, 1}}, {{5, 0}}, {{7, 20}, {7, 20}}};
  for (const auto& ranges : lists) {
    for (bool transposed : {false, true}) {
      for (bool accumulate : {false, true}) {
        const FloatRows c = Multiply({9, 77, 123, ranges, transposed, accumulate});
        ASSERT_TRUE(c.GuardsIntact());
        for (size_t i = 0; i < size_t{9} * 77; ++i) {
          float sum = accumulate ? in.c.At(i / 77, i % 77) : 0;
          for (const KRange& range : ranges) {
            for (int32_t k = range.begin; k < range.begin + range.count; ++k) {
              sum = Step(HasFma(), in.a.At(i / 77, k), in.b.At(k, i % 77), sum);
            }
          }
          ASSERT_EQ(c.At(i / 77, i % 77), sum) << "row " << i / 77 << ", column " << i % 77;
        }
      }
    }
  }
}

TEST_P(GemmTest, RowByRowIsAllRowsAtOnce) {
  for (size_t n : {10, 50, 100, 300}) {
    for (bool transposed : {false, true}) {
      const FloatRows all = Multiply({23, n, 50, {}, transposed, false});
      for (size_t r = 0; r < 23; ++r) {
        const FloatRows one = Multiply({1, n, 50, {}, transposed, false}, r);
        ASSERT_TRUE(SameBits(one.Values(), {all.Row(r), all.Row(r) + n})) << "row " << r;
      }
    }
  }
}

TEST_P(GemmTest, NoRangesAndNoRows) {
  GemmArgs args{};
  FloatRows c(3, 5, 8, 2.5f);
  args.b_stride = args.c_stride = c.stride();
  args.c = c.data();
  args.rows = 3;
  args.cols = 5;
  args.a = args.b = c.data();  // never read: there is no k
  args.accumulate = true;
  Gemm(args);
  EXPECT_EQ(c.Values(), std::vector<float>(15, 2.5f));
  args.rows = 0;
  args.accumulate = false;
  Gemm(args);
  EXPECT_EQ(c.Values(), std::vector<float>(15, 2.5f));
  args.rows = 3;
  Gemm(args);
  EXPECT_EQ(c.Values(), std::vector<float>(15, 0.0f));
  EXPECT_TRUE(c.GuardsIntact());
}

TEST_P(GemmTest, SameBitsOnEveryTargetWithFma) {
  ExpectBitsOfBestTarget([] { return Multiply({50, 300, 200, {}, false, true}).Values(); });
}

INSTANTIATE_TEST_SUITE_P(EveryTarget, GemmTest, EveryTarget(), TargetName);

}  // namespace
}  // namespace grove::simd
