#include "engine/training/dropout.h"

namespace grove {

void Dropout::Apply(float* data, size_t stride, size_t rows, size_t n) const {
  if (share_ == 0) return;
  const float scale = static_cast<float>(1 / (1 - share_));
  const uint32_t dropped_below = static_cast<uint32_t>(share_ * 0x1p32);
  RandomStream stream(seed_, purpose_, minibatch_);
  for (size_t r = 0; r < rows; ++r) {
    float* row = data + r * stride;
    // A number where the element is dropped becomes 0 even if it is not finite: no product.
    for (size_t j = 0; j < n; ++j) {
      row[j] = stream.NextBits() < dropped_below ? 0.0f : row[j] * scale;
    }
  }
}

}  // namespace grove
