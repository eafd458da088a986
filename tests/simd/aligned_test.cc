// Arrays own their memory, keep their slack, and are empty once they were moved from.
#include "simd/aligned.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <utility>

namespace grove::simd {
namespace {

AlignedArray<float> Counting(size_t size) {
  AlignedArray<float> array(size);
  for (size_t i = 0; i < size; ++i) array[i] = static_cast<float>(i);
  return array;
}

void ExpectEmpty(const AlignedArray<float>& array) {
  EXPECT_EQ(array.size(), 0u);
  EXPECT_EQ(array.begin(), array.end());
}

void ExpectCounting(const AlignedArray<float>& array, size_t size) {
  ASSERT_EQ(array.size(), size);
  for (size_t i = 0; i < size; ++i) ASSERT_EQ(array[i], static_cast<float>(i));
}

TEST(AlignedArrayTest, ZerosAlignedWithSlack) {
  const AlignedArray<float> array(5);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(array.data()) % kAlignment, 0u);
  for (size_t i = 0; i < 5 + kSlack; ++i) EXPECT_EQ(array.data()[i], 0.0f);
}

TEST(AlignedArrayTest, WhatWasMovedFromIsEmpty) {
  AlignedArray<float> source = Counting(7);
  AlignedArray<float> made = std::move(source);
  ExpectCounting(made, 7);
  ExpectEmpty(source);  // NOLINT(bugprone-use-after-move)
  AlignedArray<float> assigned(3);
  assigned = std::move(made);
  ExpectCounting(assigned, 7);
  ExpectEmpty(made);  // NOLINT(bugprone-use-after-move)
}

TEST(AlignedArrayTest, WhatWasMovedFromCanBeUsedAgain) {
  AlignedArray<float> source = Counting(7);
  const AlignedArray<float> taken = std::move(source);
  source = taken;  // of the size that it had
  ExpectCounting(source, 7);
  AlignedArray<float> other = std::move(source);
  source.Resize(2);  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(source[1], 0.0f);
  source = std::move(other);
  ExpectCounting(source, 7);
  const AlignedArray<float> none;
  source = none;
  ExpectEmpty(source);
}

TEST(AlignedArrayTest, CopiesAreTheirOwn) {
  AlignedArray<float> source = Counting(4);
  const AlignedArray<float> copy = source;
  source[0] = 9;
  ExpectCounting(copy, 4);
}

}  // namespace
}  // namespace grove::simd
