#include "engine/hash.h"

#include <xxhash.h>

#include <cinttypes>
#include <cstdio>

namespace grove {

Hasher::Hasher() : state_(XXH3_createState()) { XXH3_64bits_reset(state_); }
Hasher::~Hasher() { XXH3_freeState(state_); }

void Hasher::Add(const void* bytes, size_t count) { XXH3_64bits_update(state_, bytes, count); }

std::string Hasher::Digits() const {
  char digits[17];
  std::snprintf(digits, sizeof(digits), "%016" PRIx64,
                static_cast<uint64_t>(XXH3_64bits_digest(state_)));
  return digits;
}

}  // namespace grove
