// grove predict, as a user calls it, on networks that grove train has just trained.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <numeric>
#include <vector>

#include "engine/files/checkpoint.h"
#include "tests/experiments/program.h"

namespace grove::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using Arguments = std::vector<std::string>;

class PredictProgram : public testing::Test {
 protected:
  void SetUp() override {
    trees_ = folder_.Write("trees.ptb",
                           "(1 (0 a) (1 b))\n(0 (1 b) (0 a))\n(1 (0 c) (1 b))\n(0 (1 b) (0 c))\n");
    model_ = Train(trees_, {});
  }

  std::string Train(const std::string& file, const Arguments& more) const {
    const ProgramResult trained =
        RunProgram(With({"train", "--train", file, "--dev", file, "--out", folder_.Path("run"),
                         "--dim", "5", "--epochs", "2", "--quiet", "--force"},
                        more));
    EXPECT_EQ(trained.exit_code, 0) << trained.err;
    return folder_.Path("run/model.safetensors");
  }

  std::vector<Json> Answers(const Arguments& arguments) const {
    const ProgramResult result = RunProgram(With({"predict"}, arguments));
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return Parsed(result.out);
  }
  static std::vector<Json> Parsed(const std::string& text) {
    std::vector<Json> answers;
    for (const std::string& line : Lines(text)) answers.push_back(Json::parse(line));
    return answers;
  }

  static void ExpectProbabilities(const Json& answer, size_t classes) {
    const auto p = answer["probabilities"].get<std::vector<double>>();
    ASSERT_EQ(p.size(), classes);
    EXPECT_NEAR(std::accumulate(p.begin(), p.end(), 0.0), 1, 1e-6);
    EXPECT_EQ(answer["prediction"], std::max_element(p.begin(), p.end()) - p.begin());
  }

  TemporaryFolder folder_;
  std::string trees_, model_;
};

TEST_F(PredictProgram, AnswersTreesWithAndWithoutLabels) {
  const std::string file = folder_.Write("new.ptb", "(. (. a) (. b))\n\n(1 (0 a) (1 b))\n");
  const std::vector<Json> answers = Answers({model_, file});
  ASSERT_EQ(answers.size(), 2u);
  for (const Json& answer : answers) {
    ExpectProbabilities(answer, 2);
    EXPECT_EQ(answer.size(), 3u);
  }
  EXPECT_TRUE(answers[0]["label"].is_null());
  EXPECT_EQ(answers[1]["label"], 1);
  EXPECT_EQ(answers[0]["probabilities"], answers[1]["probabilities"]);
}

TEST_F(PredictProgram, SaysTheSameAsEval) {
  const std::string per_tree = folder_.Path("answers.jsonl");
  ASSERT_EQ(RunProgram({"eval", "--checkpoint", model_, "--data", trees_, "--per-tree", per_tree})
                .exit_code,
            0);
  const std::vector<Json> expected = Parsed(ReadText(per_tree)), found = Answers({model_, trees_});
  ASSERT_EQ(found.size(), expected.size());
  for (size_t t = 0; t < found.size(); ++t) {
    EXPECT_EQ(found[t]["probabilities"], expected[t]["probabilities"]);
    EXPECT_EQ(found[t]["label"], expected[t]["label"]);
  }
}

TEST_F(PredictProgram, NodesComeChildrenFirst) {
  const std::string file = folder_.Write("new.ptb", "(1 (. (0 a) (. b)) (. c))\n(. a)\n");
  const std::vector<Json> answers = Answers({model_, file, "--nodes"});
  ASSERT_EQ(answers.size(), 2u);
  const Json& nodes = answers[0]["nodes"];
  std::vector<Json> spans, labels;
  for (const Json& node : nodes) {
    ExpectProbabilities(node, 2);
    spans.push_back(node["span"]);
    labels.push_back(node["label"]);
  }
  EXPECT_EQ(Json(spans), Json::parse("[[0,0],[1,1],[0,1],[2,2],[0,2]]"));
  EXPECT_EQ(Json(labels), Json::parse("[0,null,null,null,1]"));
  EXPECT_EQ(nodes[4]["probabilities"], answers[0]["probabilities"]);
  EXPECT_EQ(answers[1]["nodes"].size(), 1u);
}

