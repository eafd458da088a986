// grove run --dry-run as a user runs it.
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

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

class DryRunProgramTest : public ProgramTest {
 protected:
  Json DryRunJson(const std::vector<std::string>& arguments) {
    const ProgramResult result = RunProgram(With({"run", "--dry-run", spec_, "--json"}, arguments));
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(result.err, "");
    return Json::parse(result.out);
  }
  // Those of its runs that the forecast is about.
  static std::vector<Json> Counted(const Json& json) {
    std::vector<Json> runs;
    for (const Json& run : json["planned"]) {
      if (run.contains("seconds")) runs.push_back(run);
    }
    return runs;
  }
  // Runs some of the experiment into a folder; returns it.
  std::string Done(const std::string& name, const std::string& only) {
    const std::string out = folder_.Path(name);
    EXPECT_EQ(RunProgram({"run", spec_, "--out", out, "--only", only, "--quiet"}).exit_code, 0);
    return out;
  }

  const std::string spec_ = Spec("tiny", kTiny);
};

TEST_F(DryRunProgramTest, ARowForEachNumberOfCores) {
  const ProgramResult text =
      RunProgram({"run", "--dry-run", "--quiet", "--cores", "1,2,16", spec_});
  EXPECT_EQ(text.exit_code, 0) << text.err;
  const std::vector<std::string> lines = Lines(text.out);
  ASSERT_EQ(lines.size(), 7u) << text.out;
  EXPECT_EQ(lines[0], "8 runs, 0 done, 8 to do");
  EXPECT_EQ(lines[2].rfind("    1 ", 0), 0u) << text.out;
  EXPECT_NE(lines[2].find("0.0 %   0.00 %       1.0"), std::string::npos) << text.out;
  EXPECT_EQ(lines[4].rfind("   16 ", 0), 0u) << text.out;
  EXPECT_EQ(lines[5].rfind("longest run: tiny d2 rlstm s1", 0), 0u) << text.out;
  EXPECT_EQ(lines[6], "times from: the cost model alone (8 runs)");
  // Without --quiet the runs come first.
  const ProgramResult listed = RunProgram({"run", "--dry-run", "--cores", "1,2,16", spec_});
  EXPECT_EQ(Lines(listed.out).size(), 15u);
  EXPECT_NE(Lines(listed.out)[7].find("  tiny d2 rlstm s2  pending, about "), std::string::npos);
  EXPECT_TRUE(listed.out.ends_with(text.out));

  const Json json = DryRunJson({"--cores", "1,2,16"});
  ASSERT_EQ(json["cores"].size(), 3u);
  for (const Json& row : json["cores"]) {
    EXPECT_GT(row["seconds"], 0);
    EXPECT_LT(row["interval"][0], row["seconds"]);
    EXPECT_GT(row["interval"][1], row["seconds"]);
    EXPECT_EQ(row["busy_seconds"].size(), row["cores"].get<size_t>());
    EXPECT_GT(row["bytes"], 0);
    EXPECT_GT(row["bound_seconds"], 0);
    EXPECT_LE(row["bound_seconds"], row["seconds"]);
  }
  EXPECT_GT(json["cores"][0]["seconds"], json["cores"][1]["seconds"]);
  EXPECT_LE(json["useful_cores"], 8);
}

TEST_F(DryRunProgramTest, OnlyAndSeedsChooseAndNothingIsWritten) {
  const std::string out = folder_.Path("out");
  const Json json = DryRunJson({"--only", "model=rnn,dataset=2", "--seeds", "1-3", "--out", out});
  EXPECT_EQ(json["runs"], 3);
  EXPECT_EQ(json["cores"].size(), 1u);
  EXPECT_EQ(json["planned"][2]["label"], "tiny d2 rnn s3");
  EXPECT_FALSE(fs::exists(out));
}

