#include "experiments/runs/line_reader.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <string>
#include <vector>

#include "tests/experiments/temporary_folder.h"

namespace grove {
namespace {

std::vector<std::string> Lines(const std::string& path) {
  std::vector<std::string> lines;
  LineReader reader(path);
  for (std::string line; reader.Next(line);) lines.push_back(line);
  return lines;
}

void WriteCompressed(const std::string& path, const std::string& text) {
  gzFile file = gzopen(path.c_str(), "wb9");
  ASSERT_EQ(gzwrite(file, text.data(), static_cast<unsigned>(text.size())),
            static_cast<int>(text.size()));
  ASSERT_EQ(gzclose(file), Z_OK);
}

TEST(LineReader, ReadsLinesOfAnyLengthCompressedOrNot) {
  const TemporaryFolder folder;
  const std::vector<std::string> lines = {"one", "", std::string(200000, 'x'), "last"};
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  EXPECT_EQ(Lines(folder.Write("plain", text)), lines);
  WriteCompressed(folder.Path("a.gz"), text);
  EXPECT_EQ(Lines(folder.Path("a.gz")), lines);
  EXPECT_TRUE(Lines(folder.Write("empty", "")).empty());
}

TEST(LineReader, LeavesATornLineOutAndKnowsItsPlace) {
  const TemporaryFolder folder;
  const std::string path = folder.Write("a", "one\ntwo\nthr");
  LineReader reader(path);
  std::string line;
  EXPECT_TRUE(reader.Next(line));
  EXPECT_TRUE(reader.Next(line));
  EXPECT_EQ(reader.place(), path + ":2");
  EXPECT_FALSE(reader.Next(line));
}

TEST(LineReader, RefusesWhatIsDamagedOrNotThere) {
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
