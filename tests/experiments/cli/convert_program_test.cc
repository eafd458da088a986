// grove data convert, and models of trees in other formats than brackets, as a user calls them.
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "tests/experiments/program.h"

namespace grove::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using Arguments = std::vector<std::string>;

class ConvertProgram : public testing::Test {
 protected:
  // The text that `grove data convert` writes of this one.
  std::string Convert(const std::string& text, const Arguments& more,
                      const std::string& name = "in") const {
    const std::string in = folder_.Write(name, text);
    const ProgramResult result =
        RunProgram(With({"data", "convert", in, folder_.Path("out"), "--force"}, more));
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return ReadText(folder_.Path("out"));
  }

  TemporaryFolder folder_;
};

TEST_F(ConvertProgram, ChangesTreesAsAsked) {
  const std::string penn =
      "( (S\n  (NP-SBJ (-NONE- *T*-1)\n     (NN dog))\n  (VP (VBZ barks) (ADV well) (RB now))))\n";
  EXPECT_EQ(Convert(penn, {}),
            "(S (NP-SBJ (-NONE- \\*T\\*-1) (NN dog)) (VP (VBZ barks) (ADV well) (RB now)))\n");
  EXPECT_EQ(Convert(penn, {"--strip-functions", "--strip-traces", "--binarise", "right"}),
            "(S (NP dog) (VP (VBZ barks) (. (ADV well) (RB now))))\n");
  EXPECT_EQ(Convert(penn, {"--strip-traces", "--keep-unary", "--lower-case"}),
            "(S (NP-SBJ (NN dog)) (VP (VBZ barks) (ADV well) (RB now)))\n");
  EXPECT_EQ(Convert("(1 (0 a) (. (. b) (0 c)))\n", {"--shape", "left"}),
            "(1 (. (0 a) (. b)) (0 c))\n");
  EXPECT_EQ(Convert("5\t( ( [MAX 2 ) ] )\n", {}), "(5 (. (. [MAX) (. 2)) (. ]))\n");
}

TEST_F(ConvertProgram, DependencyTreesNeedAnotherShape) {
  const std::string conllu =
      "# mood = good\n1\tAna\t_\tX\t_\t_\t2\tx\t_\t_\n2\tsings\t_\tX\t_\t_\t0\tx\t_\t_\n\n";
  EXPECT_EQ(Convert(conllu, {"--shape", "balanced", "--label", "comment:mood"}, "a.conllu"),
            "(good (. Ana) (. sings))\n");
  ExpectOneError({"data", "convert", folder_.Path("a.conllu"), folder_.Path("other")},
                 {"the word 'sings' stands at a node with children", "--shape"});
  EXPECT_FALSE(fs::exists(folder_.Path("other"))) << "whole or not at all";
}

TEST_F(ConvertProgram, DealsTreesOut) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "(1 (. a) (. w" + std::to_string(i) + "))\n";
  const std::string in = folder_.Write("in.ptb", text);
  const auto lines = [&](const std::string& name) { return Lines(ReadText(folder_.Path(name))); };
  const auto split = [&](const std::string& out, const Arguments& more) {
    const ProgramResult result = RunProgram(With({"data", "convert", in, folder_.Path(out)}, more));
    EXPECT_EQ(result.exit_code, 0) << result.err;
  };
  split("parts", {"--split", "80,10,10"});
  split("again", {"--split", "8,1,1"});
  split("other", {"--split", "80,10,10", "--seed", "2"});
  EXPECT_EQ(lines("parts/train.ptb").size(), 80u);
  EXPECT_EQ(lines("parts/dev.ptb").size(), 10u);
  std::set<std::string> all;
  for (const char* part : {"train", "dev", "test"}) {
    const std::string name = std::string(part) + ".ptb";
    for (const std::string& line : lines("parts/" + name)) all.insert(line);
    EXPECT_EQ(lines("parts/" + name), lines("again/" + name));
    EXPECT_NE(lines("parts/" + name), lines("other/" + name));
  }
  EXPECT_EQ(all.size(), 100u);

  split("folds", {"--folds", "5"});
  std::set<std::string> tested;
  for (int fold = 1; fold <= 5; ++fold) {
    const std::string folder = "folds/fold-" + std::to_string(fold) + "/";
    EXPECT_EQ(lines(folder + "train.ptb").size(), 60u);
    EXPECT_EQ(lines(folder + "dev.ptb").size(), 20u);
    for (const std::string& line : lines(folder + "test.ptb")) tested.insert(line);
  }
  EXPECT_EQ(tested.size(), 100u) << "each tree is tested once";
}

