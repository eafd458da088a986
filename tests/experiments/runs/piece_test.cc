// Run folders kept as one compressed file, and read back.
#include "experiments/runs/piece.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "experiments/runs/gzip_file.h"
#include "experiments/runs/observations.h"
#include "tests/experiments/made_up_runs.h"
#include "tests/experiments/temporary_folder.h"

namespace grove {
namespace {

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
  EXPECT_EQ(ErrorMessage([&] { ReadCompressed(torn); }).substr(0, torn.size() + 26),
            torn + ": not a complete gzip file");
  std::string wrong = bytes;
  wrong[wrong.size() - 6] ^= 1;  // of the check sum
  EXPECT_NE(ErrorMessage([&] { ReadCompressed(folder.Write("wrong.gz", wrong)); }), "no error");
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

TEST(Piece, InfiniteRatiosComeBack) {
  const TemporaryFolder folder;
  WriteCompressed(folder.Path("a.jsonl.gz"),
                  R"({"ratios": {"key": "k", "rows": [[1, 2, 3, 1, 0.5, 0.5, 2, null, null]]}})");
  const auto summaries = ReadPiece(folder.Path("a.jsonl.gz")).ratios.at("k");
  ASSERT_EQ(summaries.size(), 1u);
  EXPECT_EQ(summaries[0].median, 2);
  EXPECT_TRUE(std::isinf(summaries[0].q95));
}

TEST(Piece, KeepsWhatWasObserved) {
  const TemporaryFolder folder;
  RunRecord run = testing::MadeUpRun("exp3", 3, "rlstm", 2, 0.9);
  run.observations = "observations/k";
  testing::WriteRunFolder(folder.Path("out"), {run}, 1);
  NodeRatioGroup node;
  node.epoch = 1;
  node.kind = "leaf";
  node.depth = 4;
  node.n = 3;
  node.above_1 = 1;
  node.q05 = node.q25 = node.median = 0.123456789;
  node.q75 = node.q95 = 2;
  node.mean_log10 = std::nan("");
  const GateGroup gate{2, "f", "toward", 5, 7, 0.5, 0.125};
  std::filesystem::create_directories(folder.Path("out/observations"));
  folder.Write("out/observations/k.nodes.csv", NodeRatiosText({node}));
  folder.Write("out/observations/k.gates.csv", GatesText({gate}));
  ArchiveRuns(folder.Path("out"), folder.Path("a.jsonl.gz"));
  const Observations kept = ReadPiece(folder.Path("a.jsonl.gz")).observations.at(run.key);
  ASSERT_EQ(kept.node_ratios.size(), 1u);
  EXPECT_EQ(kept.node_ratios[0].kind, "leaf");
  EXPECT_EQ(kept.node_ratios[0].depth, 4);
  EXPECT_EQ(kept.node_ratios[0].n, 3u);
  EXPECT_EQ(kept.node_ratios[0].median, 0.12346);
  EXPECT_EQ(kept.node_ratios[0].q95, 2);
  EXPECT_TRUE(std::isnan(kept.node_ratios[0].mean_log10));
  EXPECT_EQ(kept.gates, std::vector<GateGroup>{gate});
}

TEST(Piece, SaysWhatIsWrong) {
  const TemporaryFolder folder;
  EXPECT_NE(ErrorMessage([&] { ReadPieces(folder.path()); }).find("no journal *.jsonl.gz"),
            std::string::npos);
  const auto reading = [&](const std::string& text) {
    WriteCompressed(folder.Path("bad.jsonl.gz"), text);
    return ErrorMessage([&] { ReadPiece(folder.Path("bad.jsonl.gz")); })
        .substr(folder.path().size());
  };
  EXPECT_EQ(reading("{\"provenance\": {}}\n[1]\n"), "/bad.jsonl.gz:2: not a JSON object");
  EXPECT_EQ(reading("{\"ratios\": {\"key\": \"k\", \"rows\": [[1, 2]]}}\n"),
            "/bad.jsonl.gz:1: a table that is not of its form");
  EXPECT_EQ(reading("{\"key\": \"k\"}\n"), "/bad.jsonl.gz:1: key 'experiment' is missing");
  EXPECT_NE(ErrorMessage([&] { ArchiveRuns(folder.Path("none"), folder.Path("x.jsonl.gz")); }),
            "no error");
  EXPECT_FALSE(std::filesystem::exists(folder.Path("x.jsonl.gz")));
}

}  // namespace
}  // namespace grove
