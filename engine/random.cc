// Key and counter of a stream (Philox4x32-10: Salmon et al. 2011, "Parallel random numbers: as easy
// as 1, 2, 3"):
//
//   key     = (seed mod 2^32, seed div 2^32)
//   counter = (index mod 2^32, index div 2^32, item, purpose)
//
// `index` counts the blocks of four words given out so far; a block's words are used in order. The
// map is one to one, so two streams that differ in seed, item or purpose never share a block.
#include "engine/random.h"

#include <Random123/philox.h>

#include <cassert>
#include <numeric>

namespace grove {

float UniformOfBits(uint32_t bits) { return static_cast<float>(bits >> 8) * 0x1p-24f; }

float UniformOfBits(uint32_t bits, float low, float high) {
  return low + (high - low) * UniformOfBits(bits);
}

RandomStream::RandomStream(uint64_t seed, Purpose purpose, uint32_t item)
    : key_{static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)},
      counter_{0, 0, item, static_cast<uint32_t>(purpose)} {}

uint32_t RandomStream::NextBits() {
  if (used_ == block_.size()) {
    const r123::Philox4x32::ctr_type counter = {
        {counter_[0], counter_[1], counter_[2], counter_[3]}};
    const r123::Philox4x32::key_type key = {{key_[0], key_[1]}};
    const r123::Philox4x32::ctr_type words = r123::Philox4x32()(counter, key);
    for (size_t i = 0; i < block_.size(); ++i) block_[i] = words[i];
    if (++counter_[0] == 0) ++counter_[1];
    used_ = 0;
  }
  return block_[used_++];
}

float RandomStream::NextUniform() { return UniformOfBits(NextBits()); }

float RandomStream::NextUniform(float low, float high) {
  return UniformOfBits(NextBits(), low, high);
}

// Lemire (2019), "Fast random integer generation in an interval": the high half of bits * bound,
// where the low half falls below 2^32 mod bound for the few products that would bias it.
uint32_t RandomStream::NextBelow(uint32_t bound) {
  uint64_t product = static_cast<uint64_t>(NextBits()) * bound;
  if (static_cast<uint32_t>(product) < bound) {
    const uint32_t biased_below = -bound % bound;
    while (static_cast<uint32_t>(product) < biased_below) {
      product = static_cast<uint64_t>(NextBits()) * bound;
    }
  }
  return static_cast<uint32_t>(product >> 32);
}

std::vector<uint32_t> DrawWithoutReplacement(RandomStream& random, uint32_t n, uint32_t k) {
  assert(k <= n);
  std::vector<uint32_t> numbers(n);
  std::iota(numbers.begin(), numbers.end(), 0u);
  for (uint32_t i = 0; i < k; ++i) std::swap(numbers[i], numbers[i + random.NextBelow(n - i)]);
  numbers.resize(k);
  return numbers;
}

}  // namespace grove
