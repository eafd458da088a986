#include "experiments/runs/run_folder.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/experiments/temporary_folder.h"

namespace grove {
namespace {

namespace fs = std::filesystem;

std::string Refusal(const std::string& path) {
  return ErrorMessage([&] { RunFolder(path).Create(); });
}

TEST(RunFolder, IsMadeOnlyByCreate) {
  const TemporaryFolder temporary;
  const std::string path = temporary.Path("deep/out");
  const RunFolder folder(path);
  EXPECT_FALSE(fs::exists(path));
  EXPECT_TRUE(folder.States().empty());
  folder.Create();
  EXPECT_TRUE(fs::is_directory(path + "/state"));
  EXPECT_EQ(folder.JournalPath(), path + "/journal.jsonl");
}

// The state folder is made first, so that a crash leaves one of these alone, or with others.
TEST(RunFolder, WhateverACrashLeavesIsTaken) {
  for (const char* name : {"journal.jsonl", "state/k.safetensors", "state/k.json",
                           "state/k.safetensors.tmp-7-1", "quick/journal.jsonl"}) {
    const TemporaryFolder temporary;
    fs::create_directories(fs::path(temporary.Path(std::string("out/") + name)).parent_path());
    temporary.Write(std::string("out/") + name, "");
    EXPECT_EQ(Refusal(temporary.Path("out")), "no error") << name;
    temporary.Write("out/model.safetensors.tmp-77-3", "");
    if (std::string(name).starts_with("quick")) continue;
    EXPECT_EQ(Refusal(temporary.Path("out")), "no error") << name;
  }
}

TEST(RunFolder, WhatIsHiddenOrTheSystemsDoesNotCount) {
  const TemporaryFolder temporary;
  fs::create_directories(temporary.Path("lost+found"));
  temporary.Write(".DS_Store", "x");
  temporary.Write(".nfs0001", "x");
  EXPECT_EQ(Refusal(temporary.path()), "no error");
}

TEST(RunFolder, RefusesWhatIsNotAFolderOfRuns) {
  const TemporaryFolder temporary;
  const std::string notes = temporary.Write("notes.txt", "mine");
  EXPECT_EQ(
      Refusal(temporary.path()),
      temporary.path() + ": holds notes.txt and no runs (no journal.jsonl); use another --out");
  EXPECT_EQ(ErrorMessage([&] { RunFolder(temporary.path(), {"notes.txt"}); }), "no error");
  EXPECT_FALSE(fs::exists(temporary.Path("journal.jsonl")));
  EXPECT_EQ(Refusal(notes), notes + ": not a folder");
  // With a journal it is ours, whatever else lies there.
  temporary.Write("journal.jsonl", "");
  EXPECT_EQ(Refusal(temporary.path()), "no error");
}

TEST(RunFolder, FindsBeforehandWhatCannotBeWritten) {
  const TemporaryFolder temporary;
  fs::create_directories(temporary.Path("out"));
  temporary.Write("out/journal.jsonl", "");
  temporary.Write("out/state", "a file where the folder should be");
  EXPECT_NE(Refusal(temporary.Path("out")).find(temporary.Path("out/state")), std::string::npos);
  EXPECT_NE(Refusal(temporary.Path("out/state/deep")), "no error");
}

TEST(RunFolder, KeepsStatesAndSeconds) {
  const TemporaryFolder temporary;
  const RunFolder folder(temporary.Path("out"));
  folder.Create();
  EXPECT_EQ(folder.ReadSeconds("k"), 0);
  folder.WriteSeconds("k", 12.5);
  EXPECT_EQ(folder.ReadSeconds("k"), 12.5);
  EXPECT_FALSE(folder.HasState("k"));
  temporary.Write("out/state/k.safetensors", "x");
  temporary.Write("out/state/b.safetensors", "x");
  temporary.Write("out/state/b.safetensors.tmp-1-0", "x");
  EXPECT_TRUE(folder.HasState("k"));
  EXPECT_EQ(folder.States(), (std::vector<std::string>{"b", "k"}));
  folder.RemoveState("k");
  EXPECT_FALSE(folder.HasState("k"));
  EXPECT_EQ(folder.ReadSeconds("k"), 0);
  temporary.Write("out/state/b.json", "{\"seconds\": \"torn");
  EXPECT_EQ(folder.ReadSeconds("b"), 0);
}

}  // namespace
}  // namespace grove
