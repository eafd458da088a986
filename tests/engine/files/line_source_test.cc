#include "engine/files/line_source.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <string>
#include <vector>

#include "engine/run_spec_json.h"
#include "tests/experiments/temporary_folder.h"

namespace grove {
namespace {

std::vector<std::string> Lines(const std::string& path) {
  std::vector<std::string> lines;
  LineSource source(path);
  for (std::string_view line; source.Next(line);) lines.emplace_back(line);
  return lines;
}

void WriteCompressed(const std::string& path, const std::string& text) {
  gzFile file = gzopen(path.c_str(), "wb9");
  ASSERT_EQ(gzwrite(file, text.data(), static_cast<unsigned>(text.size())),
            static_cast<int>(text.size()));
  ASSERT_EQ(gzclose(file), Z_OK);
}

TEST(LineSource, ReadsLinesOfAnyLengthCompressedOrNot) {
  const TemporaryFolder folder;
  const std::vector<std::string> lines = {"one", "", std::string(200000, 'x'), "last"};
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  EXPECT_EQ(Lines(folder.Write("plain", text)), lines);
  WriteCompressed(folder.Path("a.gz"), text);
  EXPECT_EQ(Lines(folder.Path("a.gz")), lines);
  EXPECT_TRUE(Lines(folder.Write("empty", "")).empty());
}

TEST(LineSource, TellsWhereItIsAndThatTheTextWasCut) {
  const TemporaryFolder folder;
  const std::string path = folder.Write("a", "one\ntwo\nthr");
  LineSource source(path);
  std::string_view line;
  EXPECT_EQ(source.Sample(), "one\ntwo\nthr");
  EXPECT_EQ(source.number(), 0u) << "only looked at";
  EXPECT_TRUE(source.Next(line));
  EXPECT_TRUE(source.Next(line));
  EXPECT_EQ(source.place(), path + ":2");
  EXPECT_FALSE(source.cut());
  EXPECT_TRUE(source.Next(line));
  EXPECT_EQ(line, "thr");
  EXPECT_TRUE(source.cut());
  EXPECT_FALSE(source.Next(line));
  EXPECT_EQ(source.xxh3(), HashText("one\ntwo\nthr"));
}

// The hash is of what a reader sees, packed or not.
TEST(LineSource, PackedTextsAreTheTextsThemselves) {
  const TemporaryFolder folder;
  std::string text;
  for (int i = 0; i < 300000; ++i) text += std::to_string(int64_t{i} * 7919) + "\n";
  WriteCompressed(folder.Path("a.gz"), text);
  LineSource source(folder.Path("a.gz"));
  size_t lines = 0;
  for (std::string_view line; source.Next(line);) ++lines;
  EXPECT_EQ(lines, 300000u);
  EXPECT_EQ(source.xxh3(), HashText(text));
  // Packed files one behind the other are one packed file.
  folder.Write("two.gz", folder.Read("a.gz") + folder.Read("a.gz"));
  EXPECT_EQ(Lines(folder.Path("two.gz")).size(), 600000u);
}

TEST(LineSource, AByteOrderMarkIsNoPartOfTheText) {
  const TemporaryFolder folder;
  using Texts = std::vector<std::string>;
  EXPECT_EQ(Lines(folder.Write("mark", "\xef\xbb\xbfone\ntwo")), (Texts{"one", "two"}));
  EXPECT_EQ(Lines(folder.Write("alone", "\xef\xbb\xbf")), (Texts{}));
  EXPECT_EQ(Lines(folder.Write("half", "\xef\xbb")), (Texts{"\xef\xbb"}));
  EXPECT_EQ(Lines(folder.Write("within", "\n\xef\xbb\xbf")), (Texts{"", "\xef\xbb\xbf"}));
  const std::string wide = folder.Write("wide", std::string("\xff\xfe(\0", 4));
  EXPECT_EQ(ErrorMessage([&] { Lines(wide); }),
            wide + ": is UTF-16; convert it first, with iconv -f utf-16 -t utf-8");
}

TEST(LineSource, TextInMemory) {
  LineSource source = LineSource::OfText("a\n\nb", "t");
  std::string_view line;
  EXPECT_TRUE(source.ready());
  EXPECT_TRUE(source.Next(line));
  EXPECT_EQ(line, "a");
  EXPECT_TRUE(source.Next(line));
  EXPECT_EQ(line, "");
  EXPECT_TRUE(source.Next(line));
  EXPECT_EQ(line, "b");
  EXPECT_FALSE(source.Next(line));
  EXPECT_EQ(source.xxh3(), HashText("a\n\nb"));
}

// Between lines there may be bytes that are none, as behind the first line of a binary file.
TEST(LineSource, GivesBytesWhereTheyAreAskedFor) {
  const TemporaryFolder folder;
  std::string text;
  for (int i = 0; i < 200000; ++i) text += std::to_string(i) + (i % 1000 == 0 ? "\n" : "");
  LineSource source(folder.Write("a", text));
  std::string_view line;
  for (size_t at = 0; at < text.size();) {
    ASSERT_EQ(source.position(), at);
    const size_t count = std::min<size_t>(1 + at % 4321, text.size() - at);
    const std::string_view next = source.Peek(count);
    ASSERT_GE(next.size(), count);
    ASSERT_EQ(next.substr(0, count), std::string_view(text).substr(at, count));
    source.Skip(count);
    at += count;
    if (at % 3 > 0 || at == text.size()) continue;
    ASSERT_TRUE(source.Next(line));
    ASSERT_EQ(line, std::string_view(text).substr(at, text.find('\n', at) - at));
    at += line.size() + (source.cut() ? 0 : 1);
  }
  EXPECT_EQ(source.Peek(5), "");
  EXPECT_FALSE(source.Next(line));
  EXPECT_EQ(source.xxh3(), HashText(text));
}

TEST(LineSource, RefusesWhatIsDamagedOrNotThere) {
  const TemporaryFolder folder;
  std::string text;
  for (int i = 0; i < 5000; ++i) text += std::to_string(i * 7919) + "\n";
  WriteCompressed(folder.Path("a.gz"), text);
  const std::string bytes = folder.Read("a.gz");
  const std::string torn = folder.Write("torn.gz", bytes.substr(0, bytes.size() - 9));
  EXPECT_EQ(ErrorMessage([&] { Lines(torn); }), torn + ": the compressed file ends early");
  std::string wrong = bytes;
  wrong[wrong.size() - 6] ^= 1;  // of the check sum
  const std::string damaged = folder.Write("wrong.gz", wrong);
  EXPECT_NE(
      ErrorMessage([&] { Lines(damaged); }).find(damaged + ": the compressed file is damaged"),
      std::string::npos);
  EXPECT_EQ(ErrorMessage([&] { Lines(folder.Path("none")); }),
            folder.Path("none") + ": No such file or directory");
  EXPECT_EQ(ErrorMessage([&] { Lines(folder.path()); }), folder.path() + ": Is a directory");
}

}  // namespace
}  // namespace grove
