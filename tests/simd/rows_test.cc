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
      AlignedArray<float> out((count + 1) * stride);
      std::fill(out.begin(), out.end(), -1.0f);
      GatherRows(table.data(), ids.data(), count, stride, out.data());
      for (size_t i = 0; i < count * stride; ++i) {
        ASSERT_EQ(out[i], table[static_cast<size_t>(ids[i / stride]) * stride + i % stride]);
      }
      for (size_t i = count * stride; i < out.size(); ++i) ASSERT_EQ(out[i], -1.0f);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(EveryTarget, RowsTest, EveryTarget(), TargetName);

}  // namespace
}  // namespace grove::simd
