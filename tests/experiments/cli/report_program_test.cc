// grove report, as a user runs it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/experiments/program.h"

namespace grove::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr char kSweep[] = R"(name = "mine"
[dataset]
train = 40
dev = 10
test = 10
min_length = 1
max_length = 5
[run]
dim = 4
epochs = 1
[axes]
dataset = [{id = 1}]
model = ["rnn"]
seed = "1-2"
l2 = [0, 1e-4]
)";

class ReportProgramTest : public ProgramTest {
 protected:
  ReportProgramTest() {
    EXPECT_EQ(RunProgram({"run", Spec("mine", kSweep), "--out", out_, "--quiet"}).exit_code, 0);
  }
  const std::string out_ = folder_.Path("out");
};

TEST_F(ReportProgramTest, PrintsATableOfASweepAndThePage) {
  const ProgramResult result = RunProgram({"report", out_});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.err, "");
  const std::vector<std::string> lines = Lines(result.out);
  ASSERT_EQ(lines.size(), 5u) << result.out;
  EXPECT_EQ(lines[0], "test accuracy (%)");
  EXPECT_TRUE(lines[1].starts_with("    l2  model  runs  failed or diverged  lowest")) << lines[1];
  EXPECT_TRUE(lines[3].starts_with("0.0001  rnn       2 ")) << lines[3];
  EXPECT_EQ(lines[4], out_ + "/report/index.html");
}

TEST_F(ReportProgramTest, TellsProgramsTheSame) {
  const Json report = Json::parse(RunProgram({"report", out_, "--json"}).out);
  EXPECT_EQ(report["metric"], "test accuracy");
  ASSERT_EQ(report["sweep"].size(), 2u);
  EXPECT_EQ(report["sweep"][1]["l2"], "0.0001");
  EXPECT_EQ(report["sweep"][1]["n"], 2);
  EXPECT_FALSE(report.contains("claims")) << "these are not the paper's runs";
  EXPECT_EQ(report["warnings"], Json::array());
}

TEST_F(ReportProgramTest, AKeptJournalGivesTheSameReport) {
  RunProgram({"report", out_});
  const std::string kept = folder_.Path("kept.jsonl.gz");
  ASSERT_EQ(std::system(("gzip -9n < '" + out_ + "/journal.jsonl' > '" + kept + "'").c_str()), 0);
  const std::string there = folder_.Path("there");
  EXPECT_EQ(RunProgram({"report", kept, "--out", there}).exit_code, 0);
  for (const std::string name : {"index.html", "runs.csv", "epochs.csv", "sweep.csv"}) {
    EXPECT_EQ(ReadText(there + "/" + name), ReadText(out_ + "/report/" + name)) << name;
  }
}

TEST_F(ReportProgramTest, OfRunsThatWereWatchedIsThatOfAnyRuns) {
  const std::string live = folder_.Path("live");
  const ProgramResult result =
      RunProgram({"run", Spec("mine", kSweep), "--out", live, "--quiet", "--live"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.err, "");
  const std::string page = folder_.Read("live/report/index.html");
  EXPECT_EQ(page.find("<p class=\"live\""), std::string::npos) << "all runs are done";
  EXPECT_TRUE(fs::exists(live + "/report/figures/sweep_mine_l2.png"));
  EXPECT_EQ(folder_.Read("live/report/sweep.csv"), folder_.Read("out/report/sweep.csv"));

  const ProgramResult part = RunProgram(
      {"run", Spec("mine", kSweep), "--out", folder_.Path("part"), "--live", "--shard", "0/2"});
  EXPECT_EQ(part.exit_code, 2);
  EXPECT_EQ(part.err,
            "grove: --live: not with --shard; the parts would write over each other's page\n");
  EXPECT_FALSE(fs::exists(folder_.Path("part")));
}

TEST_F(ReportProgramTest, BadInputIsOneErrorAndWritesNothing) {
  const std::string there = folder_.Path("there");
  ExpectOneError({"report", folder_.Path("none"), "--out", there}, {"none", "grove run"});
  ExpectOneError({"report", out_, "--page", "book", "--out", there}, {"book", "study"});
  ExpectOneError({"report", out_, "--page", "study", "--out", there},
                 {out_, "no run on the data of the paper's experiments"});
  EXPECT_FALSE(fs::exists(there));
}

TEST_F(ReportProgramTest, PutsFoldersSideBySide) {
  std::string narrow = kSweep;
  narrow.replace(narrow.find("dim = 4"), 7, "dim = 3");
  const std::string other = folder_.Path("narrow"), there = folder_.Path("there");
  ASSERT_EQ(RunProgram({"run", Spec("narrow", narrow), "--out", other, "--quiet"}).exit_code, 0);
  const ProgramResult result = RunProgram({"report", out_, other, "--out", there});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.err, "");
  const std::vector<std::string> lines = Lines(result.out);
  ASSERT_EQ(lines.size(), 9u) << result.out;
  EXPECT_EQ(lines[0], "setting  out  narrow");
  EXPECT_EQ(lines[1], "dim      4    3");
  EXPECT_EQ(lines[3], "test accuracy (%)");
  EXPECT_TRUE(lines[4].starts_with("    l2  model  out runs  out ")) << lines[4];
  EXPECT_TRUE(lines[7].starts_with("narrow - out: ")) << lines[7];
  EXPECT_EQ(lines[8], there + "/index.html");
  const Json json = Json::parse(RunProgram({"report", out_, other, "-o", there, "--json"}).out);
  EXPECT_EQ(json["folders"], (std::vector<std::string>{"out", "narrow"}));
  EXPECT_EQ(json["settings_that_differ"],
            Json::parse(R"([{"setting": "dim", "out": "4", "narrow": "3"}])"));
  EXPECT_EQ(json["settings_that_vary"][0]["setting"], "l2");
  ASSERT_EQ(json["comparison"].size(), 5u) << "two cells of two folders, and all in all";
  EXPECT_EQ(json["comparison"][1]["paired"], "yes");
}

TEST_F(ReportProgramTest, WhatCannotBeComparedIsOneError) {
  const std::string there = folder_.Path("there");
  ExpectOneError({"report", out_, out_, "--out", there}, {out_, "given twice"});
  ExpectOneError({"report", out_, folder_.Path("none"), "--out", there}, {"none", "grove run"});
  ExpectOneError({"report", out_, out_, "--page", "cells", "--out", there}, {"--page cells"});
  ExpectOneError({"report", out_, out_, "--tensorboard", there}, {"--tensorboard is of one"});
  EXPECT_FALSE(fs::exists(there));
}

TEST(ReportCommands, ThoseThatServedTheStudyAloneAreGone) {
  ExpectOneError({"study", "x"}, {"unknown command 'study'"});
  ExpectOneError({"archive", "x", "y"}, {"unknown command 'archive'"});
}

}  // namespace
}  // namespace grove::test
