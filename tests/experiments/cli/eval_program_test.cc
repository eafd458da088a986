// grove eval, as a user calls it, on a network that grove train has just trained.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <numeric>
#include <thread>

#include "tests/experiments/program.h"

namespace grove::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using Arguments = std::vector<std::string>;

class EvalProgram : public testing::Test {
 protected:
  void SetUp() override {
    const std::string data = folder_.Path("data");
    ASSERT_EQ(RunProgram({"data", "generate", "--min-length", "1", "--max-length", "5", "--train",
                          "100", "--dev", "20", "--test", "40", "--out", data})
                  .exit_code,
              0);
    test_ = data + "/test.ptb";
    const ProgramResult trained = RunProgram(
        {"train", "--train", data + "/train.ptb", "--dev", data + "/dev.ptb", "--test", test_,
         "--out", folder_.Path("run"), "--dim", "6", "--epochs", "2", "--quiet", "--json"});
    ASSERT_EQ(trained.exit_code, 0) << trained.err;
    record_ = Json::parse(trained.out);
    checkpoint_ = folder_.Path("run/model.safetensors");
  }

  Arguments Command(const std::string& data, const Arguments& more = {}) const {
    return With({"eval", "--checkpoint", checkpoint_, "--data", data}, more);
  }

  std::vector<Json> PerTree(const std::string& data, const Arguments& more = {}) const {
    const std::string path = folder_.Path("trees.jsonl");
    const ProgramResult result = RunProgram(With(Command(data, {"--per-tree", path}), more));
    EXPECT_EQ(result.exit_code, 0) << result.err;
    std::vector<Json> trees;
    for (const std::string& line : Lines(ReadText(path))) trees.push_back(Json::parse(line));
    return trees;
  }

  TemporaryFolder folder_;
  std::string test_, checkpoint_;
  Json record_;
};

TEST_F(EvalProgram, GivesTheAccuracyOfTheRecord) {
  const ProgramResult json = RunProgram(Command(test_, {"--json"}));
  ASSERT_EQ(json.exit_code, 0) << json.err;
  const Json result = Json::parse(json.out);
  EXPECT_EQ(result["root_accuracy"], record_["test_accuracy"]);
  EXPECT_EQ(result["trees"], 40);
  EXPECT_FALSE(result.contains("node_accuracy")) << "only roots have labels";
  const ProgramResult text = RunProgram(Command(test_));
  EXPECT_EQ(text.out.rfind("root_accuracy " + result["root_accuracy"].dump() + "\n", 0), 0u)
      << text.out;
}

// The record and the last lines of grove train have the names of eval, and its figures to the bit.
TEST_F(EvalProgram, SaysWhatTrainSays) {
  const std::string data = folder_.Path("data/");
  for (const std::string name : {"dev", "test"}) {
    Json expected = Json::parse(RunProgram(Command(data + name + ".ptb", {"--json"})).out);
    for (const char* key : {"f1", "confusion", "words", "unknown_words"}) expected.erase(key);
    EXPECT_EQ(record_[name], expected);
    EXPECT_EQ(record_[name]["root_accuracy"], record_[name + "_accuracy"]);
  }
  const std::vector<std::string> lines =
      Lines(RunProgram({"train", "--train", data + "train.ptb", "--dev", data + "dev.ptb", "--out",
                        folder_.Path("again"), "--dim", "6", "--epochs", "2", "--quiet"})
                .out);
  ASSERT_EQ(lines.size(), 3u) << "there are no test trees";
  EXPECT_EQ(lines[0].rfind("best epoch ", 0), 0u) << lines[0];
  EXPECT_EQ(lines[1].rfind("dev: root_accuracy 0.", 0), 0u) << lines[1];
  EXPECT_NE(lines[1].find(", macro_f1 0."), std::string::npos) << lines[1];
  EXPECT_EQ(lines[2], "model: " + folder_.Path("again/model.safetensors"));
}

