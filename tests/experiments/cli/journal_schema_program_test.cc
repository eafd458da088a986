// The JSON Schema of journals, which `grove info --schema` prints, and every line that there is.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "engine/files/line_source.h"
#include "experiments/runs/journal_lines.h"
#include "experiments/runs/sealed_line.h"
#include "tests/experiments/json_schema.h"
#include "tests/experiments/program.h"

namespace grove::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

// With the probe and what nodes do; half of the runs diverge.
constexpr char kGenerated[] = R"(name = "made"
[dataset]
min_length = 1
max_length = 8
train = 300
dev = 60
test = 50
[run]
activation = "relu"
dim = 10
epochs = 10
init_word_range = 1000
probe = true
observe = true
[axes]
learning_rate = [0.01, 1000]
)";

constexpr char kFiles[] = R"(name = "read"
[data]
train = "t.ptb"
dev = "t.ptb"
vectors = "v.txt"
lower_case = true
[run]
dim = 300
word_dim = 2
epochs = 1
select_by = "macro_f1"
)";

std::string KindOf(const Json& line) {
  if (line.contains("key")) return line.at("status");
  return line.contains("ratios") ? "ratios" : line.contains("provenance") ? "provenance" : "nodes";
}

class JournalSchemaProgramTest : public ProgramTest {
 protected:
  // Counts the lines of the journal by kind. Every one must be valid, and the first of each kind
  // must not be with a fault in it.
  void Check(const std::string& path, std::map<std::string, int>& kinds, size_t lines = 1000000) {
    LineSource source(path);
    for (std::string_view text; source.number() < lines && source.Next(text);) {
      const Json line = Json::parse(text);
      EXPECT_EQ(schema_.Fault(line), "") << source.place();
      const std::string kind = KindOf(line);
      if (++kinds[kind] == 1) CheckRefusals(kind, line);
    }
  }

  void CheckRefusals(const std::string& kind, const Json& line) {
    Json broken = line;
    if (kind == "provenance") {
      broken["provenance"]["cores"] = 0;
    } else if (kind == "ratios") {
      broken["ratios"]["rows"][0].erase(8);
    } else if (kind == "nodes") {
      broken["observations"]["nodes"][0][1] = "twig";
    } else {
      broken["test_accuracy"] = 1.5;
      EXPECT_NE(schema_.Fault(broken), "") << kind;
      broken = line;
      broken["data"].erase("train");
      EXPECT_NE(schema_.Fault(broken), "") << kind;
      broken = line;
      broken.erase("history");
    }
    EXPECT_NE(schema_.Fault(broken), "") << kind;
  }

  const Json text_ = Json::parse(RunProgram({"info", "--schema"}).out);
  const JsonSchema schema_{text_};
};

TEST_F(JournalSchemaProgramTest, HoldsForEveryKindOfLineThatIsWritten) {
  std::map<std::string, int> kinds;
  const std::string made = folder_.Path("made");
  EXPECT_EQ(RunProgram({"run", Spec("made", kGenerated), "--out", made, "--quiet"}).exit_code, 0);
  Check(made + "/journal.jsonl", kinds);
  WriteText(folder_.Path("t.ptb"), "(a (a x) (b y))\n(b y)\n");
  WriteText(folder_.Path("v.txt"), "x 0.5 1\n");
  const std::string read = folder_.Path("read"), spec = Spec("read", kFiles);
  // It needs more memory than it may have, and then it may.
  EXPECT_EQ(RunProgram({"run", spec, "--out", read, "--max-run-memory", "1"}).exit_code, 1);
  EXPECT_EQ(RunProgram({"run", spec, "--out", read, "--quiet"}).exit_code, 0);
  Check(read + "/journal.jsonl", kinds);
  EXPECT_EQ(kinds, (std::map<std::string, int>{{"provenance", 3},
                                               {"done", 2},
                                               {"diverged", 1},
                                               {"failed", 1},
                                               {"ratios", 1},
                                               {"nodes", 1}}));
  const Json first = Json::parse(Lines(ReadText(read + "/journal.jsonl")).at(0));
  EXPECT_EQ(first.at("journal_version"), kJournalVersion);
  EXPECT_EQ(
      text_.at("$defs").at("provenance_line").at("properties").at("journal_version").at("const"),
      kJournalVersion);
}

TEST_F(JournalSchemaProgramTest, HoldsForTheKeptJournals) {
  std::map<std::string, int> kinds;
  int journals = 0;
  const std::string results = std::string(GROVE_SOURCE_DIR) + "/experiments/results";
  for (const auto& entry : fs::recursive_directory_iterator(results)) {
    if (entry.path().extension() != ".gz") continue;
    ++journals;
    Check(entry.path(), kinds, 30);
  }
  EXPECT_EQ(journals, 31);
  for (const char* kind : {"provenance", "done", "ratios", "nodes"}) EXPECT_GT(kinds[kind], 0);
}

TEST_F(JournalSchemaProgramTest, ALaterVersionIsRefused) {
  const std::string out = folder_.Path("out"), journal = out + "/journal.jsonl";
  fs::create_directories(out);
  WriteText(journal, Seal(R"({"journal_version":2,"provenance":{}})") + "\n");
  EXPECT_NE(schema_.Fault(Json::parse(ReadText(journal))), "");
  const std::string what = journal + ":1: the journal has version 2, and this program reads 1";
  ExpectOneError({"run", Spec("made", kGenerated), "--out", out}, {what});
  ExpectOneError({"report", out}, {what});
  ExpectOneError({"status", out}, {what});
  ExpectOneError({"merge", folder_.Path("merged"), out}, {what});
  EXPECT_EQ(Lines(ReadText(journal)).size(), 1u) << "nothing was added";
}

}  // namespace
}  // namespace grove::test
