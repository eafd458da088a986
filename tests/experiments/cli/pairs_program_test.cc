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
  EXPECT_EQ(result["pairs"], 4);
  EXPECT_EQ(record["data"]["sizes"]["train"], 4);
  EXPECT_EQ(record["spec"]["comparison"], "bowman");
}

TEST_F(PairsProgram, ScoresAreTrainedAndEvaluated) {
  const ProgramResult trained = Train(Scores(), {"--comparison", "tai", "--target", "score"});
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  const std::string lines = folder_.Path("pairs.jsonl");
  const Json result = Eval(Scores(), {"--per-tree", lines});
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
                           "(--comparison) must be tai or bowman\n");
  const ProgramResult classes = Train(Scores(), {"--comparison", "tai"});
  EXPECT_EQ(classes.exit_code, 2);
  EXPECT_NE(classes.err.find(":2:1: label '1.5': must be an integer from 0 to 9"),
            std::string::npos)
      << classes.err;
}

}  // namespace
}  // namespace grove::test