TEST_F(EvalProgram, TreesAddUpToTheWhole) {
  const Json whole = Json::parse(RunProgram(Command(test_, {"--json"})).out);
  const std::vector<Json> trees = PerTree(test_);
  const std::vector<std::string> lines = Lines(ReadText(test_));
  ASSERT_EQ(trees.size(), lines.size());
  double loss = 0;
  int correct = 0;
  for (size_t t = 0; t < trees.size(); ++t) {
    const int label = std::stoi(lines[t].substr(1));
    EXPECT_EQ(trees[t]["label"], label);
    const auto p = trees[t]["probabilities"].get<std::vector<double>>();
    ASSERT_EQ(p.size(), 10u);
    double sum = 0;
    for (double x : p) sum += x;
    EXPECT_NEAR(sum, 1, 1e-6);
    EXPECT_NEAR(trees[t]["loss"], -std::log(p[static_cast<size_t>(label)]), 1e-5);
    EXPECT_FALSE(trees[t].contains("grad_norm_root"));
    loss += trees[t]["loss"].get<double>();
    if (std::max_element(p.begin(), p.end()) - p.begin() == label) ++correct;
  }
  EXPECT_NEAR(whole["loss"], loss / 40, 1e-6);
  EXPECT_NEAR(whole["root_accuracy"], correct / 40.0, 1e-12);
}

TEST_F(EvalProgram, GradientsStandWhereTheKeywordIs) {
  // A keyword at depth 0, at depth 2, none because there are two, none because of words.
  const std::string data = folder_.Write("odd.ptb",
                                         "(1 100)\n"
                                         "(2 (. 2000) (. (. 3000) (. 200)))\n"
                                         "(2 (. 200) (. 201))\n"
                                         "(3 (. good) (. 300))\n");
  const std::vector<Json> trees = PerTree(data, {"--gradients"});
  ASSERT_EQ(trees.size(), 4u);
  for (const Json& tree : trees) EXPECT_GT(tree["grad_norm_root"], 0);
  EXPECT_EQ(trees[0]["keyword_depth"], 0);
  EXPECT_EQ(trees[0]["grad_norm_keyword"], trees[0]["grad_norm_root"]);
  EXPECT_EQ(trees[1]["keyword_depth"], 2);
  EXPECT_GT(trees[1]["grad_norm_keyword"], 0);
  EXPECT_NE(trees[1]["grad_norm_keyword"], trees[1]["grad_norm_root"]);
  for (size_t t : {2, 3}) {
    EXPECT_TRUE(trees[t]["keyword_depth"].is_null());
    EXPECT_TRUE(trees[t]["grad_norm_keyword"].is_null());
  }
}

TEST_F(EvalProgram, CountsInnerLabels) {
  const std::string data = folder_.Write("inner.ptb", "(2 (1 2000) (. 200))\n(. (3 300) (. 9))\n");
  const Json result = Json::parse(RunProgram(Command(data, {"--json"})).out);
  EXPECT_TRUE(result["node_accuracy"].is_number());
  const std::vector<Json> trees = PerTree(data);
  EXPECT_TRUE(trees[1]["label"].is_null());
  EXPECT_EQ(trees[1]["probabilities"].size(), 0u);
  EXPECT_GT(trees[1]["loss"], 0);
}

TEST_F(EvalProgram, ModelAndFileMayStandByThemselves) {
  const ProgramResult result = RunProgram({"eval", checkpoint_, test_});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, RunProgram(Command(test_)).out);
}

int Sum(const Json& row) {
  const auto counts = row.get<std::vector<int>>();
  return std::accumulate(counts.begin(), counts.end(), 0);
}