TEST_F(DryRunProgramTest, WhatIsDoneIsLearntFrom) {
  const std::string out = Done("out", "dataset=1,seed=1");
  const Json json = DryRunJson({"--out", out});
  EXPECT_EQ(json["done"], 2);
  EXPECT_EQ(json["to_do"], 6);
  std::map<std::string, std::string> from;
  for (const Json& run : Counted(json)) from[run["label"]] = run["from"];
  EXPECT_EQ(from.size(), 6u);
  EXPECT_EQ(from["tiny d1 rnn s2"], "1 finished run of the same dataset and model");
  EXPECT_EQ(from["tiny d2 rlstm s1"], "1 finished run of the same model");

  // Another folder's runs inform the plan, but are not done in this one.
  const Json other = DryRunJson({"--from", out, "--out", folder_.Path("other")});
  EXPECT_EQ(other["to_do"], 8);
  EXPECT_EQ(other["planned"][0]["from"], "1 finished run of the same dataset and model");

  const ProgramResult text = RunProgram({"run", spec_, "--out", out, "--dry-run"});
  EXPECT_NE(text.out.find("8 runs, 2 done, 6 to do\n"), std::string::npos) << text.out;
  EXPECT_NE(text.out.find("  tiny d1 rnn s1  done\n"), std::string::npos) << text.out;
}

// Hours of runs on three machines that fail every six minutes in the mean.
TEST_F(DryRunProgramTest, MachinesShareTheRunsAndFail) {
  const std::string spec = Spec("long", R"(name = 'long'
[run]
dim = 200
[axes]
seed = '1-60'
)");
  const std::vector<std::string> dry = {"run", "--dry-run", "-q", spec, "--cores", "1,4"};
  const ProgramResult text = RunProgram(With(dry, {"--nodes", "3", "--mtbf", "0.1"}));
  EXPECT_EQ(text.exit_code, 0) << text.err;
  const std::vector<std::string> lines = Lines(text.out);
  ASSERT_EQ(lines.size(), 8u) << text.out;
  EXPECT_EQ(lines[1], "3 nodes share the runs; cores and memory are those of a node");
  EXPECT_EQ(lines[2],
            "a node fails every 0.1 h in the mean, is back after 60 s, makes its datasets again, "
            "and goes on from states of every 10 s");

  const Json calm = Json::parse(RunProgram(With(dry, {"--nodes", "3", "--json"})).out);
  const Json json =
      Json::parse(RunProgram(With(dry, {"--nodes", "3", "--mtbf", "0.1", "--json"})).out);
  EXPECT_FALSE(json.contains("planned"));  // --quiet
  EXPECT_FALSE(calm.contains("failures"));
  EXPECT_EQ(json["failures"]["mtbf_seconds"], 360);
  EXPECT_EQ(json["failures"]["restart_seconds"], 60);
  EXPECT_EQ(json["failures"]["state_every_seconds"], 10);
  ASSERT_EQ(json["cores"].size(), 2u);
  for (size_t row = 0; row < 2; ++row) {
    const Json &with = json["cores"][row], &without = calm["cores"][row];
    EXPECT_EQ(with["nodes"], 3);
    EXPECT_EQ(with["busy_seconds"].size(), 3 * with["cores"].get<size_t>());
    EXPECT_GT(with["failures"], 0);
    // 60 s and half of the 10 s in every 360 s that a node is up.
    EXPECT_NEAR(with["lost"].get<double>(), 65.0 / 425, 0.05);
    EXPECT_GT(with["seconds"], without["seconds"]);
    EXPECT_EQ(with["core_seconds"], without["core_seconds"]);
    EXPECT_EQ(without["lost"], 0);
    EXPECT_EQ(without["failures"], 0);
  }
}

// Three equal runs on two threads take as long as two of them, not one and a half.
TEST_F(DryRunProgramTest, PlaysTheScheduleOfTheRuns) {
  const std::string spec = Spec("three", "name = 'three'\n[axes]\nseed = '1-3'\n");
  const Json plan =
      Json::parse(RunProgram({"run", "--dry-run", spec, "--threads", "2", "--json"}).out);
  ASSERT_EQ(plan["cores"].size(), 1u);  // as many as threads
  EXPECT_EQ(plan["cores"][0]["cores"], 2);
  const double seconds = plan["cores"][0]["seconds"];
  EXPECT_GT(seconds, 1.6 * plan["planned"][0]["seconds"].get<double>());
  const ProgramResult dry = RunProgram({"run", spec, "--threads", "2", "--dry-run"});
  EXPECT_NE(dry.out.find("\n    2  "), std::string::npos) << dry.out;
  EXPECT_NE(dry.out.find(sched::FormatDuration(seconds)), std::string::npos) << dry.out;
}