TEST_F(ConvertProgram, BadInputIsOneErrorAndNoFile) {
  const std::string in = folder_.Write("in.ptb", "(1 a)\n(1 (. a\n");
  const std::string out = folder_.Path("out.ptb");
  ExpectOneError({"data", "convert", in, out}, {in + ":2:8: unbalanced '('"});
  ExpectOneError({"data", "convert", in, folder_.Path("out"), "--split", "80,10,10"},
                 {in + ":2:8: unbalanced '('"});
  EXPECT_FALSE(fs::exists(out));
  EXPECT_FALSE(fs::exists(folder_.Path("out")));
  const std::string good = folder_.Write("good.ptb", "(1 a)\n");
  ExpectOneError({"data", "convert", good, in}, {in, "exists", "--force"});
  ExpectOneError({"data", "convert", good, folder_.Path("out"), "--split", "80,10,10"},
                 {"1 trees are too few for 3 parts"});
  ExpectOneError({"data", "convert", good, out, "--split", "80,20"}, {"--split", "80,10,10"});
  ExpectOneError({"data", "convert", good, out, "--split", "8,1,1", "--folds", "3"},
                 {"--split", "--folds"});
  ExpectOneError({"data", "convert", good, out, "--keep-unary", "--collapse-unary"},
                 {"--keep-unary", "--collapse-unary"});
  ExpectOneError({"data", "convert", good, out, "--binarise", "left", "--shape", "left"},
                 {"--binarise", "--shape"});
  ExpectOneError({"data", "convert", good, out, "--format", "xml"}, {"--format", "brackets"});
}

TEST_F(ConvertProgram, WritesStandardOutput) {
  const std::string in = folder_.Write("in.ptb", "( (S\n  (A a) (B b)))\n");
  EXPECT_EQ(RunProgram({"data", "convert", in, "-", "--quiet"}).out, "(S (A a) (B b))\n");
}

TEST_F(ConvertProgram, PackedFilesAndPipesAreReadAsTheyAre) {
  const std::string in = folder_.Write("in.ptb", "(1 (0 a) (1 b))\n");
  ASSERT_EQ(std::system(("gzip -k " + in).c_str()), 0);
  const ProgramResult check = RunProgram({"data", "check", in + ".gz"});
  EXPECT_EQ(check.out, "1 trees, no faults\n");
}

// A model of dependency trees is trained, says what it says by name, and knows how to read.
TEST_F(ConvertProgram, DependencyTreesAreTrainedAndUsed) {
  std::string text;
  for (int i = 0; i < 40; ++i) {
    const bool good = i % 2 == 0;
    text += std::string("# mood = ") + (good ? "good" : "bad") +
            "\n1\tThis\t_\tX\t_\t_\t2\tx\t_\t_\n2\t" + (good ? "WORKS" : "fails") +
            "\t_\tX\t_\t_\t0\tx\t_\t_\n3\tnow\t_\tX\t_\t_\t2\tx\t_\t_\n\n";
  }
  const std::string file = folder_.Write("a.conllu", text), out = folder_.Path("m");
  const ProgramResult trained = RunProgram(
      {"train", "--train", file, "--dev", file, "--out", out, "--model", "child_sum", "--dim", "8",
       "--label", "comment:mood", "--lower-case", "--epochs", "20", "--quiet"});
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  const ProgramResult said = RunProgram({"predict", out + "/model.safetensors", file});
  ASSERT_EQ(said.exit_code, 0) << said.err;
  EXPECT_EQ(said.err, "") << "no word is unknown";
  for (const std::string& line : Lines(said.out)) {
    const Json answer = Json::parse(line);
    EXPECT_EQ(answer["prediction"], answer["label"]);
  }
  const Json record = Json::parse(ReadText(out + "/record.json"));
  EXPECT_EQ(record["data"]["reading"],
            Json::parse(R"({"label": "comment:mood", "lower_case": true})"));
  ExpectOneError({"train", "--train", file, "--dev", file, "--out", folder_.Path("n")},
                 {file, "a node with children has a word, which rlstm does not take", "child_sum"});
}

}  // namespace
}  // namespace grove::test
