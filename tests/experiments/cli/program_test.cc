// grove run as a user runs it: the real program on small experiments.
#include "tests/experiments/program.h"

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

namespace grove::test {
namespace {

namespace fs = std::filesystem;

// 2 models x 2 seeds of a few seconds at most, with the probe.
constexpr char kTiny[] = R"(name = "tiny"
[dataset]
min_length = 1
max_length = 5
train = 60
dev = 20
test = 20
[run]
dim = 8
epochs = 3
probe = true
[axes]
model = ["rnn", "rlstm"]
seed = "1-2"
)";

std::map<std::string, std::string> Hashes(const std::string& out) {
  std::map<std::string, std::string> hashes;
  for (const RunRecord& record : test::ReadRecords(out)) {
    EXPECT_EQ(record.status, "done") << record.message;
    EXPECT_EQ(record.weights_xxh3.size(), 16u);
    hashes[record.key] = record.weights_xxh3;
  }
  return hashes;
}

using RunProgramTest = ProgramTest;

TEST_F(RunProgramTest, ThreadsDoNotChangeTheNumbers) {
  const std::string spec = Spec("tiny", kTiny);
  for (const char* threads : {"1", "2"}) {
    const ProgramResult result =
        RunProgram({"run", spec, "--out", folder_.Path(threads), "--threads", threads});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_NE(result.out.find("tiny dataset 1 rlstm: 2 of 2 runs done"), std::string::npos)
        << result.out;
    EXPECT_NE(result.out.find("4 done, 0 failed"), std::string::npos) << result.out;
  }
  EXPECT_EQ(Hashes(folder_.Path("1")).size(), 4u);
  EXPECT_EQ(Hashes(folder_.Path("1")), Hashes(folder_.Path("2")));
  const Store one = ReadRunFolder(folder_.Path("1")), two = ReadRunFolder(folder_.Path("2"));
  for (const RunRecord* record : one.Records()) {
    const std::vector<RatioSummary>& ratios = *one.FindRatios(record->key);
    size_t trees = 0;
    for (const RatioSummary& summary : ratios) trees += summary.n;
    EXPECT_EQ(trees, 60u * record->epochs);
    EXPECT_EQ(*two.FindRatios(record->key), ratios);
  }
  const std::string first = Lines(ReadText(folder_.Path("1/journal.jsonl"))).at(0);
  EXPECT_EQ(nlohmann::json::parse(first)["provenance"]["gemm"], "simd");
}

TEST_F(RunProgramTest, WhatIsDoneIsSkipped) {
  const std::string spec = Spec("tiny", kTiny);
  const std::string out = folder_.Path("out");
  EXPECT_EQ(RunProgram({"run", spec, "--out", out, "--only", "model=rnn,seed=2"}).exit_code, 0);
  EXPECT_EQ(Hashes(out).size(), 1u);
  EXPECT_EQ(RunProgram({"run", spec, "--out", out, "--quiet"}).exit_code, 0);
  EXPECT_EQ(Hashes(out).size(), 4u);
  const std::string journal = ReadText(out + "/journal.jsonl");
  const ProgramResult again = RunProgram({"run", spec, "--out", out, "--json"});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(nlohmann::json::parse(again.out)["done"], 4);
  EXPECT_EQ(ReadText(out + "/journal.jsonl"), journal);
  EXPECT_EQ(RunProgram({"run", spec, "--out", out, "--seeds", "1-3"}).exit_code, 0);
  EXPECT_EQ(Hashes(out).size(), 6u);
}

TEST_F(RunProgramTest, DryRunListsAndWritesNothing) {
  const std::string spec = Spec("tiny", kTiny);
  const std::string out = folder_.Path("out");
  const ProgramResult text = RunProgram({"run", spec, "--out", out, "--dry-run", "--threads", "2"});
  EXPECT_EQ(text.exit_code, 0);
  EXPECT_NE(text.out.find("tiny d1 rnn s2  pending"), std::string::npos) << text.out;
  EXPECT_NE(text.out.find("4 runs, 0 done, 4 to do"), std::string::npos) << text.out;
  const auto list = nlohmann::json::parse(
      RunProgram({"run", spec, "--out", out, "--dry-run", "--json"}).out)["planned"];
  ASSERT_EQ(list.size(), 4u);
  EXPECT_EQ(list[3]["model"], "rlstm");
  EXPECT_GT(list[3]["seconds"], 0);
  EXPECT_FALSE(fs::exists(out));
}

TEST_F(RunProgramTest, AStoppedRunGoesOnWithTheSameNumbers) {
  const std::string spec = Spec("long", kLongExperiment);
  const std::string whole = folder_.Path("whole");
  const std::string parts = folder_.Path("parts");
  EXPECT_EQ(RunProgram({"run", spec, "--out", whole, "--threads", "2"}).exit_code, 0);

  const ProgramResult stopped =
      StopInTheMiddle({"run", spec, "--out", parts, "--threads", "1"}, parts, SIGTERM);
  EXPECT_EQ(stopped.exit_code, 128 + SIGTERM) << stopped.err;
  EXPECT_NE(stopped.err.find("the same command goes on from here"), std::string::npos);
  EXPECT_LT(Hashes(parts).size(), 2u);
  EXPECT_FALSE(fs::is_empty(parts + "/state"));

  const ProgramResult resumed = RunProgram({"run", spec, "--out", parts, "--threads", "1"});
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_EQ(Hashes(parts).size(), 2u);
  EXPECT_EQ(Hashes(parts), Hashes(whole));
  EXPECT_TRUE(fs::is_empty(parts + "/state"));
}

TEST_F(RunProgramTest, BadInputIsOneErrorAndWritesNothing) {
  const std::string spec = Spec("tiny", kTiny);
  const std::string out = folder_.Path("out");
  const std::string unknown = Spec("unknown", "name = 'a'\n[run]\nepoch = 3\n");
  ExpectOneError({"run", unknown, "--out", out},
                 {unknown + ":3:", "unknown key 'epoch'", "did you mean 'epochs'?"});
  const std::string range = Spec("range", "name = 'a'\n[dataset]\ntrain = 0\n");
  ExpectOneError({"run", range, "--out", out}, {range + ":3:", "train = 0", "from 1 to"});
  const std::string depth = Spec("depth", "name = 'a'\n[dataset]\nmin_keyword_depth = 30\n");
  ExpectOneError({"run", depth, "--out", out}, {depth, "min_keyword_depth"});
  ExpectOneError({"run", folder_.Path("none.toml"), "--out", out}, {"none.toml"});
  ExpectOneError({"run", spec, spec, "--out", out}, {"tiny"});
  ExpectOneError({"run", spec, "--out", out, "--thread", "2"},
                 {"unknown option '--thread'", "did you mean '--threads'?"});
  ExpectOneError({"run", spec, "--out", out, "--only", "sed=1"}, {"did you mean 'seed'?"});
  ExpectOneError({"run", spec, "--out", out, "--only", "seed=9"}, {"there are 1, 2"});
  ExpectOneError({"run", spec, "--out", out, "--threads", "0"}, {"--threads"});
  ExpectOneError({"run", spec, "--out", out, "--seeds", "x"}, {"--seeds", "'x'"});
  ExpectOneError({"run", spec, "--out", out, "--gemm", "blis"}, {"simd or openblas"});
  ExpectOneError({"run", spec, "--out", out, "--target", "AVX9"}, {"--target AVX9", "only"});
  ExpectOneError({"run", "--out", out}, {"SPEC"});
  ExpectOneError({"run", spec}, {"--out"});
  ExpectOneError({"rnu", spec}, {"unknown command 'rnu'", "did you mean 'run'?"});
  ExpectOneError({}, {"a command is needed", "run"});
  EXPECT_FALSE(fs::exists(out));
}

// The folder takes what grew or changed: each run is trained once, and what was done stays.
TEST_F(RunProgramTest, ASweepMayGrow) {
  const std::string out = folder_.Path("out");
  ASSERT_EQ(RunProgram({"run", Spec("tiny", kTiny), "--out", out}).exit_code, 0);
  const auto before = Hashes(out);
  const std::string journal = ReadText(out + "/journal.jsonl");
  std::string changed = kTiny;
  changed.replace(changed.find("seed = \"1-2\""), 12, "seed = \"1-3\"\nl2 = [0, 0.0003]");
  const ProgramResult grown = RunProgram({"run", Spec("grown", changed), "--out", out});
  ASSERT_EQ(grown.exit_code, 0) << grown.err;
  EXPECT_NE(grown.out.find("12 done"), std::string::npos) << grown.out;
  const auto after = Hashes(out);
  EXPECT_EQ(after.size(), 12u);
  for (const auto& [key, hash] : before) EXPECT_EQ(after.at(key), hash) << key;
  const std::string grown_journal = ReadText(out + "/journal.jsonl");
  EXPECT_EQ(grown_journal.substr(0, journal.size()), journal);
  size_t records = 0;
  for (const std::string& line : Lines(grown_journal)) {
    records += line.find(",\"key\":") == line.find(',');  // behind the checksum
  }
  EXPECT_EQ(records, 12u) << "each run once";
}

TEST_F(RunProgramTest, ModelsAreKeptOnRequest) {
  const std::string out = folder_.Path("out"), spec = Spec("tiny", kTiny);
  const std::vector<std::string> run = {"run", spec, "--out", out, "--only", "seed=1"};
  ASSERT_EQ(RunProgram(run).exit_code, 0);
  EXPECT_FALSE(fs::exists(out + "/models"));
  const auto hashes = Hashes(out);
  // What is done without a model is trained again for it, to the same bits.
  ASSERT_EQ(RunProgram(With(run, {"--save-models"})).exit_code, 0);
  EXPECT_EQ(Hashes(out), hashes);
  for (const auto& [key, hash] : hashes) {
    EXPECT_GT(fs::file_size(out + "/models/" + key + ".safetensors"), 1000u);
  }
  const std::string journal = ReadText(out + "/journal.jsonl");
  ASSERT_EQ(RunProgram(With(run, {"--save-models"})).exit_code, 0);
  EXPECT_EQ(ReadText(out + "/journal.jsonl"), journal);
}

TEST_F(RunProgramTest, AFolderOfAnEarlierVersionIsRefused) {
  const std::string spec = Spec("tiny", kTiny), out = folder_.Path("out");
  fs::create_directories(out);
  WriteText(out + "/journal.jsonl", "{\"key\":\"0eaea2ca01283dd3\",\"experiment\":\"exp1\"}\n");
  ExpectOneError({"run", spec, "--out", out},
                 {"journal.jsonl:1:", "earlier version", "another --out"});
}

TEST(Program, HelpAndVersionSucceed) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"--help"}, {"run", "--help"}, {"--version"}}) {
    const ProgramResult result = RunProgram(arguments);
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_NE(result.out, "");
    EXPECT_EQ(result.err, "");
  }
}

}  // namespace
}  // namespace grove::test