TEST_F(DryRunProgramTest, MeasuredTimesAreReplayed) {
  const std::string out = Done("out", "dataset=1");
  std::map<std::string, double> seconds;
  double total = 0;
  for (const RunRecord& record : test::ReadRecords(out)) {
    seconds[record.key] = record.seconds;
    total += record.seconds;
  }
  ASSERT_EQ(seconds.size(), 4u);
  const Json json = DryRunJson({"--out", out, "--measured", "--cores", "1,4"});
  const std::vector<Json> counted = Counted(json);
  ASSERT_EQ(counted.size(), 4u);
  for (const Json& run : counted) {
    EXPECT_EQ(run["seconds"], seconds[run["key"]]);
    EXPECT_EQ(run["from"], "its measured time");
  }
  const Json& one = json["cores"][0];
  EXPECT_GE(one["core_seconds"], total);  // and the dataset
  EXPECT_DOUBLE_EQ(one["seconds"], one["core_seconds"]);
  EXPECT_DOUBLE_EQ(one["interval"][1], one["seconds"]);
  EXPECT_DOUBLE_EQ(one["seconds"], one["bound_seconds"]);
  EXPECT_NEAR(one["last"]["begin"].get<double>() + seconds[one["last"]["key"]], one["seconds"],
              1e-9);
  const Json& four = json["cores"][1];
  EXPECT_DOUBLE_EQ(four["seconds"], json["longest"]["seconds"]);
  EXPECT_DOUBLE_EQ(four["bound_seconds"], json["longest"]["seconds"]);
  EXPECT_EQ(four["last"]["key"], json["longest"]["key"]);

  const ProgramResult text =
      RunProgram({"run", "--dry-run", "-q", spec_, "--out", out, "--measured", "--cores", "1,4"});
  EXPECT_NE(text.out.find("\nthe last to end: on 1 core tiny d1 r"), std::string::npos) << text.out;
  EXPECT_NE(text.out.find(", from 0s on; on 4 cores tiny d1 r"), std::string::npos) << text.out;

  const ProgramResult all =
      RunProgram({"run", "--dry-run", spec_, "--only", "dataset=1", "--out", out});
  EXPECT_EQ(all.exit_code, 0);
  EXPECT_NE(all.out.find("4 runs, 4 done, 0 to do\n--measured"), std::string::npos) << all.out;
}

TEST_F(DryRunProgramTest, BadInputIsOneError) {
  const std::string out = folder_.Path("out");
  const std::vector<std::string> dry = {"run", spec_, "--dry-run"};
  ExpectOneError({"run", "--dry-run"}, {"SPEC"});
  ExpectOneError({"run", "--dry-run", folder_.Path("none.toml")}, {"none.toml"});
  ExpectOneError(With(dry, {"--cores", "0"}), {"--cores", "10000"});
  ExpectOneError(With(dry, {"--cores", "2,x"}), {"--cores", "x"});
  ExpectOneError(With(dry, {"--nodes", "0"}), {"--nodes", "10000"});
  ExpectOneError(With(dry, {"--mtbf", "0"}), {"--mtbf", "0.01"});
  ExpectOneError(With(dry, {"--core", "2"}), {"did you mean '--cores'?"});
  ExpectOneError(With(dry, {"--only", "seed=9"}), {"there are 1, 2"});
  ExpectOneError(With(dry, {"--measured"}), {"--measured", "--out"});
  ExpectOneError(With(dry, {"--measured", "--out", out}), {"--measured: none", out});
  ExpectOneError(With(dry, {"--from", out}), {"`grove run SPEC --out DIR`", out});
  ExpectOneError({"run", spec_, "--out", out, "--cores", "2"}, {"--cores: only with --dry-run"});
  ExpectOneError({"run", spec_, "--out", out, "--nodes", "2"}, {"--nodes: only with --dry-run"});
  ExpectOneError({"run", spec_, "--out", out, "--mtbf", "2"}, {"--mtbf: only with --dry-run"});
  ExpectOneError({"run", spec_, "--out", out, "--from", out}, {"--from: only with --dry-run"});
  ExpectOneError({"run", spec_, "--out", out, "--measured"}, {"--measured: only with --dry-run"});
  ExpectOneError({"run", spec_}, {"--out is required"});
  ExpectOneError({"plan", spec_}, {"unknown command 'plan'"});
  fs::create_directory(out);
  WriteText(out + "/notes.txt", "mine");
  ExpectOneError(With(dry, {"--out", out}), {out, "no runs (no journal.jsonl)"});
}

}  // namespace
}  // namespace grove::test
