#include "engine/files/files.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <iterator>
#include <string>

#include "engine/error.h"

namespace {

int folder_syncs = 0, file_syncs = 0;

}  // namespace

// Takes the place of the C library's in this program: counts, then does what that does.
// NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name)
extern "C" int fsync(int file) {
  struct stat status;
  if (fstat(file, &status) == 0) ++(S_ISDIR(status.st_mode) ? folder_syncs : file_syncs);
  return static_cast<int>(syscall(SYS_fsync, file));
}

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

TEST_F(FilesTest, WhatIsWrittenInPiecesAppearsAtTheEnd) {
  WriteFileAtomically(Path("a"), "old");
  {
    FileWriter dropped(Path("a"));
    dropped.Write("half");
  }
  EXPECT_EQ(ReadFile(Path("a")), "old");
  EXPECT_EQ(Entries(), 1u);
  FileWriter file(Path("a"));
  file.Write("12345");
  file.Write("678");
  EXPECT_EQ(ReadFile(Path("a")), "old");
  file.WriteFirst("abc");
  file.Commit();
  EXPECT_EQ(ReadFile(Path("a")), "abc45678");
  EXPECT_EQ(Entries(), 1u);
  EXPECT_NE(MessageOf([] { FileWriter("/dev/null", FileWriter::Kind::kOnlyFiles); }), "no error");
}

