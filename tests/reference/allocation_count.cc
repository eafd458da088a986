#include "tests/reference/allocation_count.h"

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

#include "simd/pages.h"

namespace grove {
namespace {

std::atomic<uint64_t> allocated_bytes{0};

// Never null for size 0, as operator new requires.
void* Take(std::size_t size) noexcept {
  allocated_bytes.fetch_add(size, std::memory_order_relaxed);
  return std::malloc(size == 0 ? 1 : size);
}

void* TakeAligned(std::size_t size, std::align_val_t alignment) noexcept {
  allocated_bytes.fetch_add(size, std::memory_order_relaxed);
  const std::size_t unit = static_cast<std::size_t>(alignment);
  // aligned_alloc wants a multiple of the alignment.
  return std::aligned_alloc(unit, size == 0 ? unit : (size + unit - 1) / unit * unit);
}

void* OrThrow(void* memory) {
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

uint64_t AllocatedBytes() {
  return allocated_bytes.load(std::memory_order_relaxed) + simd::CountPages().taken;
}

}  // namespace grove

using grove::OrThrow;
using grove::Take;
using grove::TakeAligned;
using std::align_val_t;
using std::nothrow_t;
using std::size_t;

void* operator new(size_t n) { return OrThrow(Take(n)); }
void* operator new[](size_t n) { return OrThrow(Take(n)); }
void* operator new(size_t n, const nothrow_t&) noexcept { return Take(n); }
void* operator new[](size_t n, const nothrow_t&) noexcept { return Take(n); }
void* operator new(size_t n, align_val_t a) { return OrThrow(TakeAligned(n, a)); }
void* operator new[](size_t n, align_val_t a) { return OrThrow(TakeAligned(n, a)); }
void* operator new(size_t n, align_val_t a, const nothrow_t&) noexcept { return TakeAligned(n, a); }
void* operator new[](size_t n, align_val_t a, const nothrow_t&) noexcept {
  return TakeAligned(n, a);
}

void operator delete(void* p) noexcept { std::free(p); }
void operator delete[](void* p) noexcept { std::free(p); }
void operator delete(void* p, size_t) noexcept { std::free(p); }
void operator delete[](void* p, size_t) noexcept { std::free(p); }
void operator delete(void* p, const nothrow_t&) noexcept { std::free(p); }
void operator delete[](void* p, const nothrow_t&) noexcept { std::free(p); }
void operator delete(void* p, align_val_t) noexcept { std::free(p); }
void operator delete[](void* p, align_val_t) noexcept { std::free(p); }
void operator delete(void* p, size_t, align_val_t) noexcept { std::free(p); }
void operator delete[](void* p, size_t, align_val_t) noexcept { std::free(p); }
void operator delete(void* p, align_val_t, const nothrow_t&) noexcept { std::free(p); }
void operator delete[](void* p, align_val_t, const nothrow_t&) noexcept { std::free(p); }
