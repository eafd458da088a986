// Aligned arrays with slack, and the row padding that the kernels rely on.
//
// A row of n floats is stored with a stride of PadRow(n) >= n floats. Kernels may *read* up to
// kSlack floats past the end of a row (the values do not matter) but write only elements [0, n).
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <utility>

#include "simd/pages.h"

namespace grove::simd {

// Every vector of every target divides this many floats, or is divided by it (AVX-512: 16).
inline constexpr size_t kRowQuantum = 8;
// Floats that may be read past the end of an array; at least the widest vector.
inline constexpr size_t kSlack = 64;
inline constexpr size_t kAlignment = 64;

constexpr size_t PadRow(size_t n) { return (n + kRowQuantum - 1) / kRowQuantum * kRowQuantum; }

// A zero-initialised, 64-byte aligned array of trivial T with kSlack readable elements after it.
// From 2 MB on it has memory of its own, on huge pages where the system has them (simd/pages.h).
// Owns its memory; movable: what was moved from is empty. Resize keeps nothing; Reserve-like growth
// is the caller's affair.
template <typename T>
class AlignedArray {
 public:
  AlignedArray() = default;
  explicit AlignedArray(size_t size) { Resize(size); }
  AlignedArray(const AlignedArray& other) { *this = other; }
  AlignedArray(AlignedArray&& other) noexcept
      : data_(std::move(other.data_)), size_(std::exchange(other.size_, 0)) {}
  AlignedArray& operator=(AlignedArray&& other) noexcept {
    if (this == &other) return *this;
    data_ = std::move(other.data_);
    size_ = std::exchange(other.size_, 0);
    return *this;
  }
  AlignedArray& operator=(const AlignedArray& other) {
    if (this == &other) return *this;
    if (size_ != other.size_) Resize(other.size_);  // else the memory is kept
    if (size_ != 0) std::memcpy(data(), other.data(), size_ * sizeof(T));
    return *this;
  }

  // Makes the array `size` zeros. The old contents are lost.
  void Resize(size_t size) {
    const size_t bytes = (size + kSlack) * sizeof(T);
    void* const memory =
        bytes < kHugePage ? ::operator new (bytes, std::align_val_t{kAlignment}) : TakePages(bytes);
    data_ = Memory(static_cast<T*>(memory), Free{bytes});
    // The first to write decides where memory is on machines with several nodes: the thread that
    // makes the array, also where the system would give zeros at the first use.
    std::memset(memory, 0, bytes);
    size_ = size;
  }

  size_t size() const { return size_; }
  T* data() { return data_.get(); }
  const T* data() const { return data_.get(); }
  T& operator[](size_t i) { return data_.get()[i]; }
  const T& operator[](size_t i) const { return data_.get()[i]; }
  T* begin() { return data(); }
  T* end() { return data() + size_; }
  const T* begin() const { return data(); }
  const T* end() const { return data() + size_; }

 private:
  struct Free {
    size_t bytes = 0;
    void operator()(T* p) const {
      if (bytes >= kHugePage) return GiveBackPages(p, bytes);
      ::operator delete (p, std::align_val_t{kAlignment});
    }
  };
  using Memory = std::unique_ptr<T, Free>;
  Memory data_;
  size_t size_ = 0;
};

}  // namespace grove::simd
