// grove train and grove eval on files of pairs of trees.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/experiments/program.h"

namespace grove::test {
namespace {

using Json = nlohmann::json;

class PairsProgram : public testing::Test {
 protected:
  void SetUp() override {
    WriteText(Classes(),
              "1\t(. a)\t(. a)\n0\t(. a)\t(. b)\n1\t(. (. b) (. b))\t(. b)\n"
              "0\t(. (. b) (. b))\t(. (. a) (. a))\n");
    WriteText(Scores(),
              "5\t(. a)\t(. a)\n1.5\t(. a)\t(. b)\n4.5\t(. (. b) (. b))\t(. b)\n"
              "1\t(. (. b) (. b))\t(. (. a) (. a))\n");
  }
  std::string Classes() const { return folder_.Path("classes.txt"); }
  std::string Scores() const { return folder_.Path("scores.txt"); }

  ProgramResult Train(const std::string& file, const std::vector<std::string>& more) const {
    return RunProgram(
        With({"train", "--train", file, "--dev", file, "--test", file, "--out", folder_.Path("run"),
              "--dim", "6", "--comparison-dim", "5", "--epochs", "2", "--quiet", "--json"},
             more));
  }
  Json Eval(const std::string& file, const std::vector<std::string>& more = {}) const {
    const ProgramResult result = RunProgram(With(
        {"eval", "--checkpoint", folder_.Path("run/model.safetensors"), "--data", file, "--json"},
        more));
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return result.exit_code == 0 ? Json::parse(result.out) : Json();
  }

