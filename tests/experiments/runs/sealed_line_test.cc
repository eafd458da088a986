#include "experiments/runs/sealed_line.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace grove {
namespace {

constexpr std::string_view kKeys[] = {"\"key\""};

TEST(SealedLine, HoldsTheObjectBehindItsChecksum) {
  const std::string line = Seal(R"({"key":"a","n":[1,2]})");
  EXPECT_EQ(line, R"({"xxh3":"f74af5db763fc83d","key":"a","n":[1,2]})");
  EXPECT_EQ(SealFault(line), "");
}

TEST(SealedLine, EveryFlippedBitAndEveryCutShows) {
  const std::string line = Seal(R"({"key":"a","n":[1,2]})");
  for (size_t bit = 0; bit < 8 * line.size(); ++bit) {
    std::string bad = line;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
    EXPECT_NE(SealFault(bad, kKeys), "") << bad;
  }
  for (size_t size = 0; size < line.size(); ++size) {
    EXPECT_NE(SealFault(line.substr(0, size), kKeys), "") << size;
  }
}

TEST(SealedLine, OfAnEarlierVersionOnlyWhereAllowed) {
  EXPECT_EQ(SealFault(R"({"key":"a"})", kKeys), "");
  EXPECT_EQ(SealFault(R"({"key":"a"})"), "it has no checksum");
  EXPECT_EQ(SealFault(R"({"keys":"a"})", kKeys), "it has no checksum");
  EXPECT_EQ(SealFault("", kKeys), "it has no checksum");
}

}  // namespace
}  // namespace grove
