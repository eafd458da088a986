// The specs of treebanks that users bring, on made-up samples in the form of those.
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/experiments/program.h"

namespace grove::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

class TreebankSpecs : public testing::Test {
 protected:
  // A root with the spec where the project has it, and room for the trees where the spec looks.
  void SetUp() override { fs::create_directories(folder_.Path("experiments/specs")); }

  std::string Spec(const std::string& name) const {
    return folder_.Write("experiments/specs/" + name,
                         ReadText(std::string(GROVE_SOURCE_DIR) + "/experiments/specs/" + name));
  }
  void Write(const std::string& path, const std::string& text) const {
    fs::create_directories(fs::path(folder_.Path(path)).parent_path());
    folder_.Write(path, text);
  }

  // The line of the only run.
  Json Run(const std::string& spec, const std::string& only) const {
    const std::string out = folder_.Path("out");
    const ProgramResult result =
        RunProgram({"run", Spec(spec), "--out", out, "--only", only, "--quiet", "--threads", "1"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return Json::parse(Lines(ReadText(out + "/journal.jsonl")).back());
  }

  TemporaryFolder folder_;
};

TEST_F(TreebankSpecs, SentimentOfMadeUpSentences) {
  std::string text;
  for (int i = 0; i < 20; ++i) {
    text += "(4 (2 It) (3 (2 is) (4 good)))\n(0 (2 It) (1 (2 is) (0 bad)))\n(2 (2 It) (2 is))\n";
  }
  for (const char* part : {"train", "dev", "test"}) {
    Write("trees/sst/" + std::string(part) + ".txt", text);
  }
  for (const char* model : {"rnn", "rlstm", "tai_binary"}) {
    const Json record = Run("sst.toml", std::string("seed=1,model=") + model);
    EXPECT_EQ(record["status"], "done");
    fs::remove_all(folder_.Path("out"));
  }
}

TEST_F(TreebankSpecs, RelatednessOfMadeUpPairs) {
  std::string scores;
  for (int i = 0; i < 20; ++i) scores += i % 2 == 0 ? "5\n" : "1.2\n";
  const auto lines = [](const std::string& even, const std::string& odd) {
    std::string text;
    for (int i = 0; i < 20; ++i) text += i % 2 == 0 ? even : odd;
    return text;
  };
  for (const char* part : {"train", "dev", "test"}) {
    const std::string folder = "trees/sick/" + std::string(part) + "/";
    Write(folder + "a.parents", lines("2 0\n", "0 1\n"));
    Write(folder + "a.toks", lines("dogs run\n", "cats sleep\n"));
    Write(folder + "b.parents", lines("2 3 0\n", "0\n"));
    Write(folder + "b.toks", lines("the dogs run\n", "trees\n"));
    Write(folder + "sim.txt", scores);
  }
  const Json record = Run("sick.toml", "seed=1");
  EXPECT_EQ(record["status"], "done");
  EXPECT_GT(record["test_accuracy"].get<double>(), 0.5) << "Pearson's r of pairs it has seen";
}

}  // namespace
}  // namespace grove::test
