// XXH3-64 of bytes that come in pieces.
#pragma once

#include <cstddef>
#include <string>

struct XXH3_state_s;  // of xxHash

namespace grove {

class Hasher {
 public:
  Hasher();
  ~Hasher();
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;

  void Add(const void* bytes, size_t count);
  // Of all bytes so far, as 16 hex digits.
  std::string Digits() const;

 private:
  XXH3_state_s* state_;
};

}  // namespace grove