TEST_F(FilesTest, IsReadInPieces) {
  std::string contents(700'000, 'x'), read;
  contents += "end";
  WriteFileAtomically(Path("a"), contents);
  FileReader file(Path("a"));
  int pieces = 0;
  while (file.Read(read)) ++pieces;
  EXPECT_EQ(read, contents);
  EXPECT_GE(pieces, 3);
  EXPECT_NE(MessageOf([&] {
              std::string text;
              FileReader(folder_.string()).Read(text);
            }),
            "no error");
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
  const auto open = [&](const std::string& name) {
    return MessageOf([&] { FileReader(Path(name), FileReader::Kind::kOnlyFiles); });
  };
  EXPECT_EQ(open("link"), "no error");
  EXPECT_EQ(open("pipe"), Path("pipe") + ": is a pipe, not a file; write it to a file first");
  EXPECT_EQ(open("none"), Path("none") + ": No such file or directory");
}

TEST_F(FilesTest, FoldersAreNoFiles) {
  const std::string message = folder_.string() + ": is a folder, not a file";
  EXPECT_EQ(MessageOf([&] { WriteFileAtomically(folder_.string(), "x"); }), message);
  EXPECT_EQ(MessageOf([&] { CheckWritable(folder_.string()); }), message);
  EXPECT_EQ(MessageOf([&] { WriteFileAtomically("", "x"); }), "an empty path names no file");
}

TEST_F(FilesTest, ALinkToNothingMakesItsTarget) {
  fs::create_directory(Path("d"));
  fs::create_symlink("d/new", Path("link"));  // relative to the link
  WriteFileAtomically(Path("link"), "x");
  EXPECT_TRUE(fs::is_symlink(Path("link")));
  EXPECT_EQ(ReadFile(Path("d/new")), "x");
  fs::create_symlink("b", Path("a"));
  fs::create_symlink("a", Path("b"));
  EXPECT_EQ(MessageOf([&] { WriteFileAtomically(Path("a"), "x"); }),
            Path("a") + ": Too many levels of symbolic links");
}

TEST_F(FilesTest, DevicesStayDevices) {
  WriteFileAtomically("/dev/null", "x");
  CheckWritable("/dev/null");
  fs::create_symlink("/dev/null", Path("link"));
  WriteFileAtomically(Path("link"), "x");
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
  EXPECT_TRUE(fs::is_symlink(Path("link")));
  EXPECT_EQ(MessageOf([] { WriteFileAtomically("/dev/full", "x"); }),
            "/dev/full: No space left on device");
}

TEST_F(FilesTest, APipeIsWrittenInto) {
  ASSERT_EQ(mkfifo(Path("pipe").c_str(), 0600), 0);
  CheckWritable(Path("pipe"));  // no one reads yet
  const int reader = open(Path("pipe").c_str(), O_RDONLY | O_NONBLOCK);
  ASSERT_GE(reader, 0);
  WriteFileAtomically(Path("pipe"), "through the pipe");
  char text[32] = {};
  EXPECT_EQ(read(reader, text, sizeof(text)), 16);
  EXPECT_STREQ(text, "through the pipe");
  EXPECT_TRUE(fs::is_fifo(Path("pipe")));
  EXPECT_EQ(Entries(), 1u);
  close(reader);
}

// As with >> on a log: what was there stays, and the log's owner goes on in the same file.
TEST_F(FilesTest, OpenFilesAreWrittenWhereTheyAre) {
  for (const char* folder : {"/dev/fd/", "/proc/self/fd/", "/proc/thread-self/fd/"}) {
    WriteFileAtomically(Path("log"), "before\n");
    const int log = open(Path("log").c_str(), O_WRONLY | O_APPEND);
    ASSERT_GE(log, 0);
    const std::string path = folder + std::to_string(log);
    fs::remove(Path("link"));
    fs::create_symlink(path, Path("link"));
    CheckWritable(path);
    WriteFileAtomically(path, "one\n");
    WriteFileAtomically(Path("link"), "two\n");
    ASSERT_EQ(write(log, "after\n", 6), 6);
    EXPECT_EQ(ReadFile(Path("log")), "before\none\ntwo\nafter\n") << folder;
    EXPECT_TRUE(fs::is_symlink(Path("link")));
    close(log);
    EXPECT_EQ(MessageOf([&] { WriteFileAtomically(path, "x"); }), path + ": Bad file descriptor");
    EXPECT_EQ(MessageOf([&] { CheckWritable(path); }), path + ": Bad file descriptor");
  }
  const int reading = open(Path("log").c_str(), O_RDONLY);
  const std::string path = "/dev/fd/" + std::to_string(reading);
  EXPECT_EQ(MessageOf([&] { CheckWritable(path); }), path + ": is open for reading only");
  close(reading);
}

// A file that another process has open, and no one's descriptor in a folder that is only called fd.
TEST_F(FilesTest, FilesOfOtherProcesses) {
  WriteFileAtomically(Path("log"), "before\n");
  const int log = open(Path("log").c_str(), O_WRONLY | O_APPEND);
  const pid_t child = fork();
  if (child == 0) {
    pause();
    _exit(0);
  }
  WriteFileAtomically("/proc/" + std::to_string(child) + "/fd/" + std::to_string(log), "x\n");
  ASSERT_EQ(write(log, "after\n", 6), 6);
  EXPECT_EQ(ReadFile(Path("log")), "before\nx\nafter\n");
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  close(log);
  fs::create_directory(Path("fd"));
  WriteFileAtomically(Path("fd/1"), "x");
  EXPECT_EQ(ReadFile(Path("fd/1")), "x");
}

TEST_F(FilesTest, WhatCannotBeWrittenIsFoundBefore) {
  CheckWritable(Path("new"));
  WriteFileAtomically(Path("old"), "old");
  CheckWritable(Path("old"));
  EXPECT_EQ(ReadFile(Path("old")), "old");
  EXPECT_EQ(Entries(), 1u) << "something was left behind";
  EXPECT_EQ(MessageOf([&] { CheckWritable(Path("none/a")); }),
            Path("none/a") + ": No such file or directory");
  EXPECT_EQ(MessageOf([&] { CheckWritable(Path("old/a")); }), Path("old/a") + ": Not a directory");
  EXPECT_EQ(MessageOf([&] { CheckWritable(""); }), "an empty path names no file");
  // The kernel's own folder takes no files, whoever asks.
  EXPECT_NE(MessageOf([] { CheckWritable("/proc/self/new"); }), "no error");
}

// As a user who is not root: root may write everywhere.
TEST_F(FilesTest, AFolderWithoutPermissionIsFoundBefore) {
  fs::create_directory(Path("closed"));
  fs::permissions(Path("closed"), fs::perms::owner_read | fs::perms::owner_exec);
  fs::permissions(folder_, fs::perms::all);
  const pid_t child = fork();
  if (child == 0) {
    if (geteuid() == 0 && setuid(65534) != 0) _exit(2);
    const std::string message = MessageOf([&] { CheckWritable(Path("closed/a")); });
    _exit(message == Path("closed/a") + ": Permission denied" ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  fs::permissions(Path("closed"), fs::perms::owner_all);
}

// A new name is only sure to survive a crash once its folder is on the disk too.
TEST_F(FilesTest, FoldersAreSyncedAfterARename) {
  folder_syncs = file_syncs = 0;
  WriteFileAtomically(Path("a"), "new");
  EXPECT_EQ(file_syncs, 1);
  EXPECT_EQ(folder_syncs, 1);
  RenameFile(Path("a"), Path("b"));
  EXPECT_EQ(folder_syncs, 2);
  EXPECT_EQ(ReadFile(Path("b")), "new");
  EXPECT_EQ(MessageOf([&] { RenameFile(Path("none"), Path("c")); }),
            Path("c") + ": No such file or directory");
  EXPECT_EQ(folder_syncs, 2);
}

}  // namespace
}  // namespace grove
