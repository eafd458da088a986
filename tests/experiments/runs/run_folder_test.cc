#include "experiments/runs/run_folder.h"

#include <gtest/gtest.h>

#include "tests/experiments/temporary_folder.h"

namespace grove {
namespace {

namespace fs = std::filesystem;

std::vector<Job> Runs(const std::string& name, const std::string& seeds, double l2 = 1e-3) {
  Experiment experiment;
  experiment.name = name;
  experiment.run.l2 = l2;
  SetSeeds(experiment, ParseSeeds(seeds));
  return PlanRuns(experiment);
}

TEST(RunFolder, IsMadeOnlyByCreate) {
  const TemporaryFolder temporary;
  const std::string path = temporary.Path("deep/out");
  const RunFolder folder(path, Runs("a", "1-2"));
  EXPECT_FALSE(fs::exists(path));
  folder.Create();
  EXPECT_TRUE(fs::exists(path + "/manifest.json"));
  EXPECT_TRUE(fs::is_directory(path + "/state"));
  EXPECT_EQ(folder.JournalPath(), path + "/journal.jsonl");
}

TEST(RunFolder, TakesMoreSeedsAndFewerExperiments) {
  const TemporaryFolder temporary;
  std::vector<Job> both = Runs("a", "1-2");
  for (const Job& run : Runs("b", "1-2", 0.5)) both.push_back(run);
  RunFolder(temporary.Path("out"), both).Create();
  const std::string manifest = temporary.Read("out/manifest.json");
  EXPECT_EQ(ErrorMessage([&] { RunFolder(temporary.Path("out"), Runs("a", "1-9")).Create(); }),
            "no error");
  EXPECT_EQ(temporary.Read("out/manifest.json"), manifest);
}

TEST(RunFolder, RefusesOtherSpecs) {
  const TemporaryFolder temporary;
  const std::string path = temporary.Path("out");
  RunFolder(path, Runs("a", "1-2")).Create();
  const auto refusal = [&](const std::vector<Job>& runs) {
    return ErrorMessage([&] { RunFolder(path, runs); });
  };
  EXPECT_EQ(refusal(Runs("b", "1")),
            path + "/manifest.json: the folder belongs to a, not to b; use another --out");
  EXPECT_EQ(refusal(Runs("a", "1", 0.25)),
            path +
                "/manifest.json: the folder holds a with other settings (dataset 1, rlstm: l2 was "
                "0.001, is 0.25); use another --out");
  std::vector<Job> more = Runs("a", "1");
  more.push_back(more[0]);
  more[1].dataset = 2;
  EXPECT_EQ(refusal(more), path +
                               "/manifest.json: the folder holds a with other settings (dataset 2, "
                               "rlstm is new); use another --out");
}

TEST(RunFolder, RefusesWhatIsNotARunFolder) {
  const TemporaryFolder temporary;
  temporary.Write("notes.txt", "mine");
  EXPECT_EQ(
      ErrorMessage([&] { RunFolder(temporary.path(), Runs("a", "1")); }),
      temporary.path() +
          ": the folder is not empty and holds no runs (no manifest.json); use another --out");
  EXPECT_EQ(ErrorMessage([&] { RunFolder(temporary.Path("notes.txt"), Runs("a", "1")); }),
            temporary.Path("notes.txt") + ": not a folder");
  const std::string manifest = temporary.Write("manifest.json", "{\"format\": 3");
  EXPECT_EQ(ErrorMessage([&] { RunFolder(temporary.path(), Runs("a", "1")); }),
            manifest + ": not a manifest of runs");
}

TEST(RunFolder, TakesAnEmptyFolderAndOneOfRunFolders) {
  const TemporaryFolder temporary;
  RunFolder(temporary.Path("quick"), Runs("b", "1")).Create();
  EXPECT_EQ(ErrorMessage([&] { RunFolder(temporary.path(), Runs("a", "1")).Create(); }),
            "no error");
}

TEST(RunFolder, KeepsSeconds) {
  const TemporaryFolder temporary;
  const RunFolder folder(temporary.Path("out"), Runs("a", "1"));
  folder.Create();
  EXPECT_EQ(folder.ReadSeconds("k"), 0);
  folder.WriteSeconds("k", 12.5);
  EXPECT_EQ(folder.ReadSeconds("k"), 12.5);
  EXPECT_FALSE(folder.HasState("k"));
  temporary.Write("out/state/k.safetensors", "x");
  EXPECT_TRUE(folder.HasState("k"));
  folder.RemoveState("k");
  EXPECT_FALSE(folder.HasState("k"));
  EXPECT_EQ(folder.ReadSeconds("k"), 0);
}

}  // namespace
}  // namespace grove
