// UTF-8 as the standard has it, and bytes that are none.
#include "engine/text.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <random>
#include <string>

namespace grove {
namespace {

using namespace std::string_literals;

// The encoding by its definition; nothing is refused.
std::string Encode(uint32_t code, int length) {
  if (length == 1) return {static_cast<char>(code)};
  constexpr unsigned kLead[] = {0, 0, 0xc0, 0xe0, 0xf0};
  std::string bytes(static_cast<size_t>(length), '\0');
  for (int i = length - 1; i > 0; --i, code >>= 6) {
    bytes[static_cast<size_t>(i)] = static_cast<char>(0x80 | (code & 0x3f));
  }
  bytes[0] = static_cast<char>(kLead[length] | code);
  return bytes;
}

TEST(Utf8, EveryCodePointInItsShortestFormOnly) {
  for (uint32_t code = 0; code < 0x120000; ++code) {
    const int shortest = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    const bool allowed = code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
    ASSERT_EQ(IsUtf8("a" + Encode(code, shortest) + "b"), allowed) << code;
    for (int length = shortest + 1; length <= 4; ++length) {
      ASSERT_FALSE(IsUtf8(Encode(code, length))) << code << " in " << length << " bytes";
    }
  }
}

TEST(Utf8, TheFirstBadByteIsFound) {
  EXPECT_EQ(FindNotUtf8("caf\xe9"), 3u);
  EXPECT_EQ(FindNotUtf8("\xc3\xa9t\xc3"), 3u);
  EXPECT_EQ(FindNotUtf8("x\xf0\x9f\x98y"), 1u);
  EXPECT_EQ(FindNotUtf8("\x80"), 0u);
  EXPECT_EQ(FindNotUtf8("a\0\xff"s), 2u);
  EXPECT_EQ(FindNotUtf8(""), std::string_view::npos);
}

// Whatever we take for text, the JSON library takes too, and nothing else.
TEST(Utf8, AgreesWithTheJsonLibrary) {
  std::mt19937 random(1);
  const std::string bytes = "a\x7f\x80\x8f\x90\x9f\xa0\xbf\xc0\xc1\xc2\xdf\xe0\xed\xef\xf0\xf4\xf5";
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    for (size_t n = random() % 7; n-- > 0;) text += bytes[random() % bytes.size()];
    bool taken = true;
    try {
      nlohmann::json(text).dump();
    } catch (const nlohmann::json::exception&) {
      taken = false;
    }
    ASSERT_EQ(IsUtf8(text), taken)
        << nlohmann::json(text).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
  }
}

TEST(ReplaceAll, GoesOnBehindWhatItPutIn) {
  EXPECT_EQ(ReplaceAll("a-b--c", "-", "--"), "a--b----c");
  EXPECT_EQ(ReplaceAll("aaa", "aa", "b"), "ba");
  EXPECT_EQ(ReplaceAll("", "x", "y"), "");
  EXPECT_EQ(ReplaceAll("nothing", "x", "y"), "nothing");
}

TEST(EscapeBytes, LeavesTextAndShowsOtherBytes) {
  EXPECT_EQ(EscapeBytes("trees/\xc3\xa9t\xc3\xa9.ptb"), "trees/\xc3\xa9t\xc3\xa9.ptb");
  EXPECT_EQ(EscapeBytes("caf\xe9/\xff\xfe.ptb"), "caf\\xe9/\\xff\\xfe.ptb");
  EXPECT_EQ(EscapeBytes("\xe2\x82"), "\\xe2\\x82");
  EXPECT_EQ(EscapeBytes(""), "");
}

}  // namespace
}  // namespace grove
