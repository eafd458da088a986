// Rows picked from a table.
#pragma once

#include <cstddef>
#include <cstdint>

namespace grove::simd {

// Row i of `out` = row ids[i] of `table`, for i in [0, count): `stride` floats each, a multiple of
// kRowQuantum. The table may be larger than the caches: rows are fetched ahead.
void GatherRows(const float* table, const int32_t* ids, size_t count, size_t stride, float* out);

}  // namespace grove::simd
