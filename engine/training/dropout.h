// Dropout (Srivastava et al. 2014) with masks that no one stores: whether an element is dropped is
// a function of the run's seed, the purpose, the number of the minibatch and the element. So
// forward and backward draw the same mask, and a run that stops and goes on draws it too.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/random.h"

namespace grove {

class Dropout {
 public:
  // Drops nothing.
  Dropout() = default;
  // Drops the share `share` of the elements, below 1. `minibatch` counts those of the run, from 0,
  // modulo 2^32.
  Dropout(uint64_t seed, Purpose purpose, double share, uint32_t minibatch)
      : seed_(seed), purpose_(purpose), share_(share), minibatch_(minibatch) {}

  // Of `rows` rows of n floats: sets dropped elements to 0 and divides the others by (1 - share).
  // On values it is the forward pass, on their gradients the backward pass.
  void Apply(float* data, size_t stride, size_t rows, size_t n) const;

 private:
  uint64_t seed_ = 0;
  Purpose purpose_ = Purpose::kWordDropout;
  double share_ = 0;
  uint32_t minibatch_ = 0;
};

}  // namespace grove
