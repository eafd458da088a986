#include "experiments/runs/store.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "experiments/runs/sealed_line.h"
#include "tests/experiments/made_up_runs.h"
#include "tests/experiments/temporary_folder.h"

namespace grove {
namespace {

namespace fs = std::filesystem;

std::string Line(const std::string& key, const std::string& status = "done",
                 const std::string& weights = "0123456789abcdef") {
  RunRecord record = testing::MadeUpRun("exp1", 2, "rlstm", 1, 0.5);
  record.key = key;
  record.status = status;
  record.weights_xxh3 = weights;
  return ToJson(record).dump() + "\n";
}

const char kProvenance[] = "{\"provenance\": {\"version\": \"1\"}}\n";
const char kRatios[] = "{\"ratios\": {\"key\": \"a\", \"rows\": [[1, 2, 3, 1, 1, 1, 1, 1, 1]]}}\n";

TEST(Store, ReadsARunFolderAJournalAndAFolderOfJournals) {
  const TemporaryFolder folder;
  fs::create_directories(folder.Path("out"));
  folder.Write("out/journal.jsonl", kProvenance + Line("b") + kRatios + Line("a"));
  folder.Write("x.jsonl", kProvenance + Line("c"));
  folder.Write("y.jsonl", Line("d"));
  ASSERT_EQ(std::system(("gzip -9n " + folder.Path("y.jsonl")).c_str()), 0);
  folder.Write("notes.txt", "mine");

  const Store out = ReadStore(folder.Path("out/"));
  ASSERT_EQ(out.journals().size(), 1u);
  EXPECT_EQ(out.journals()[0].name, "out");
  EXPECT_EQ(out.journals()[0].provenance.at(0)["version"], "1");
  ASSERT_EQ(out.Records().size(), 2u);
  EXPECT_EQ(out.Records()[0]->key, "b");
  EXPECT_EQ(out.Find("a")->test_accuracy, 0.5);
  EXPECT_EQ(out.Find("c"), nullptr);
  EXPECT_EQ(out.FindRatios("a")->at(0).depth, 2);
  EXPECT_EQ(out.FindRatios("b"), nullptr);
  EXPECT_EQ(out.FindObservations("a"), nullptr);

  const Store all = ReadStore(folder.path());
  ASSERT_EQ(all.journals().size(), 2u);
  EXPECT_EQ(all.journals()[0].name, "x");
  EXPECT_EQ(all.journals()[1].name, "y");
  EXPECT_EQ(all.Records().size(), 2u);
  EXPECT_EQ(ReadStore(folder.Path("y.jsonl.gz")).Find("d")->key, "d");
  EXPECT_EQ(ReadStore(folder.Path("out/journal.jsonl")).Records().size(), 2u);
}

TEST(Store, KnowsWhatMadeARun) {
  const TemporaryFolder folder;
  const std::string later = "{\"provenance\": {\"version\": \"2\"}}\n";
  folder.Write("a.jsonl",
               Line("none") + kProvenance + Line("b", "failed") + Line("c") + later + Line("b"));
  folder.Write("b.jsonl", later + Line("c"));
  const Store store = ReadStore(folder.path());
  EXPECT_EQ(store.FindProvenance("b")->at("version"), "2") << "its last record";
  EXPECT_EQ(store.FindProvenance("c")->at("version"), "1") << "of the journal that counts";
  EXPECT_EQ(store.FindProvenance("none"), nullptr);
  EXPECT_EQ(store.FindProvenance("unknown"), nullptr);
}

TEST(Store, LastRecordOfAKeyWinsInAJournal) {
  const TemporaryFolder folder;
  const std::string path =
      folder.Write("a.jsonl", Line("b", "failed") + Line("a") + Line("b", "done", "f"));
  const Store store = ReadStore(path);
  ASSERT_EQ(store.Records().size(), 2u);
  EXPECT_EQ(store.Records()[0]->key, "b");
  EXPECT_EQ(store.Records()[0]->weights_xxh3, "f");
}

TEST(Store, JournalsMustAgree) {
  const TemporaryFolder folder;
  folder.Write("1.jsonl", Line("a", "failed", ""));
  folder.Write("2.jsonl", Line("a"));
  folder.Write("3.jsonl", Line("a"));
  EXPECT_EQ(ReadStore(folder.path()).Find("a")->status, "done");
  folder.Write("4.jsonl", Line("a", "done", "f"));
  EXPECT_EQ(ErrorMessage([&] { ReadStore(folder.path()); }),
            "journal 4: run a has another result than in journal 2");
}

TEST(Store, ATornLastLineIsLeftOutAtEveryPlace) {
  const TemporaryFolder folder;
  const std::string first = Line("a"), second = Line("b");
  for (size_t cut = 0; cut < second.size(); cut += 7) {
    folder.Write("journal.jsonl", first + second.substr(0, cut));
    ASSERT_EQ(ReadStore(folder.path()).Records().size(), 1u) << cut;
  }
  folder.Write("journal.jsonl", first + second);
  EXPECT_EQ(ReadStore(folder.path()).Records().size(), 2u);
}

TEST(Store, SaysWhatIsWrong) {
  const TemporaryFolder folder;
  const auto reading = [&](const std::string& text) {
    const std::string path = folder.Write("bad.jsonl", text);
    return ErrorMessage([&] { ReadStore(path); }).substr(folder.path().size());
  };
  const std::string to_do = "; `grove run` sets such a line aside and computes it again";
  EXPECT_EQ(reading("{\"provenance\": {}}\n[1]\n"),
            "/bad.jsonl:2: damaged: it has no checksum" + to_do);
  EXPECT_EQ(reading("{\"ratios\": {\"key\": \"k\", \"rows\": [[1, 2]]}}\n"),
            "/bad.jsonl:1: a table that is not of its form");
  EXPECT_EQ(reading("{\"key\": \"a\"}\n"),
            "/bad.jsonl:1: a run without its settings: it was made by an earlier version of the "
            "program; use another --out and run again");
  EXPECT_EQ(reading("{\"key\": 1} {}\n"), "/bad.jsonl:1: damaged: not JSON at its byte 12" + to_do);
  EXPECT_EQ(ErrorMessage([&] { ReadStore(folder.Path("none")); }),
            folder.Path("none") +
                ": no such file or folder; `grove run SPEC --out DIR` makes a folder of runs");
  fs::create_directories(folder.Path("empty"));
  EXPECT_EQ(
      ErrorMessage([&] { ReadStore(folder.Path("empty")); }),
      folder.Path("empty") +
          ": no runs: neither journal.jsonl nor any NAME.jsonl or NAME.jsonl.gz; `grove run SPEC "
          "--out DIR` makes a folder of runs");
  EXPECT_EQ(ErrorMessage([&] { ReadStore(folder.Write("notes.txt", "mine")); }),
            folder.Path("notes.txt") + ": a journal is called NAME.jsonl or NAME.jsonl.gz");
}

// The kinds of lines that the program writes, each with its checksum.
std::string SealedJournal() {
  std::string text;
  for (const std::string& line : {std::string(kProvenance), Line("a"), std::string(kRatios)}) {
    text += Seal(line.substr(0, line.size() - 1)) + "\n";
  }
  return text;
}

TEST(Store, AnyFlippedBitIsNamedAndNotUsed) {
  const TemporaryFolder folder;
  const std::string good = SealedJournal();
  const std::string path = folder.Write("j.jsonl", good);
  const Store whole = ReadStore(path);
  ASSERT_EQ(whole.Records().size(), 1u);
  ASSERT_EQ(whole.journals()[0].ratios.size(), 1u);
  for (size_t bit = 0; bit < 8 * good.size(); bit += 37) {
    std::string bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
    folder.Write("j.jsonl", bad);
    size_t named = 0;
    const Store store = ReadStore(path, [&](const DamagedLine& line) {
      ++named;
      EXPECT_TRUE(line.message.starts_with(path + ":" + std::to_string(line.number) + ": "));
    });
    const Journal& journal = store.journals()[0];
    EXPECT_GE(named, 1u) << bit;
    // Each line is there whole, or not at all.
    EXPECT_LE(journal.provenance.size() + journal.records.size() + journal.ratios.size(), 2u)
        << bit;
    for (const RunRecord& record : journal.records)
      EXPECT_EQ(ToJson(record), ToJson(*whole.Find("a")));
  }
}

TEST(Store, ATornLastLineIsTold) {
  const TemporaryFolder folder;
  const std::string good = SealedJournal();
  const std::string path = folder.Write("j.jsonl", good.substr(0, good.size() - 1));
  std::vector<std::string> told;
  ReadStore(path, [&](const DamagedLine& line) {
    EXPECT_TRUE(line.torn);
    told.push_back(line.message);
  });
  EXPECT_EQ(told, std::vector<std::string>{path + ":3: the last line was torn and is left out"});
  EXPECT_EQ(ReadStore(path).Records().size(), 1u) << "no error: who writes it may not be done";
}

TEST(ReadRunFolder, ReadsTheJournalsOfShards) {
  const TemporaryFolder folder;
  folder.Write("journal.jsonl", Line("a"));
  folder.Write("journal.0-of-2.jsonl", Line("b"));
  folder.Write("journal.1-of-2.jsonl", Line("c"));
  const Store store = ReadStore(folder.path());
  EXPECT_EQ(store.Records().size(), 3u);
  ASSERT_EQ(store.journals().size(), 3u);
  const std::string name = fs::path(folder.path()).filename().string();
  EXPECT_EQ(store.journals()[0].name, name + ".0-of-2");
  EXPECT_EQ(store.journals()[2].name, name);
}

TEST(ReadRunFolder, IsEmptyBeforeTheFirstRun) {
  const TemporaryFolder folder;
  EXPECT_TRUE(ReadRunFolder(folder.Path("none")).Records().empty());
  EXPECT_TRUE(ReadRunFolder(folder.path()).Records().empty());
  EXPECT_EQ(ReadRunFolder(folder.path()).Find("a"), nullptr);
}

TEST(MeasuredRuns, AreThoseThatEnded) {
  const TemporaryFolder folder;
  folder.Write("journal.jsonl", Line("a", "failed") + Line("b", "diverged") + Line("c"));
  const std::vector<MeasuredRun> measured = MeasuredRuns(ReadStore(folder.path()));
  ASSERT_EQ(measured.size(), 1u);
  EXPECT_EQ(measured[0].run.model, "rlstm");
  EXPECT_EQ(measured[0].data.max_length, 20);
  EXPECT_EQ(measured[0].epochs, 8);
  EXPECT_EQ(measured[0].seconds, 30);
}

}  // namespace
}  // namespace grove