TEST_F(EvalProgram, ConfusionAddsUp) {
  const std::string data =
      folder_.Write("inner.ptb", "(2 (1 2000) (3 200))\n(. (3 300) (. 9))\n(2 7)\n");
  const Json result = Json::parse(RunProgram(Command(data, {"--json"})).out);
  std::vector<int> roots, nodes;
  for (const Json& row : result["confusion"]) {
    EXPECT_EQ(row.size(), 10u);
    roots.push_back(Sum(row));
  }
  for (const Json& row : result["node_confusion"]) {
    nodes.push_back(Sum(row));
  }
  EXPECT_EQ(roots, (std::vector<int>{0, 0, 2, 0, 0, 0, 0, 0, 0, 0}));
  EXPECT_EQ(nodes, (std::vector<int>{0, 1, 2, 2, 0, 0, 0, 0, 0, 0}));
  EXPECT_EQ(result["confusion"][2][2].get<double>() / 2, result["root_accuracy"]);
  EXPECT_EQ(result["f1"].size(), 10u);
  EXPECT_EQ(result["node_f1"].size(), 10u);
  EXPECT_TRUE(result["macro_f1"].is_number());
  EXPECT_TRUE(result["node_macro_f1"].is_number());
  EXPECT_FALSE(result.contains("binary_accuracy")) << "ten classes, and not asked for";
  const std::string text = RunProgram(Command(data)).out;
  EXPECT_NE(text.find("\nmacro_f1 "), std::string::npos);
  EXPECT_EQ(text.find("confusion"), std::string::npos) << text;
}

TEST_F(EvalProgram, BinaryAccuracyIsThatOfTheHalves) {
  const Json result = Json::parse(RunProgram(Command(test_, {"--json", "--binary"})).out);
  int right = 0, total = 0;
  for (const Json& tree : PerTree(test_)) {
    const auto p = tree["probabilities"].get<std::vector<double>>();
    const bool predicted = std::accumulate(p.begin() + 5, p.end(), 0.0) > 0.5;
    right += predicted == (tree["label"].get<int>() >= 5) ? 1 : 0;
    ++total;
  }
  EXPECT_EQ(result["binary_trees"], total);
  EXPECT_NEAR(result["binary_accuracy"], static_cast<double>(right) / total, 1e-12);
}

TEST_F(EvalProgram, FiveClassesAreSentiment) {
  const std::string trees =
      folder_.Write("five.ptb", "(0 (1 bad) (2 it))\n(4 (3 good) (2 it))\n(2 it)\n");
  const std::string out = folder_.Path("five");
  ASSERT_EQ(RunProgram({"train", "--train", trees, "--dev", trees, "--out", out, "--dim", "4",
                        "--epochs", "2", "--quiet"})
                .exit_code,
            0);
  const Json result =
      Json::parse(RunProgram({"eval", out + "/model.safetensors", trees, "--json"}).out);
  EXPECT_EQ(result["binary_trees"], 2) << "the neutral root does not count";
  EXPECT_TRUE(result["binary_accuracy"].is_number());
}

TEST_F(EvalProgram, RatiosOfLeavesByDepth) {
  const std::string known = Lines(RunProgram({"inspect", checkpoint_, "--words"}).out)[0];
  const std::string data =
      folder_.Write("odd.ptb", "(1 100)\n(2 (. 2000) (. (. " + known + ") (. 200)))\n(2 (. " +
                                   known + ") (. 201))\n(. (. 1) (. 2))\n");
  const Json all = Json::parse(RunProgram(Command(data, {"--gradients", "--json"})).out);
  const Json& ratios = all["leaf_ratios"];
  ASSERT_EQ(ratios.size(), 2u) << all;
  EXPECT_EQ(ratios[0]["depth"], 1);
  EXPECT_EQ(ratios[0]["n"], 3) << "a root that is a leaf, and a tree without labels, have no ratio";
  EXPECT_EQ(ratios[1]["depth"], 2);
  EXPECT_EQ(ratios[1]["n"], 2);
  for (const Json& ratio : ratios) {
    EXPECT_LE(ratio["q05"], ratio["median"]);
    EXPECT_LE(ratio["median"], ratio["q95"]);
    EXPECT_GT(ratio["q05"], 0);
  }
  const Json word = Json::parse(
      RunProgram(Command(data, {"--gradients", "--word", known, "--json"})).out)["leaf_ratios"];
  ASSERT_EQ(word.size(), 2u);
  EXPECT_EQ(word[0]["n"], 1);
  EXPECT_EQ(word[1]["n"], 1);
  const ProgramResult text = RunProgram(Command(data, {"--gradients", "--word", known}));
  EXPECT_NE(text.out.find("leaves with the word '" + known + "'"), std::string::npos) << text.out;
  EXPECT_NE(text.out.find("median"), std::string::npos);
}

