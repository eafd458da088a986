// grove plan as a user runs it.
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

#include "experiments/runs/record.h"
#include "sched/progress.h"
#include "tests/experiments/program.h"

namespace grove::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

// 2 datasets x 2 models x 2 seeds of a fraction of a second.
constexpr char kTiny[] = R"(name = "tiny"
[dataset]
train = 40
dev = 10
test = 10
[run]
dim = 8
epochs = 1
[axes]
dataset = [
  {id = 1, min_length = 1, max_length = 5},
  {id = 2, min_length = 6, max_length = 10},
]
model = ["rnn", "rlstm"]
seed = "1-2"
)";

class PlanProgramTest : public ProgramTest {
 protected:
  Json PlanJson(const std::vector<std::string>& arguments) {
    const ProgramResult result = RunProgram(With({"plan", spec_, "--json"}, arguments));
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(result.err, "");
    return Json::parse(result.out);
  }
  // Runs some of the experiment into a folder; returns it.
  std::string Done(const std::string& name, const std::string& only) {
    const std::string out = folder_.Path(name);
    EXPECT_EQ(RunProgram({"run", spec_, "--out", out, "--only", only, "--quiet"}).exit_code, 0);
    return out;
  }

  const std::string spec_ = Spec("tiny", kTiny);
};

TEST_F(PlanProgramTest, ARowForEachNumberOfCores) {
  const ProgramResult text = RunProgram({"plan", "--cores", "1,2,16", spec_});
  EXPECT_EQ(text.exit_code, 0) << text.err;
  const std::vector<std::string> lines = Lines(text.out);
  ASSERT_EQ(lines.size(), 7u) << text.out;
  EXPECT_EQ(lines[0], "8 runs, 0 done, 8 to do");
  EXPECT_EQ(lines[2].rfind("    1 ", 0), 0u) << text.out;
  EXPECT_NE(lines[2].find("100 %       1.0"), std::string::npos) << text.out;
  EXPECT_EQ(lines[4].rfind("   16 ", 0), 0u) << text.out;
  EXPECT_EQ(lines[5].rfind("longest run: tiny d2 rlstm s1", 0), 0u) << text.out;
  EXPECT_EQ(lines[6], "times from: the cost model alone (8 runs)");

  const Json json = PlanJson({"--cores", "1,2,16"});
  ASSERT_EQ(json["cores"].size(), 3u);
  for (const Json& row : json["cores"]) {
    EXPECT_GT(row["seconds"], 0);
    EXPECT_LT(row["interval"][0], row["seconds"]);
    EXPECT_GT(row["interval"][1], row["seconds"]);
    EXPECT_EQ(row["busy_seconds"].size(), row["cores"].get<size_t>());
    EXPECT_GT(row["bytes"], 0);
  }
  EXPECT_GT(json["cores"][0]["seconds"], json["cores"][1]["seconds"]);
  EXPECT_LE(json["useful_cores"], 8);
}

TEST_F(PlanProgramTest, OnlyAndSeedsChooseAndNothingIsWritten) {
  const std::string out = folder_.Path("out");
  const Json json = PlanJson({"--only", "model=rnn,dataset=2", "--seeds", "1-3", "--out", out});
  EXPECT_EQ(json["runs"], 3);
  EXPECT_EQ(json["cores"].size(), 1u);
  EXPECT_EQ(json["planned"][2]["label"], "tiny d2 rnn s3");
  EXPECT_FALSE(fs::exists(out));
}

