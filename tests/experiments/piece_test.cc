// Run folders kept as one compressed file, and read back.
#include "experiments/study/piece.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "engine/error.h"
#include "experiments/study/gzip_file.h"
#include "tests/experiments/made_up_runs.h"
#include "tests/experiments/temporary_folder.h"

namespace grove {
namespace {

template <typename Action>
std::string Message(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(GzipFile, KeepsTheTextAndItsBytes) {
  const TemporaryFolder folder;
  std::string text;
  for (int i = 0; i < 30000; ++i) text += std::to_string(i * 7919) + ",";
  WriteCompressed(folder.Path("a.gz"), text);
  WriteCompressed(folder.Path("b.gz"), text);
  EXPECT_EQ(ReadCompressed(folder.Path("a.gz")), text);
  EXPECT_EQ(folder.Read("a.gz"), folder.Read("b.gz"));
  EXPECT_LT(folder.Read("a.gz").size(), text.size() / 2);
  WriteCompressed(folder.Path("empty.gz"), "");
  EXPECT_EQ(ReadCompressed(folder.Path("empty.gz")), "");
  EXPECT_EQ(ReadCompressed(folder.Write("plain", "as it is")), "as it is");
}

TEST(GzipFile, RefusesWhatIsDamaged) {
  const TemporaryFolder folder;
  WriteCompressed(folder.Path("a.gz"), std::string(5000, 'x') + "end");
  const std::string bytes = folder.Read("a.gz");
  const std::string torn = folder.Write("torn.gz", bytes.substr(0, bytes.size() - 9));
  EXPECT_EQ(Message([&] { ReadCompressed(torn); }).substr(0, torn.size() + 26),
            torn + ": not a complete gzip file");
  std::string wrong = bytes;
  wrong[wrong.size() - 6] ^= 1;  // of the check sum
  EXPECT_NE(Message([&] { ReadCompressed(folder.Write("wrong.gz", wrong)); }), "no error");
}

TEST(Piece, HoldsWhatTheFolderHeld) {
  const TemporaryFolder folder;
  std::vector<RunRecord> runs = {testing::MadeUpRun("exp1", 2, "rnn", 1, 0.1),
                                 testing::MadeUpRun("exp3", 3, "rlstm", 2, 0.9)};
  runs.push_back(testing::MadeUpRun("exp1", 2, "rlstm", 1, 0.2));
  runs.back().status = "diverged";
  testing::WriteRunFolder(folder.Path("out"), runs, 3);
  ArchiveRuns(folder.Path("out"), folder.Path("all.jsonl.gz"));
  const Piece piece = ReadPiece(folder.Path("all.jsonl.gz"));
  EXPECT_EQ(piece.name, "all");
  EXPECT_EQ(piece.provenance.size(), 1u);
  ASSERT_EQ(piece.runs.size(), 3u);
  const JournalContents journal = ReadJournal(folder.Path("out"));
  for (size_t i = 0; i < 3; ++i) EXPECT_EQ(ToJson(piece.runs[i]), ToJson(journal.records[i]));
  ASSERT_EQ(piece.ratios.size(), 1u);
  const auto& kept = piece.ratios.at(runs[1].key);
  const auto whole = SummariseRatios(testing::MadeUpRatios("rlstm", 3, 60));
  ASSERT_EQ(kept.size(), whole.size());
  for (size_t i = 0; i < kept.size(); ++i) {
    EXPECT_EQ(kept[i].epoch, whole[i].epoch);
    EXPECT_EQ(kept[i].depth, whole[i].depth);
    EXPECT_EQ(kept[i].n, whole[i].n);
    EXPECT_EQ(kept[i].above_1, whole[i].above_1);
    EXPECT_NEAR(kept[i].q05, whole[i].q05, 1e-4 * whole[i].q05);
    EXPECT_NEAR(kept[i].median, whole[i].median, 1e-4 * whole[i].median);
    EXPECT_NEAR(kept[i].q95, whole[i].q95, 1e-4 * whole[i].q95);
  }
  const std::vector<Piece> pieces = ReadPieces(folder.path());
  ASSERT_EQ(pieces.size(), 1u);
  EXPECT_EQ(pieces[0].runs.size(), 3u);
}

TEST(Piece, SaysWhatIsWrong) {
  const TemporaryFolder folder;
  EXPECT_NE(Message([&] { ReadPieces(folder.path()); }).find("no journal *.jsonl.gz"),
            std::string::npos);
  const auto reading = [&](const std::string& text) {
    WriteCompressed(folder.Path("bad.jsonl.gz"), text);
    return Message([&] { ReadPiece(folder.Path("bad.jsonl.gz")); }).substr(folder.path().size());
  };
  EXPECT_EQ(reading("{\"provenance\": {}}\n[1]\n"), "/bad.jsonl.gz:2: not a JSON object");
  EXPECT_EQ(reading("{\"ratios\": {\"key\": \"k\", \"rows\": [[1, 2]]}}\n"),
            "/bad.jsonl.gz:1: a table that is not of its form");
  EXPECT_EQ(reading("{\"key\": \"k\"}\n"), "/bad.jsonl.gz:1: key 'experiment' is missing");
  EXPECT_NE(Message([&] { ArchiveRuns(folder.Path("none"), folder.Path("x.jsonl.gz")); }),
            "no error");
  EXPECT_FALSE(std::filesystem::exists(folder.Path("x.jsonl.gz")));
}

}  // namespace
}  // namespace grove
