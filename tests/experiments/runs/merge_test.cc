#include "experiments/runs/merge.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "engine/files/checkpoint.h"
#include "experiments/runs/manifest.h"
#include "experiments/runs/run_folder.h"
#include "experiments/runs/sealed_line.h"
#include "experiments/runs/store.h"
#include "tests/experiments/made_up_runs.h"
#include "tests/experiments/temporary_folder.h"

namespace grove {
namespace {

namespace fs = std::filesystem;

std::string Line(const std::string& key, const std::string& status = "done",
                 const std::string& weights = "0123456789abcdef", double seconds = 1) {
  RunRecord record = testing::MadeUpRun("exp1", 2, "rlstm", 1, 0.5);
  record.key = key;
  record.status = status;
  record.weights_xxh3 = weights;
  record.seconds = seconds;
  return Seal(ToJson(record).dump()) + "\n";
}

std::string Ratios(const std::string& key, int depth) {
  return Seal("{\"ratios\":{\"key\":\"" + key + "\",\"rows\":[[1," + std::to_string(depth) +
              ",3,1,1,1,1,1,1]]}}") +
         "\n";
}

class MergeTest : public ::testing::Test {
 protected:
  MergeTest() {
    for (const char* name : {"a/state", "b/state", "a/models"}) {
      fs::create_directories(folder_.Path(name));
    }
  }
  MergeCounts Merge(const std::vector<std::string>& folders) {
    std::vector<std::string> paths;
    for (const std::string& name : folders) paths.push_back(folder_.Path(name));
    return MergeRuns(folder_.Path("out"), paths,
                     [this](const std::string& line) { notes_.push_back(line); });
  }
  std::string Journal() const { return ReadFile(folder_.Path("out/journal.jsonl")); }

  TemporaryFolder folder_;
  std::vector<std::string> notes_;
};

TEST_F(MergeTest, HasEachRunOnceWithItsTables) {
  const std::string provenance = Seal("{\"provenance\":{\"version\":\"1\"}}") + "\n";
  folder_.Write("a/journal.0-of-2.jsonl",
                provenance + Ratios("1", 2) + Line("1") + Line("2", "failed", ""));
  folder_.Write("a/journal.1-of-2.jsonl", provenance + Line("3"));
  folder_.Write("b/journal.jsonl", Line("2") + Line("3", "done", "0123456789abcdef", 7) +
                                       Ratios("1", 2) + Line("4", "failed", ""));
  const MergeCounts counts = Merge({"a", "b"});
  EXPECT_EQ(Journal(), provenance + Ratios("1", 2) + Line("1") + Line("3") + Line("2") +
                           Line("4", "failed", ""));
  EXPECT_EQ(counts.journals, 3u);
  EXPECT_EQ(counts.runs, 4u);
  EXPECT_EQ(counts.not_done, 1u);
  EXPECT_EQ(ReadStore(folder_.Path("out")).Records().size(), 4u);
  // Again, and into what is there: nothing changes.
  const std::string once = Journal();
  EXPECT_EQ(Merge({"a", "b"}).runs, 4u);
  EXPECT_EQ(Journal(), once);
  EXPECT_TRUE(notes_.empty());
}

TEST_F(MergeTest, EqualKeysMustHaveEqualBits) {
  folder_.Write("a/journal.jsonl", Line("1") + Line("2"));
  folder_.Write("b/journal.jsonl", Line("2", "done", "f"));
  EXPECT_EQ(ErrorMessage([&] {
              Merge({"a", "b"});
            }),
            folder_.Path("b/journal.jsonl") + ":1: another result of the run than " +
                folder_.Path("a/journal.jsonl") + ":2; equal keys have equal bits");
  folder_.Write("a/journal.jsonl", Ratios("1", 2));
  folder_.Write("b/journal.jsonl", Ratios("1", 3));
  EXPECT_NE(ErrorMessage([&] { Merge({"a", "b"}); }), "no error");
  EXPECT_EQ(ErrorMessage([&] { Merge({"a/state"}); }),
            folder_.Path("a/state") + ": no run folder: it has no journal");
}

// As a run that was trained again by --force, with a version of other bits.
TEST_F(MergeTest, InOneJournalTheLastResultCounts) {
  folder_.Write("a/journal.jsonl", Line("1") + Line("2") + Line("1", "done", "f"));
  EXPECT_EQ(Merge({"a"}).runs, 2u);
  EXPECT_EQ(Journal(), Line("2") + Line("1", "done", "f"));
}

TEST_F(MergeTest, OldLinesGetTheirChecksumAndDamagedOnesStayOut) {
  std::string damaged = Line("2");
  damaged[60] ^= 1;
  const std::string sealed = Line("1");
  const std::string old = "{" + sealed.substr(sealed.find(',') + 1);
  folder_.Write("a/journal.jsonl", old + damaged + Line("3") + "{\"torn");
  const MergeCounts counts = Merge({"a"});
  EXPECT_EQ(Journal(), sealed + Line("3"));
  EXPECT_EQ(counts.damaged, 2u);
  ASSERT_EQ(notes_.size(), 2u);
  EXPECT_TRUE(notes_[0].starts_with(folder_.Path("a/journal.jsonl") + ":2: damaged: "));
}

TEST_F(MergeTest, ModelsStatesAndManifestsComeAlong) {
  folder_.Write("a/journal.jsonl", Line("1"));
  folder_.Write("b/journal.jsonl", Line("2"));
  for (const char* name : {"a/models/1", "a/state/1", "b/state/5"}) {
    WriteTensorFile(folder_.Path(name) + ".safetensors", {{{"w", {1}, {1}}}, {}});
  }
  folder_.Write("a/models/2.safetensors", "damaged");
  WriteManifest(RunFolder(folder_.Path("a")), {{"1", "x", 1}, {"5", "x", 2}}, nullptr);
  WriteManifest(RunFolder(folder_.Path("b")), {{"2", "y", 3}, {"5", "x", 2}}, nullptr);
  const MergeCounts counts = Merge({"a", "b"});
  EXPECT_EQ(counts.models, 1u);
  EXPECT_EQ(counts.states, 1u) << "not that of a run that has ended";
  EXPECT_EQ(counts.damaged, 1u);
  EXPECT_TRUE(fs::exists(folder_.Path("out/models/1.safetensors")));
  EXPECT_TRUE(fs::exists(folder_.Path("out/state/5.safetensors")));
  std::string keys;
  ReadManifests(
      folder_.Path("out"), [&](const ManifestRun& run) { keys += run.key; }, nullptr);
  EXPECT_EQ(keys, "152");
}

}  // namespace
}  // namespace grove
