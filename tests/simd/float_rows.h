// Arrays for testing kernels: rows whose surroundings are guarded, and comparisons that say where
// the worst element is.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "simd/aligned.h"

namespace grove::simd {

// What stands where nothing may be written, and what may be read but must not matter: a signalling
// NaN. It survives a copy, but any arithmetic on it makes a quiet one, with other bits.
inline constexpr uint32_t kGuardBits = 0x7fa5eed5;

inline bool IsGuard(float x) { return std::bit_cast<uint32_t>(x) == kGuardBits; }

// `rows` rows of n floats, row r at Row(r), between two guard rows; columns [n, stride) are guards,
// and so is the slack behind the array.
class FloatRows {
 public:
  FloatRows(size_t rows, size_t n, size_t stride, float value = 0)
      : rows_(rows), n_(n), stride_(stride), data_((rows + 2) * stride) {
    std::fill(data_.begin(), data_.end() + kSlack, std::bit_cast<float>(kGuardBits));
    for (size_t r = 0; r < rows; ++r) std::fill_n(Row(r), n, value);
  }

  FloatRows(FloatRows&&) = default;  // a copy would lack the guards in the slack

  float* data() { return data_.data() + stride_; }
  const float* data() const { return data_.data() + stride_; }
  float* Row(size_t r) { return data() + r * stride_; }
  const float* Row(size_t r) const { return data() + r * stride_; }
  float& At(size_t r, size_t j) { return Row(r)[j]; }
  float At(size_t r, size_t j) const { return Row(r)[j]; }
  size_t rows() const { return rows_; }
  size_t n() const { return n_; }
  size_t stride() const { return stride_; }

  // Uniform in [-range, range), the same on every machine.
  void FillRandom(std::mt19937& generator, float range) {
    for (size_t r = 0; r < rows_; ++r) {
      for (size_t j = 0; j < n_; ++j) {
        At(r, j) = (static_cast<float>(generator() >> 8) * 0x1p-23f - 1) * range;
      }
    }
  }

  // The rows without their surroundings.
  std::vector<float> Values() const {
    std::vector<float> values;
    for (size_t r = 0; r < rows_; ++r) values.insert(values.end(), Row(r), Row(r) + n_);
    return values;
  }

  // Is every guard there, but for columns [n, writable) of the rows? (0: n)
  testing::AssertionResult GuardsIntact(size_t writable = 0) const {
    const size_t first = std::max(n_, writable);
    for (size_t i = 0; i < data_.size() + kSlack; ++i) {
      const size_t row = i / stride_, column = i % stride_;
      const bool inside = row >= 1 && row <= rows_ && column < first;
      if (!inside && !IsGuard(data_.data()[i])) {
        return testing::AssertionFailure()
               << "column " << column << " of row " << static_cast<long>(row) - 1
               << " was written (rows " << rows_ << ", width " << first << ")";
      }
    }
    return testing::AssertionSuccess();
  }

 private:
  size_t rows_, n_, stride_;
  AlignedArray<float> data_;
};

inline testing::AssertionResult SameBits(const std::vector<float>& expected,
                                         const std::vector<float>& actual) {
  if (expected.size() != actual.size()) {
    return testing::AssertionFailure() << expected.size() << " and " << actual.size() << " values";
  }
  for (size_t i = 0; i < expected.size(); ++i) {
    if (std::bit_cast<uint32_t>(expected[i]) != std::bit_cast<uint32_t>(actual[i])) {
      return testing::AssertionFailure() << std::hexfloat << "element " << i << " is " << actual[i]
                                         << ", expected the bits of " << expected[i];
    }
  }
  return testing::AssertionSuccess();
}

// |actual - expected| <= absolute + relative |expected|, element by element.
inline testing::AssertionResult AllNear(const std::vector<double>& expected,
                                        const std::vector<float>& actual, double absolute,
                                        double relative) {
  if (expected.size() != actual.size()) {
    return testing::AssertionFailure() << expected.size() << " and " << actual.size() << " values";
  }
  size_t worst = 0;
  double worst_share = 0;  // of the allowed difference
  for (size_t i = 0; i < expected.size(); ++i) {
    const double bound = absolute + relative * std::abs(expected[i]);
    const double share = std::abs(actual[i] - expected[i]) / bound;
    if (share > worst_share || std::isnan(share)) worst = i, worst_share = share;
    if (std::isnan(share)) break;
  }
  if (worst_share <= 1) return testing::AssertionSuccess();
  return testing::AssertionFailure()
         << "element " << worst << " is " << actual[worst] << ", expected " << expected[worst]
         << ": " << worst_share << " times the allowed difference";
}

}  // namespace grove::simd
