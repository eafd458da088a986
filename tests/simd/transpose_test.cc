// Transposed copies: every small shape, and nothing written but what the header allows.
#include "simd/transpose.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "simd/aligned.h"
#include "tests/simd/float_rows.h"
#include "tests/simd/target_fixture.h"

namespace grove::simd {
namespace {

class TransposeTest : public TargetTest {
 protected:
  // `loose`: floats between rows beyond what the kernel needs, which also unaligns the rows.
  static void ExpectTransposed(size_t rows, size_t cols, size_t loose) {
    FloatRows a(rows, cols, cols + loose);
    for (size_t r = 0; r < rows; ++r) {
      for (size_t c = 0; c < cols; ++c) a.At(r, c) = static_cast<float>(1000 * r + c);
    }
    FloatRows b(cols, rows, PadRow(rows) + loose);
    Transpose(a.data(), a.stride(), rows, cols, b.data(), b.stride());
    ASSERT_TRUE(b.GuardsIntact(PadRow(rows))) << rows << " x " << cols;
    for (size_t c = 0; c < cols; ++c) {
      for (size_t r = 0; r < PadRow(rows); ++r) {
        ASSERT_EQ(b.At(c, r), a.At(std::min(r, rows - 1), c))
            << rows << " x " << cols << ": row " << r << ", column " << c;
      }
    }
  }
};

TEST_P(TransposeTest, EverySmallShape) {
  for (size_t rows = 1; rows <= 20; ++rows) {
    for (size_t cols = 1; cols <= 20; ++cols) {
      ExpectTransposed(rows, cols, 0);
      ExpectTransposed(rows, cols, 3);
    }
  }
}

TEST_P(TransposeTest, ShapesOfTheModels) {
  const std::vector<std::pair<size_t, size_t>> shapes = {{50, 300}, {50, 200}, {50, 100},
                                                         {50, 50},  {50, 10},  {300, 50}};
  for (const auto& [rows, cols] : shapes) {
    ExpectTransposed(rows, cols, 0);
    ExpectTransposed(rows, cols, PadRow(cols) - cols + 8);
  }
}

INSTANTIATE_TEST_SUITE_P(EveryTarget, TransposeTest, EveryTarget(), TargetName);

}  // namespace
}  // namespace grove::simd
