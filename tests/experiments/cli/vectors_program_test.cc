// Word vectors for grove train and grove run, as a user gives them.
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "engine/run_spec_json.h"
#include "tests/experiments/program.h"

namespace grove::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using Arguments = std::vector<std::string>;

class VectorsProgram : public testing::Test {
 protected:
  // 1,200 words, of which 1,050 have vectors.
  void SetUp() override {
    std::string trees, vectors;
    for (int i = 0; i < 1200; ++i)
      trees += "(" + std::to_string(i % 2) + " w" + std::to_string(i) + ")\n";
    for (int i = 150; i < 1500; ++i)
      vectors += "w" + std::to_string(i) + " 0.5 " + std::to_string(i) + "\n";
    trees_ = folder_.Write("trees.ptb", trees);
    vectors_ = folder_.Write("v.txt", vectors);
    hash_ = HashText(vectors);
  }

  Arguments Command(const Arguments& more) const {
    return With({"train", "--train", trees_, "--dev", trees_, "--out", folder_.Path("out"), "--dim",
                 "4", "--epochs", "0"},
                more);
  }

  TemporaryFolder folder_;
  std::string trees_, vectors_, hash_;
};

TEST_F(VectorsProgram, TrainTellsHowManyWordsTheyCover) {
  const ProgramResult result = RunProgram(Command({"--vectors", vectors_}));
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(Lines(result.err).at(0), "vectors: 1,050 of 1,200 words (87.5 %) from " + vectors_);
  const Json record = Json::parse(ReadText(folder_.Path("out/record.json")));
  EXPECT_EQ(
      record["data"]["vectors"],
      Json(
          {{"path", vectors_}, {"xxh3", hash_}, {"width", 2}, {"words", 1200}, {"covered", 1050}}));
  EXPECT_EQ(record["spec"]["word_dim"], 2);
  const ProgramResult inspected =
      RunProgram({"inspect", folder_.Path("out/model.safetensors"), "--json"});
  EXPECT_EQ(Json::parse(inspected.out)["provenance"]["vectors"],
            "{\"xxh3\":\"" + hash_ + "\",\"width\":2,\"words\":1200,\"covered\":1050}");
  EXPECT_EQ(RunProgram(Command({"--vectors", vectors_, "--force", "--quiet"})).err, "");
}

TEST_F(VectorsProgram, ASettingOrASpecFileNamesThemToo) {
  const auto key = [&](const std::string& out, const Arguments& more) {
    const ProgramResult result = RunProgram(
        With({"train", "dim=4", "epochs=0", "out=" + folder_.Path(out), "--quiet"}, more));
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return ReadRecords(folder_.Path(out)).at(0).key;
  };
  const Arguments trees = {"train=" + trees_, "dev=" + trees_};
  const std::string spec = folder_.Write(
      "one.toml",
      "name = 'one'\n[data]\ntrain = 'trees.ptb'\ndev = 'trees.ptb'\nvectors = 'v.txt'\n");
  const std::string other = folder_.Write("other.txt", "w1 0 0 0\n");
  const std::string with = key("setting", With(trees, {"vectors=" + vectors_}));
  EXPECT_EQ(key("file", {spec}), with);
  EXPECT_NE(key("without", trees), with);
  EXPECT_EQ(key("both", {spec, "--vectors", other}),
            key("other", With(trees, {"--vectors", other})))
      << "the option beats the file";
}

TEST_F(VectorsProgram, WhatIsWrongIsFoundBeforeAnyWork) {
  const auto refuse = [&](const Arguments& more, const Arguments& parts) {
    ExpectOneError(Command(more), parts);
    EXPECT_FALSE(fs::exists(folder_.Path("out")));
  };
  refuse({"--vectors", vectors_, "--word-dim", "3"},
         {"word_dim = 3: the vectors of " + vectors_ + " have 2 numbers"});
  refuse({"--vectors", vectors_, "--init", "m.safetensors"}, {"--init and --vectors"});
  refuse({"--vectors", trees_}, {trees_ + ":1:1: "});
  refuse({"--vectors", folder_.Path("absent")}, {"absent: No such file"});
  const std::string cut = folder_.Write("cut.txt", "w1 1 2\nw2 1");
  refuse({"--vectors", cut}, {cut + ":2:5: 1 number", "cut short"});
}

TEST_F(VectorsProgram, RunsOfAFileHaveThemInTheJournal) {
  const std::string spec = folder_.Write(
      "e.toml",
      "name = 'e'\n[data]\ntrain = 'trees.ptb'\ndev = 'trees.ptb'\n[run]\ndim = 4\nepochs = 0\n"
      "[axes]\ndataset = [{id = 1}, {id = 2, vectors = 'v.txt'}]\n");
  const ProgramResult result =
      RunProgram({"run", spec, "--out", folder_.Path("runs"), "--threads", "1", "--quiet"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  std::vector<RunRecord> records = ReadRecords(folder_.Path("runs"));
  ASSERT_EQ(records.size(), 2u);
  if (records[0].dataset == 2) std::swap(records[0], records[1]);
  EXPECT_EQ(records[0].files->vectors, VectorsFile());
  EXPECT_EQ(records[0].run.word_dim, 0);
  EXPECT_EQ(records[1].files->vectors, (VectorsFile{{vectors_, hash_}, 2, 1200, 1050}));
  EXPECT_EQ(records[1].run.word_dim, 2);
}

}  // namespace
}  // namespace grove::test
