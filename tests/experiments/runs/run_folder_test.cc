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

TEST(RunFolder, KeepsStates) {
  const TemporaryFolder temporary;
  const RunFolder folder(temporary.Path("out"));
  folder.Create();
  EXPECT_FALSE(folder.HasState("k"));
  temporary.Write("out/state/k.safetensors", "x");
  temporary.Write("out/state/b.safetensors", "x");
  temporary.Write("out/state/b.safetensors.tmp-1-0", "x");
  EXPECT_TRUE(folder.HasState("k"));
  EXPECT_EQ(folder.States(), (std::vector<std::string>{"b", "k"}));
  folder.RemoveState("k");
  EXPECT_FALSE(folder.HasState("k"));
}

TEST(RunFolder, AShardHasFilesOfItsOwn) {
  const TemporaryFolder temporary;
  const RunFolder folder(temporary.Path("out"), {}, {3, 8});
  EXPECT_EQ(folder.JournalPath(), temporary.Path("out/journal.3-of-8.jsonl"));
  EXPECT_EQ(folder.ManifestPath(), temporary.Path("out/manifest.3-of-8.jsonl"));
  EXPECT_EQ(folder.LivePath(), temporary.Path("out/live.3-of-8.json"));
  folder.Create();
  temporary.Write("out/journal.3-of-8.jsonl", "");
  temporary.Write("out/journal.10-of-8.jsonl", "");  // no shard
  temporary.Write("out/journal.jsonl.gz", "");
  EXPECT_EQ(JournalsOfRunFolder(temporary.Path("out")),
            (std::vector<std::string>{temporary.Path("out/journal.3-of-8.jsonl")}));
  fs::remove_all(temporary.Path("out/state"));
  EXPECT_EQ(Refusal(temporary.Path("out")), "no error") << "a folder of runs by its journal";
}

TEST(RunFolder, WhatIsSetAsideStaysBesideWhatLiesThere) {
  const TemporaryFolder temporary;
  const RunFolder folder(temporary.Path("out"));
  folder.Create();
  for (const char* name : {"k.safetensors", "k.safetensors.2", "k.safetensors.3"}) {
    temporary.Write("out/state/k.safetensors", name);
    EXPECT_EQ(folder.SetAside(folder.StatePath("k")), temporary.Path("out/damaged/") + name);
    EXPECT_FALSE(folder.HasState("k"));
  }
  EXPECT_TRUE(fs::exists(temporary.Path("out/damaged/k.safetensors")));
}

TEST(RunFolder, OnlyItsOwnUnfinishedFilesAreRemoved) {
  const TemporaryFolder temporary;
  const RunFolder folder(temporary.Path("out"), {"model.safetensors"});
  folder.Create();
  fs::create_directories(temporary.Path("out/models"));
  const std::vector<std::string> own = {"state/any.safetensors.tmp-1-2-0",
                                        "live.json",
                                        "state/k.safetensors.tmp-1-2-0",
                                        "models/k.safetensors.tmp-1-2-0",
                                        "live.json.tmp-1-2-0",
                                        "manifest.jsonl.tmp-1-2-0",
                                        "journal.jsonl.tmp-1-2-0",
                                        "model.safetensors.tmp-1-2-0"};
  const std::vector<std::string> others = {"state/k.safetensors", "state/b.safetensors.tmp-1-2-0",
                                           "live.1-of-2.json.tmp-1-2-0", "live.1-of-2.json",
                                           "mine.tmp-1"};
  for (const auto& names : {own, others}) {
    for (const std::string& name : names) temporary.Write("out/" + name, "x");
  }
  folder.RemoveUnfinished({"k"});
  for (const std::string& name : own)
    EXPECT_FALSE(fs::exists(temporary.Path("out/" + name))) << name;
  for (const std::string& name : others)
    EXPECT_TRUE(fs::exists(temporary.Path("out/" + name))) << name;
}

}  // namespace
}  // namespace grove
