// Memory for large arrays, from the system itself: of a heap they would leave gaps as large as a
// huge page, and where huge pages have to be asked for (Ubuntu: transparent_hugepage is "madvise")
// a heap does not ask. A product that goes through a large matrix then has few pages to look up.
#pragma once

#include <cstddef>
#include <cstdint>

namespace grove::simd {

// What most processors have. Elsewhere an alignment as good as any.
inline constexpr size_t kHugePage = size_t{2} << 20;

// Zeros, aligned to kHugePage. Takes `bytes` rounded up to a page of the system, not to a huge
// page: only huge pages that are the array's as a whole are asked for. Throws std::bad_alloc.
void* TakePages(size_t bytes);

// Of what TakePages returned for as many bytes.
void GiveBackPages(void* begin, size_t bytes);

// Bytes that this process took and gave back in this way, which operator new does not see. They
// never fall.
struct PageCounts {
  uint64_t taken = 0, given_back = 0;
};
PageCounts CountPages();

}  // namespace grove::simd