TEST_F(EvalProgram, BothMatrixProductsAgree) {
  const Json simd = Json::parse(RunProgram(Command(test_, {"--json"})).out);
  const ProgramResult other = RunProgram(Command(test_, {"--json", "--gemm", "openblas"}));
  ASSERT_EQ(other.exit_code, 0) << other.err;
  EXPECT_NEAR(Json::parse(other.out)["loss"], simd["loss"], 1e-5);
}

// The data, which is read once, may come out of a pipe; a model is a file.
TEST_F(EvalProgram, TakesAPipeOfTrees) {
  const std::string pipe = folder_.Path("pipe");
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  std::thread writer([&] { WriteText(pipe, ReadText(test_)); });
  const ProgramResult result = RunProgram(Command(pipe));
  writer.join();
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, RunProgram(Command(test_)).out);
}

TEST_F(EvalProgram, WeightsThatAreNoNumbersAreNoModel) {
  std::string bytes = ReadText(checkpoint_);
  uint64_t header = 0;
  std::memcpy(&header, bytes.data(), sizeof(header));
  const float nan = std::nanf("");
  for (size_t at = 8 + header; at + sizeof(nan) <= bytes.size(); at += sizeof(nan)) {
    std::memcpy(&bytes[at], &nan, sizeof(nan));
  }
  const std::string path = folder_.Write("nan.safetensors", bytes);
  ExpectOneError({"eval", "--checkpoint", path, "--data", test_}, {path, "finite"});
}

TEST_F(EvalProgram, ChecksTheOutputBeforeAnyWork) {
  const std::string out = folder_.Path("absent/trees.jsonl");
  ExpectOneError({"eval", "--checkpoint", "none", "--data", "none", "--per-tree", out}, {out});
}

TEST_F(EvalProgram, BadInputWritesNothing) {
  const std::string out = folder_.Path("trees.jsonl");
  const Arguments per_tree = {"--per-tree", out};
  ExpectOneError(Command(folder_.Write("a.ptb", "(1 (. 2) (. 300)\n"), per_tree), {"a.ptb:1:"});
  ExpectOneError(Command(folder_.Write("b.ptb", "(10 300)\n"), per_tree), {"b.ptb:1:2", "0 to 9"});
  ExpectOneError(Command(folder_.Path("absent.ptb"), per_tree), {"absent.ptb"});
  ExpectOneError(With(Command(test_, per_tree), {"--gradient"}), {"'--gradient'", "'--gradients'"});
  ExpectOneError(Command(test_, {"--word", "1"}), {"--gradients"});
  ExpectOneError(Command(test_, {"--gradients", "--word", "x", "--per-tree", out}), {"'x'"});
  const std::string whole = ReadText(checkpoint_);
  for (size_t size : {size_t{0}, size_t{5}, size_t{100}, whole.size() / 2, whole.size() - 1}) {
    const std::string cut = folder_.Write("cut.safetensors", whole.substr(0, size));
    ExpectOneError({"eval", "--checkpoint", cut, "--data", test_, "--per-tree", out},
                   {"cut.safetensors"});
  }
  EXPECT_FALSE(fs::exists(out));
}

}  // namespace
}  // namespace grove::test