TEST_F(PredictProgram, LabelsHaveTheirNames) {
  TensorFile file = ReadTensorFile(model_);
  file.metadata["labels"] = R"(["S","\"NP"])";
  const std::string named = folder_.Path("named.safetensors");
  WriteTensorFile(named, file);
  const std::string trees = folder_.Path("named.ptb");
  WriteText(trees, "(\"NP (S a) (\"NP b))\n(. (. b) (S a))\n");
  for (const Json& answer : Answers({named, trees})) {
    const auto p = answer["probabilities"].get<std::vector<double>>();
    EXPECT_EQ(answer["prediction"], p[0] >= p[1] ? "S" : "\"NP");
  }
  EXPECT_EQ(Answers({named, trees})[0]["label"], "\"NP");
  EXPECT_EQ(Answers({named, trees})[1]["label"], Json());
  const ProgramResult numbers = RunProgram({"predict", named, trees_});
  EXPECT_EQ(numbers.exit_code, 1);
  EXPECT_NE(numbers.err.find("label '1': must be '.' or one of S, \"NP, because the model " +
                             named + " has 2 classes"),
            std::string::npos)
      << numbers.err;
}

TEST_F(PredictProgram, VectorsAreAMatrix) {
  const std::string vectors = folder_.Path("h.npy");
  Answers({model_, trees_, "--vectors", vectors});
  const std::string roots = ReadText(vectors);
  EXPECT_NE(roots.find("'shape': (4, 5)"), std::string::npos);
  ASSERT_EQ(roots.size(), 128 + 4 * 5 * 4u);
  Answers({model_, trees_, "--vectors", vectors, "--nodes"});
  const std::string nodes = ReadText(vectors);
  EXPECT_NE(nodes.find("'shape': (12, 5)"), std::string::npos);
  ASSERT_EQ(nodes.size(), 128 + 12 * 5 * 4u);
  for (size_t t = 0; t < 4; ++t) {
    EXPECT_EQ(nodes.substr(128 + (3 * t + 2) * 20, 20), roots.substr(128 + t * 20, 20));
  }
  // The state of a leaf of this model is its word vector.
  const TensorFile file = ReadTensorFile(model_);
  const NamedTensor* embeddings = file.Find("embeddings");
  std::vector<float> first(5);
  std::memcpy(first.data(), nodes.data() + 128, 20);
  EXPECT_EQ(first, std::vector<float>(embeddings->values.begin(), embeddings->values.begin() + 5))
      << "word a";
}

