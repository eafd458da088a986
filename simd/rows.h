// Rows picked from a table.
#pragma once

#include <cstddef>
#include <cstdint>

namespace grove::simd {

// Row i of `out` = row ids[i] of `table`, or zeros if ids[i] < 0, for i in [0, count): table_stride
// floats each, a multiple of kRowQuantum; out_stride >= table_stride. The table may be larger than
// the caches: rows are fetched ahead.
void GatherRows(const float* table, size_t table_stride, const int32_t* ids, size_t count,
                float* out, size_t out_stride);

}  // namespace grove::simd
