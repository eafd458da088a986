#include "simd/pages.h"

#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <new>

namespace grove::simd {
namespace {

std::atomic<uint64_t> taken{0}, given_back{0};

size_t WholePages(size_t bytes) {
  const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  return (bytes + page - 1) / page * page;
}

}  // namespace

void* TakePages(size_t bytes) {
  const size_t size = WholePages(bytes);
  // Enough to hold an aligned part; what stands around it goes back untouched.
  const size_t room = size + kHugePage;
  if (room < bytes) throw std::bad_alloc();
  void* const memory =
      mmap(nullptr, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  const size_t before = kHugePage - reinterpret_cast<uintptr_t>(memory) % kHugePage;
  char* const begin = static_cast<char*>(memory) + before;
  munmap(memory, before);
  if (before < kHugePage) munmap(begin + size, kHugePage - before);
#ifdef MADV_HUGEPAGE
  // Advice: a system that cannot follow it has the array on small pages.
  madvise(begin, size / kHugePage * kHugePage, MADV_HUGEPAGE);
#endif
  taken.fetch_add(size, std::memory_order_relaxed);
  return begin;
}

void GiveBackPages(void* begin, size_t bytes) {
  const size_t size = WholePages(bytes);
  munmap(begin, size);
  given_back.fetch_add(size, std::memory_order_relaxed);
}

PageCounts CountPages() {
  return {taken.load(std::memory_order_relaxed), given_back.load(std::memory_order_relaxed)};
}

}  // namespace grove::simd
