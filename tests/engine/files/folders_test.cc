#include "engine/files/folders.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <set>
#include <string>

#include "engine/error.h"
#include "engine/files/files.h"

namespace {

std::set<std::string> synced;  // folders

}  // namespace

// Takes the place of the C library's in this program: notes the path, then does what that does.
// NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name)
extern "C" int fsync(int file) {
  synced.insert(std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(file)).string());
  return static_cast<int>(syscall(SYS_fsync, file));
}

namespace grove {
namespace {

namespace fs = std::filesystem;

class FoldersTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::canonical(testing::TempDir()) / ("grove_folders_" + std::to_string(getpid()));
    fs::create_directories(folder_);
    synced.clear();
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string Path(const std::string& name) const { return (folder_ / name).string(); }

  std::set<std::string> Names() const {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_)) {
      names.insert(entry.path().filename().string());
    }
    return names;
  }

  // Leaves what a writer leaves that is killed in the middle of a file.
  void DieWriting(const std::string& name) const {
    const pid_t child = fork();
    if (child == 0) {
      FileWriter file(Path(name));
      file.Write("half of");
      raise(SIGKILL);
    }
    waitpid(child, nullptr, 0);
  }

  fs::path folder_;
};

TEST_F(FoldersTest, EveryNewFolderIsSyncedIntoTheOneAroundIt) {
  MakeFolders(Path("a/b/c/"));
  EXPECT_TRUE(fs::is_directory(Path("a/b/c")));
  for (const std::string& around : {folder_.string(), Path("a"), Path("a/b")}) {
    EXPECT_TRUE(synced.count(around)) << around;
  }
}

TEST_F(FoldersTest, AFolderThatIsThereIsSyncedToo) {
  fs::create_directory(Path("a"));
  MakeFolders(Path("a"));
  EXPECT_EQ(synced, std::set<std::string>{folder_.string()});
}

TEST_F(FoldersTest, AFileInTheWayIsNamed) {
  WriteFileAtomically(Path("a"), "a file");
  try {
    MakeFolders(Path("a/b"));
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find(Path("a")), std::string::npos) << error.what();
  }
}

TEST_F(FoldersTest, WhatDeadWritersLeftIsRemovedWhereItIsOurs) {
  DieWriting("ours");
  DieWriting("theirs");
  ASSERT_EQ(Names().size(), 2);
  RemoveUnfinished(folder_.string(), [](const std::string& name) { return name == "ours"; });
  ASSERT_EQ(Names().size(), 1);
  EXPECT_TRUE(Names().begin()->starts_with("theirs.tmp-"));
}

TEST_F(FoldersTest, WhatIsBeingWrittenStays) {
  FileWriter file(Path("ours"));
  file.Write("all of it");
  RemoveUnfinished(folder_.string(), [](const std::string&) { return true; });
  file.Commit();
  EXPECT_EQ(ReadFile(Path("ours")), "all of it");
  EXPECT_EQ(Names(), std::set<std::string>{"ours"});
}

TEST_F(FoldersTest, OtherFilesStay) {
  for (const char* name : {"ours", ".tmp-1", "ours.tmp"}) WriteFileAtomically(Path(name), "");
  fs::create_directory(Path("ours.tmp-1"));
  RemoveUnfinished(folder_.string(), [](const std::string&) { return true; });
  EXPECT_EQ(Names(), (std::set<std::string>{"ours", ".tmp-1", "ours.tmp", "ours.tmp-1"}));
}

TEST_F(FoldersTest, WhatIsHeldIsNotHeldTwice) {
  {
    const Hold first(folder_.string());
    EXPECT_TRUE(first.held());
    EXPECT_FALSE(Hold(folder_.string()).held());
  }
  EXPECT_TRUE(Hold(folder_.string()).held());
  EXPECT_FALSE(Hold(Path("missing")).held());
}

}  // namespace
}  // namespace grove