TEST_F(PredictProgram, ReadsStandardInput) {
  const std::string expected = RunProgram({"predict", model_, trees_}).out;
  for (const std::string dash : {"", " -"}) {
    const std::string command = std::string("cat '") + trees_ + "' | '" + GROVE_PROGRAM +
                                "' predict '" + model_ + "'" + dash;
    FILE* pipe = popen(command.c_str(), "r");
    ASSERT_NE(pipe, nullptr);
    std::string text;
    std::array<char, 4096> buffer;
    for (size_t n; (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
      text.append(buffer.data(), n);
    }
    EXPECT_EQ(pclose(pipe), 0);
    EXPECT_EQ(text, expected);
  }
}

TEST_F(PredictProgram, AFaultEndsWhatIsAnswered) {
  const std::string file = folder_.Write("new.ptb", "(. a)\n(. b)\n(. (. a)\n(. c)\n");
  const ProgramResult result = RunProgram({"predict", model_, file});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(Lines(result.out).size(), 2u);
  EXPECT_EQ(result.err.rfind("grove: " + file + ":3:", 0), 0u) << result.err;
  EXPECT_EQ(Lines(result.err).size(), 1u);
  const std::string out = folder_.Path("out.jsonl"), vectors = folder_.Path("h.npy");
  EXPECT_EQ(RunProgram({"predict", model_, file, "--out", out, "--vectors", vectors}).exit_code, 1);
  EXPECT_FALSE(fs::exists(out)) << "whole or not at all";
  EXPECT_FALSE(fs::exists(vectors));
}

TEST_F(PredictProgram, WritesAFile) {
  const std::string out = folder_.Path("out.jsonl");
  const ProgramResult result = RunProgram({"predict", model_, trees_, "--out", out});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(ReadText(out), RunProgram({"predict", model_, trees_}).out);
}

TEST_F(PredictProgram, CountsUnknownWords) {
  const std::string file = folder_.Write("new.ptb", "(. (. new) (. b))\n(. (. new) (. a))\n");
  EXPECT_EQ(RunProgram({"predict", model_, file}).err, "2 of 4 words unknown\n");
  EXPECT_EQ(RunProgram({"predict", model_, file, "--quiet"}).err, "");
  EXPECT_EQ(RunProgram({"predict", model_, trees_}).err, "");
}

TEST_F(PredictProgram, Pairs) {
  const std::string file = folder_.Write("pairs.txt",
                                         "1\t(. a)\t(. a)\n0\t(. a)\t(. b)\n"
                                         "1\t(. (. b) (. b))\t(. b)\n");
  const std::string model = Train(file, {"--comparison", "bowman", "--comparison-dim", "4"});
  const std::string open = folder_.Write("open.txt", ".\t(. a)\t(. b)\n0\t(. a)\t(. b)\n");
  const std::string vectors = folder_.Path("h.npy");
  const std::vector<Json> answers = Answers({model, open, "--vectors", vectors});
  ASSERT_EQ(answers.size(), 2u);
  ExpectProbabilities(answers[0], 2);
  EXPECT_TRUE(answers[0]["label"].is_null());
  EXPECT_EQ(answers[1]["label"], 0);
  EXPECT_NE(ReadText(vectors).find("'shape': (4, 5)"), std::string::npos) << "two roots a pair";
  ExpectOneError({"predict", model, open, "--nodes"}, {"--nodes", "pairs"});
}

TEST_F(PredictProgram, ScoresOfPairs) {
  const std::string file = folder_.Write("pairs.txt", "5\t(. a)\t(. a)\n1.5\t(. a)\t(. b)\n");
  const std::string model =
      Train(file, {"--comparison", "tai", "--comparison-dim", "4", "--target", "score"});
  const std::vector<Json> answers =
      Answers({model, folder_.Write("open.txt", "1.5\t(. a)\t(. b)\n.\t(. b)\t(. a)\n")});
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_EQ(answers[0]["label"], 1.5);
  EXPECT_TRUE(answers[1]["label"].is_null());
  const auto p = answers[0]["probabilities"].get<std::vector<double>>();
  double expected = 0;
  for (size_t c = 0; c < p.size(); ++c) expected += static_cast<double>(c + 1) * p[c];
  EXPECT_NEAR(answers[0]["prediction"], expected, 1e-6);
}

TEST_F(PredictProgram, BadInputAnswersNothing) {
  ExpectOneError({"predict", folder_.Path("absent"), trees_}, {"absent"});
  ExpectOneError({"predict", model_, folder_.Path("absent.ptb")}, {"absent.ptb"});
  ExpectOneError({"predict", model_, trees_, "--out", folder_.Path("none/out")}, {"none/out"});
  ExpectOneError({"predict", model_, trees_, "--vectors", "/dev/null"}, {"/dev/null"});
  TensorFile file = ReadTensorFile(model_);
  file.tensors[0].values[0] = NAN;
  const std::string bad = folder_.Path("nan.safetensors");
  WriteTensorFile(bad, file);
  ExpectOneError({"predict", bad, trees_}, {bad, "not finite"});
}

}  // namespace
}  // namespace grove::test
