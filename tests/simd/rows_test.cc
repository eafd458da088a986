// Gathered rows are the rows, and nothing behind them is written.
#include "simd/rows.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "simd/aligned.h"
#include "tests/simd/target_fixture.h"

namespace grove::simd {
namespace {

class RowsTest : public TargetTest {};

TEST_P(RowsTest, GathersAnyRowsInAnyOrder) {
  for (const size_t stride : {8, 16, 24, 56, 304}) {
    AlignedArray<float> table(20 * stride);
    std::iota(table.begin(), table.end(), 1.0f);
    for (const size_t count : {0, 1, 7, 30}) {
      std::vector<int32_t> ids(count);
      for (size_t i = 0; i < count; ++i) ids[i] = static_cast<int32_t>((i * 13 + 5) % 20);
      for (const size_t out_stride : {stride, stride + 8, 2 * stride}) {
        AlignedArray<float> out((count + 1) * out_stride);
        std::fill(out.begin(), out.end(), -1.0f);
        GatherRows(table.data(), stride, ids.data(), count, out.data(), out_stride);
        for (size_t i = 0; i < out.size(); ++i) {
          const size_t row = i / out_stride, column = i % out_stride;
          const bool gathered = row < count && column < stride;
          ASSERT_EQ(out[i],
                    gathered ? table[static_cast<size_t>(ids[row]) * stride + column] : -1.0f);
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(EveryTarget, RowsTest, EveryTarget(), TargetName);

}  // namespace
}  // namespace grove::simd
