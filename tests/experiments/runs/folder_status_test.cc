#include "experiments/runs/folder_status.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "experiments/runs/manifest.h"
#include "experiments/runs/run_folder.h"
#include "experiments/runs/sealed_line.h"
#include "tests/experiments/made_up_runs.h"
#include "tests/experiments/temporary_folder.h"

namespace grove {
namespace {

namespace fs = std::filesystem;

std::string Line(const std::string& key, const std::string& status) {
  RunRecord record = testing::MadeUpRun("exp1", 2, "rlstm", 1, 0.5);
  record.key = key;
  record.status = status;
  record.message = status == "failed" ? "no space" : "";
  record.seconds = 10;
  return Seal(ToJson(record).dump()) + "\n";
}

const OnDamage kNoDamage = [](const DamagedLine& line) { FAIL() << line.message; };

TEST(FolderStatus, CountsEachRunOnceByExperiment) {
  const TemporaryFolder folder;
  const RunFolder one(folder.Path("out"), {}, {0, 2}), two(folder.Path("out"), {}, {1, 2});
  one.Create();
  WriteManifest(one, {{"a", "exp1", 4}, {"b", "exp1", 4}, {"c", "exp1", 4}}, nullptr);
  WriteManifest(two, {{"d", "exp2", 6}, {"e", "exp2", 8}, {"f", "exp2", 8}}, nullptr);
  folder.Write("out/journal.0-of-2.jsonl",
               Line("a", "failed") + Line("a", "done") + Line("b", "failed"));
  folder.Write("out/journal.1-of-2.jsonl", Line("d", "diverged") + Line("d", "failed"));
  folder.Write("out/state/c.safetensors", "");
  folder.Write("out/state/e.safetensors.tmp-1-2-3", "");
  const FolderStatus status = ReadStatus({folder.Path("out"), folder.Path("out/")}, kNoDamage);
  EXPECT_TRUE(status.has_manifest);
  const StatusCounts& exp1 = status.experiments.at("exp1");
  EXPECT_EQ(exp1.done, 1u);
  EXPECT_EQ(exp1.failed, 1u);
  EXPECT_EQ(exp1.interrupted, 1u);
  EXPECT_EQ(exp1.waiting, 0u);
  EXPECT_EQ(exp1.seconds_done, 10);
  EXPECT_EQ(exp1.expected_done, 4);
  EXPECT_EQ(exp1.expected_to_do, 8);
  const StatusCounts& exp2 = status.experiments.at("exp2");
  EXPECT_EQ(exp2.diverged, 1u);
  EXPECT_EQ(exp2.waiting, 2u);
  EXPECT_EQ(status.total.All(), 6u);
  ASSERT_EQ(status.failed.size(), 1u);
  EXPECT_EQ(status.failed[0].key, "b");
  EXPECT_EQ(status.failed[0].message, "no space");
  EXPECT_TRUE(status.failed[0].label.starts_with("exp1 d2 rlstm s1")) << status.failed[0].label;
  EXPECT_FALSE(RemainingSeconds(status, WallTime()).has_value());
}

TEST(FolderStatus, ATornLineIsToldAndAFolderMustHoldRuns) {
  const TemporaryFolder folder;
  fs::create_directories(folder.Path("out"));
  folder.Write("out/journal.jsonl", Line("a", "done") + Line("b", "done").substr(0, 40));
  size_t torn = 0;
  const FolderStatus status =
      ReadStatus({folder.Path("out")}, [&](const DamagedLine& line) { torn += line.torn; });
  EXPECT_EQ(torn, 1u);
  EXPECT_EQ(status.total.All(), 1u);
  EXPECT_FALSE(status.has_manifest);
  EXPECT_EQ(ErrorMessage([&] { ReadStatus({folder.path()}, kNoDamage); }),
            folder.path() + ": no runs; `grove run SPEC --out DIR` makes a folder of runs");
  EXPECT_EQ(ErrorMessage([&] { ReadStatus({folder.Path("none")}, kNoDamage); }),
            folder.Path("none") + ": no such folder");
}

TEST(FolderStatus, AProcessThatIsSilentForLongSaysNothingOfWhatIsLeft) {
  FolderStatus status;
  Live& live = status.live.emplace_back();
  live.time = 1000;
  live.progress.remaining_seconds = 100;
  status.live.push_back(live);
  status.live.back().progress.remaining_seconds = 50;
  EXPECT_EQ(RemainingSeconds(status, 1010), 90);
  EXPECT_FALSE(RemainingSeconds(status, 1031).has_value());
}

}  // namespace
}  // namespace grove