  TemporaryFolder folder_;
};

TEST_F(PairsProgram, ClassesAreTrainedAndEvaluated) {
  const ProgramResult trained = Train(Classes(), {"--comparison", "bowman"});
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  const Json record = Json::parse(trained.out), result = Eval(Classes());
  EXPECT_EQ(result["accuracy"], record["test_accuracy"]);
  EXPECT_EQ(result["macro_f1"], record["test"]["macro_f1"]);
  EXPECT_EQ(result["pairs"], 4);
  EXPECT_EQ(record["data"]["sizes"]["train"], 4);
  EXPECT_EQ(record["spec"]["comparison"], "bowman");
}

TEST_F(PairsProgram, ScoresAreTrainedAndEvaluated) {
  const ProgramResult trained = Train(Scores(), {"--comparison", "tai", "--target", "score"});
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  const std::string lines = folder_.Path("pairs.jsonl");
  const Json result = Eval(Scores(), {"--per-tree", lines});
  for (const auto& [key, value] : Json::parse(trained.out)["test"].items()) {
    EXPECT_EQ(value, result[key]) << key;
  }
  EXPECT_TRUE(result.contains("pearson"));
  EXPECT_EQ(result["pairs"], 4);
  double squares = 0;
  for (const std::string& line : Lines(ReadText(lines))) {
    const Json pair = Json::parse(line);
    EXPECT_EQ(pair["probabilities"].size(), 5u);
    const double error = pair["prediction"].get<double>() - pair["score"].get<double>();
    squares += error * error;
  }
  EXPECT_NEAR(result["mean_squared_error"].get<double>(), squares / 4, 1e-5);
}

TEST_F(PairsProgram, FilesOfAnotherKindAreRefused) {
  const ProgramResult trees = Train(Classes(), {});
  EXPECT_EQ(trees.exit_code, 2);
  EXPECT_EQ(trees.err, "grove: " + Classes() +
                           ":1:1: a tree must begin with '('; of pairs of trees, comparison "
                           "(--comparison) must be tai or bowman, near '1 (. a) (. a)'\n");
  const ProgramResult classes = Train(Scores(), {"--comparison", "tai"});
  EXPECT_EQ(classes.exit_code, 2);
  EXPECT_NE(classes.err.find(":2:1: label '1.5': must be an integer from 0 to 9"),
            std::string::npos)
      << classes.err;
}

// The greatest label is 4, so that labels and scores are of five classes.
TEST_F(PairsProgram, OneFileIsReadWithLabelsAndWithScores) {
  WriteText(folder_.Path("whole.txt"), "4\t(. a)\t(. a)\n1\t(. a)\t(. b)\n");
  WriteText(folder_.Path("e.toml"),
            "name = 'e'\n[data]\ntrain = 'whole.txt'\ndev = 'whole.txt'\n[run]\ndim = 4\n"
            "epochs = 1\ncomparison = 'tai'\n[axes]\ntarget = ['classes', 'score']\n");
  const ProgramResult result = RunProgram(
      {"run", folder_.Path("e.toml"), "--out", folder_.Path("runs"), "--threads", "1", "--json"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
}

TEST_F(PairsProgram, DataCheckKnowsThem) {
  const auto check = [](const std::string& file, const std::vector<std::string>& more = {}) {
    return RunProgram(With({"data", "check", file}, more));
  };
  EXPECT_EQ(check(Classes()).out, "4 pairs with labels, no faults\n");
  EXPECT_EQ(check(Scores()).out, "4 pairs with scores, no faults\n");
  const Json good = Json::parse(check(Scores(), {"--json"}).out);
  EXPECT_EQ(good, Json::parse(R"({"format": "brackets", "pairs": 4, "trees": 8, "collapsed": 0,
                                  "traces": 0, "most_children": 2, "inner_words": false,
                                  "faults": [], "more_faults": 0})"));

  // What their lines do not tell, the user does.
  const ProgramResult labels = check(Scores(), {"--target", "classes"});
  EXPECT_EQ(labels.exit_code, 2);
  EXPECT_EQ(labels.out.rfind(Scores() + ":2:1: label '1.5': must be an integer from 0 to 9", 0), 0u)
      << labels.out;
  const ProgramResult scores = check(Classes(), {"--target", "score"});
  EXPECT_EQ(Lines(scores.out).size(), 2u) << scores.out;
  EXPECT_NE(scores.out.find(":2:1: score '0': must be a number from 1 to 5"), std::string::npos)
      << scores.out;
  ExpectOneError({"data", "check", Scores(), "--target", "score", "--classes", "5"},
                 {"--classes", "--target"});
}

TEST_F(PairsProgram, DataCheckNamesThePlaceOfEveryFault) {
  const std::string bad = folder_.Path("bad.txt");
  WriteText(bad, "(1 a)\n1\t(. a)\t(. b)\n1\t(. a)\n0\t(. a)\t(. a b)\n0\t(. b)\t(. b)\n");
  const ProgramResult result = RunProgram({"data", "check", bad});
  EXPECT_EQ(result.exit_code, 2);
  const std::vector<std::string> faults = Lines(result.out);
  ASSERT_EQ(faults.size(), 3u) << result.out;
  EXPECT_EQ(faults[0].rfind(bad + ":1:6: only 1 field", 0), 0u) << faults[0];
  EXPECT_EQ(faults[1].rfind(bad + ":3:8: only 2 fields", 0), 0u) << faults[1];
  EXPECT_EQ(faults[2].rfind(bad + ":4:14: a second word", 0), 0u) << faults[2];
}

TEST_F(PairsProgram, DataStatsShowThem) {
  const auto stats = [](const std::string& file) {
    return Json::parse(RunProgram({"data", "stats", file, "--json"}).out);
  };
  const Json classes = stats(Classes()), scores = stats(Scores());
  EXPECT_EQ(classes["pairs"], 4);
  EXPECT_EQ(classes["trees"], 8);
  EXPECT_EQ(classes["pair_labels"], (Json{{"0", 2}, {"1", 2}}));
  EXPECT_FALSE(classes.contains("score"));
  EXPECT_EQ(classes["length"]["counts"], (Json{{"1", 5}, {"2", 3}}));
  EXPECT_EQ(classes["height"]["counts"], (Json{{"0", 5}, {"1", 3}}));
  EXPECT_FALSE(scores.contains("pair_labels"));
  EXPECT_EQ(scores["score"], Json::parse(R"({"min": 1.0, "mean": 3.0, "median": 3.0, "max": 5.0,
      "counts": {"1": 1, "1.5": 1, "4.5": 1, "5": 1}})"));
  const std::string text = RunProgram({"data", "stats", Scores()}).out;
  EXPECT_EQ(text.rfind("pairs          4\ntrees          8\n", 0), 0u) << text;
  EXPECT_NE(text.find("     4.5-5.0         2  50.0 %  ####"), std::string::npos) << text;
  EXPECT_NE(RunProgram({"data", "stats", Classes()}).out.find("\npair labels\n"),
            std::string::npos);
}

}  // namespace
}  // namespace grove::test
