#include "engine/files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "engine/error.h"

namespace grove {
namespace {

namespace fs = std::filesystem;

class FilesTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) / ("grove_files_" + std::to_string(getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string Path(const std::string& name) const { return (folder_ / name).string(); }
  size_t Entries() const {
    return static_cast<size_t>(std::distance(fs::directory_iterator(folder_), {}));
  }

  fs::path folder_;
};

std::string MessageOf(const auto& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST_F(FilesTest, WhatIsWrittenIsReadAgain) {
  std::string contents(1 << 20, '\0');
  for (size_t i = 0; i < contents.size(); ++i) contents[i] = static_cast<char>(i * 7 + i / 251);
  WriteFileAtomically(Path("a"), contents);
  EXPECT_EQ(ReadFile(Path("a")), contents);
  WriteFileAtomically(Path("a"), "");
  EXPECT_EQ(ReadFile(Path("a")), "");
  EXPECT_EQ(Entries(), 1u) << "a temporary file was left behind";
}

TEST_F(FilesTest, ALinkIsFollowedNotReplaced) {
  WriteFileAtomically(Path("target"), "old");
  fs::create_symlink(Path("target"), Path("link"));
  WriteFileAtomically(Path("link"), "new");
  EXPECT_TRUE(fs::is_symlink(Path("link")));
  EXPECT_EQ(ReadFile(Path("target")), "new");
}

TEST_F(FilesTest, FaultsNameThePathAndTheReason) {
  EXPECT_EQ(MessageOf([&] { ReadFile(Path("none")); }),
            Path("none") + ": No such file or directory");
  EXPECT_EQ(MessageOf([&] { ReadFile(folder_.string()); }), folder_.string() + ": Is a directory");
  EXPECT_EQ(MessageOf([&] { WriteFileAtomically(Path("none/a"), "x"); }),
            Path("none/a") + ": No such file or directory");
  EXPECT_EQ(Entries(), 0u);
}

TEST_F(FilesTest, RegularFilesOnly) {
  WriteFileAtomically(Path("file"), "text");
  fs::create_symlink(Path("file"), Path("link"));
  EXPECT_EQ(ReadRegularFile(Path("file")), "text");
  EXPECT_EQ(ReadRegularFile(Path("link")), "text");
  EXPECT_EQ(MessageOf([&] { ReadRegularFile(Path("none")); }),
            Path("none") + ": No such file or directory");
  // Neither is opened: there is no writer, and that would take for ever.
  ASSERT_EQ(mkfifo(Path("pipe").c_str(), 0600), 0);
  EXPECT_EQ(MessageOf([&] { ReadRegularFile(Path("pipe")); }),
            Path("pipe") + ": is a pipe, not a file; write it to a file first");
  EXPECT_EQ(MessageOf([&] { ReadRegularFile("/dev/zero"); }), "/dev/zero: is a device, not a file");
  EXPECT_EQ(MessageOf([&] { ReadRegularFile(folder_.string()); }),
            folder_.string() + ": is a folder, not a file");
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const std::string open_pipe = "/dev/fd/" + std::to_string(ends[0]);
  EXPECT_EQ(MessageOf([&] { ReadRegularFile(open_pipe); }),
            open_pipe + ": is a pipe, not a file; write it to a file first");
  close(ends[0]);
  close(ends[1]);
}

TEST_F(FilesTest, WhatIsNoRegularFileIsNeverReplaced) {
  EXPECT_EQ(MessageOf([&] { WriteFileAtomically(folder_.string(), "x"); }),
            folder_.string() + ": exists and is not a regular file");
  EXPECT_EQ(MessageOf([&] { WriteFileAtomically("/dev/null", "x"); }),
            "/dev/null: exists and is not a regular file");
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

}  // namespace
}  // namespace grove