TEST_F(PlanProgramTest, WhatIsDoneIsLearntFrom) {
  const std::string out = Done("out", "dataset=1,seed=1");
  const Json json = PlanJson({"--out", out});
  EXPECT_EQ(json["done"], 2);
  EXPECT_EQ(json["to_do"], 6);
  std::map<std::string, std::string> from;
  for (const Json& run : json["planned"]) from[run["label"]] = run["from"];
  EXPECT_EQ(from.size(), 6u);
  EXPECT_EQ(from["tiny d1 rnn s2"], "1 finished run of the same dataset and model");
  EXPECT_EQ(from["tiny d2 rlstm s1"], "1 finished run of the same model");

  // Another folder's runs inform the plan, but are not done in this one.
  const Json other = PlanJson({"--from", out, "--out", folder_.Path("other")});
  EXPECT_EQ(other["to_do"], 8);
  EXPECT_EQ(other["planned"][0]["from"], "1 finished run of the same dataset and model");

  const ProgramResult dry = RunProgram({"run", spec_, "--out", out, "--dry-run"});
  EXPECT_NE(dry.out.find("8 runs, 6 to do, about "), std::string::npos) << dry.out;
}

// Three equal runs on two threads take as long as two of them, not one and a half.
TEST_F(PlanProgramTest, ADryRunPlaysTheSameSchedule) {
  const std::string spec = Spec("three", "name = 'three'\n[axes]\nseed = '1-3'\n");
  const Json plan = Json::parse(RunProgram({"plan", spec, "--cores", "2", "--json"}).out);
  const double seconds = plan["cores"][0]["seconds"];
  EXPECT_GT(seconds, 1.6 * plan["planned"][0]["seconds"].get<double>());
  const ProgramResult dry =
      RunProgram({"run", spec, "--out", folder_.Path("out"), "--threads", "2", "--dry-run"});
  EXPECT_NE(dry.out.find("about " + sched::FormatDuration(seconds) + " on 2 threads"),
            std::string::npos)
      << dry.out;
}

TEST_F(PlanProgramTest, MeasuredTimesAreReplayed) {
  const std::string out = Done("out", "dataset=1");
  std::map<std::string, double> seconds;
  double total = 0;
  for (const RunRecord& record : ReadJournal(out).records) {
    seconds[record.key] = record.seconds;
    total += record.seconds;
  }
  ASSERT_EQ(seconds.size(), 4u);
  const Json json = PlanJson({"--out", out, "--measured", "--cores", "1,4"});
  ASSERT_EQ(json["planned"].size(), 4u);
  for (const Json& run : json["planned"]) {
    EXPECT_EQ(run["seconds"], seconds[run["key"]]);
    EXPECT_EQ(run["from"], "its measured time");
  }
  const Json& one = json["cores"][0];
  EXPECT_GE(one["core_seconds"], total);  // and the dataset
  EXPECT_DOUBLE_EQ(one["seconds"], one["core_seconds"]);
  EXPECT_DOUBLE_EQ(one["interval"][1], one["seconds"]);
  EXPECT_DOUBLE_EQ(json["cores"][1]["seconds"], json["longest"]["seconds"]);

  const ProgramResult all = RunProgram({"plan", spec_, "--only", "dataset=1", "--out", out});
  EXPECT_EQ(all.exit_code, 0);
  EXPECT_NE(all.out.find("4 runs, 4 done, 0 to do\n--measured"), std::string::npos) << all.out;
}

TEST_F(PlanProgramTest, BadInputIsOneError) {
  const std::string out = folder_.Path("out");
  ExpectOneError({"plan"}, {"SPEC"});
  ExpectOneError({"plan", folder_.Path("none.toml")}, {"none.toml"});
  ExpectOneError({"plan", spec_, "--cores", "0"}, {"--cores", "1024"});
  ExpectOneError({"plan", spec_, "--cores", "2,x"}, {"--cores", "x"});
  ExpectOneError({"plan", spec_, "--core", "2"}, {"did you mean '--cores'?"});
  ExpectOneError({"plan", spec_, "--only", "seed=9"}, {"there are 1, 2"});
  ExpectOneError({"plan", spec_, "--measured"}, {"--measured", "--out"});
  ExpectOneError({"plan", spec_, "--measured", "--out", out}, {"--measured: none", out});
  ExpectOneError({"plan", spec_, "--from", out}, {"--from " + out, "no manifest.json"});
  fs::create_directory(out);
  WriteText(out + "/notes.txt", "mine");
  ExpectOneError({"plan", spec_, "--out", out}, {out, "holds no runs"});
}

}  // namespace
}  // namespace grove::test
