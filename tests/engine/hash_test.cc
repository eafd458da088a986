#include "engine/hash.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "engine/run_spec_json.h"

namespace grove {
namespace {

TEST(HasherTest, PiecesHashAsTheWhole) {
  std::string text;
  for (int i = 0; i < 3000; ++i) text += static_cast<char>(i * 7 + i / 256);
  for (const size_t piece : {size_t{1}, size_t{63}, size_t{1024}, text.size()}) {
    Hasher hasher;
    for (size_t at = 0; at < text.size(); at += piece) {
      hasher.Add(text.data() + at, std::min(piece, text.size() - at));
    }
    EXPECT_EQ(hasher.Digits(), HashText(text)) << piece;
  }
}

// As xxhsum -H3 has it.
TEST(HasherTest, IsXxh3) { EXPECT_EQ(Hasher().Digits(), "2d06800538d394c2"); }

}  // namespace
}  // namespace grove
