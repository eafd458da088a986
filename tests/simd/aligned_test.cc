// Arrays own their memory, keep their slack, and are empty once they were moved from.
#include "simd/aligned.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>

#include "simd/pages.h"

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

// Floats of which an array has so many bytes with its slack.
size_t FloatsOf(size_t bytes) { return bytes / sizeof(float) - kSlack; }

uintptr_t Place(const void* memory) { return reinterpret_cast<uintptr_t>(memory); }

// One or more lines "VmFlags: rd wr ... hg" of /proc/self/smaps: that of the mapping with `place`.
std::string FlagsAt(uintptr_t place) {
  std::ifstream maps("/proc/self/smaps");
  bool holds = false;
  for (std::string line; std::getline(maps, line);) {
    uintptr_t begin = 0, end = 0;
    char dash = 0;
    std::istringstream fields(line);
    if (fields >> std::hex >> begin >> dash >> end && dash == '-') {
      holds = begin <= place && place < end;
    } else if (holds && line.starts_with("VmFlags:")) {
      return line + " ";
    }
  }
  return "";
}

bool IsAdvised(const void* memory) {
  return FlagsAt(Place(memory)).find(" hg ") != std::string::npos;
}

TEST(LargeArrayTest, BeginsAHugePageAndIsAsAnyOther) {
  const size_t size = FloatsOf(kHugePage) + 1000;
  AlignedArray<float> array = Counting(size);
  EXPECT_EQ(Place(array.data()) % kHugePage, 0u);
  const AlignedArray<float> copy = array;
  EXPECT_EQ(Place(copy.data()) % kHugePage, 0u);
  const AlignedArray<float> taken = std::move(array);
  ExpectEmpty(array);  // NOLINT(bugprone-use-after-move)
  ExpectCounting(copy, size);
  ExpectCounting(taken, size);
  array.Resize(7);
  EXPECT_EQ(array[6], 0.0f);
  array = taken;
  ExpectCounting(array, size);
  array.Resize(size);
  for (size_t i = 0; i < size + kSlack; ++i) ASSERT_EQ(array.data()[i], 0.0f);
}

TEST(LargeArrayTest, TakesNoMoreThanItsBytesAndGivesThemBack) {
  const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  const PageCounts before = CountPages();
  {
    const AlignedArray<float> small(FloatsOf(kHugePage) - 1);
    EXPECT_EQ(CountPages().taken, before.taken);
    const AlignedArray<float> large(FloatsOf(kHugePage) + 1);
    EXPECT_EQ(CountPages().taken - before.taken, kHugePage + page);
    EXPECT_EQ(CountPages().given_back, before.given_back);
  }
  EXPECT_EQ(CountPages().given_back - before.given_back, kHugePage + page);
}

// What lies around an array in the memory of the process is not the array's.
TEST(LargeArrayTest, WhatIsCountedIsWhatIsMapped) {
  const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  char* const begin = static_cast<char*>(TakePages(3 * kHugePage + 1));
  ASSERT_EQ(Place(begin) % kHugePage, 0u);
  char* const end = begin + 3 * kHugePage + page;
  end[-1] = begin[0] = 1;
  unsigned char resident = 0;
  EXPECT_EQ(mincore(end - page, page, &resident), 0);
  GiveBackPages(begin, 3 * kHugePage + 1);
  for (char* at : {begin, begin + kHugePage, end - page}) {
    EXPECT_EQ(mincore(at, page, &resident), -1) << at - begin;
  }
}

// Only whole pages: of the rest a huge page would take more memory than the array has.
TEST(LargeArrayTest, AsksForHugePages) {
  void* const probe = mmap(nullptr, kHugePage, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(probe, MAP_FAILED);
  // Not everywhere: an emulator may not even say.
  const bool asked = madvise(probe, kHugePage, MADV_HUGEPAGE) == 0 && IsAdvised(probe);
  munmap(probe, kHugePage);
  const AlignedArray<float> array(FloatsOf(2 * kHugePage) + 5000);
  EXPECT_EQ(IsAdvised(array.data()), asked);
  EXPECT_EQ(IsAdvised(array.data() + 2 * kHugePage / sizeof(float) - 1), asked);
  EXPECT_FALSE(IsAdvised(array.data() + 2 * kHugePage / sizeof(float)));
}

}  // namespace
}  // namespace grove::simd
