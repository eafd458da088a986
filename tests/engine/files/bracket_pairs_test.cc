// Files of pairs of trees: what is read of them, and every fault at its place.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/error.h"
#include "engine/files/files.h"
#include "engine/files/formats.h"
#include "engine/files/treebank.h"
#include "engine/files/treebank_dataset.h"

namespace grove {
namespace {

TEST(BracketPairs, TwoTreesAndAClass) {
  const Treebank read = ParseTreebank(
      "2\t(. a)\t(. (NP b) (. a))\r\n"
      "\n"
      "0\t( . (3 c) (. b) )\t(. c)",
      "p", {.examples = Examples::kPairs});
  const Forest& forest = read.forest;
  EXPECT_EQ(forest.trees_per_example, 2);
  EXPECT_EQ(forest.examples(), 2u);
  EXPECT_EQ(forest.trees(), 4u);
  EXPECT_EQ(forest.pair_label, (std::vector<int32_t>{2, 0}));
  EXPECT_TRUE(forest.pair_score.empty());
  EXPECT_EQ(read.classes, 3);
  EXPECT_EQ(read.words, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(forest.leaf_count, (std::vector<int32_t>{1, 2, 2, 1}));
  for (const int32_t label : forest.label) EXPECT_EQ(label, kNone);
}

TEST(BracketPairs, Scores) {
  const Treebank read = ParseTreebank("1\t(. a)\t(. b)\n4.75\t(. a)\t(. a)\n5.0\t(. b)\t(. b)\n",
                                      "p", {.examples = Examples::kScoredPairs});
  EXPECT_EQ(read.forest.pair_score, (std::vector<float>{1, 4.75, 5}));
  EXPECT_TRUE(read.forest.pair_label.empty());
  EXPECT_EQ(read.classes, 5);
}

struct FaultCase {
  std::string text;
  Examples examples;
  int classes;
  std::string message;
};

const std::string kFields = ": a pair is a label, a tab, a tree, a tab and a tree";

const std::vector<FaultCase>& Cases() {
  constexpr Examples kPairs = Examples::kPairs, kScored = Examples::kScoredPairs;
  static const std::vector<FaultCase> kCases = {
      {"(1 a)\n", kPairs, 0, "p:1:6: only 1 field" + kFields},
      {"1\t(. a)\n", kPairs, 0, "p:1:8: only 2 fields" + kFields},
      {"1\t(. a)\t(. b)\t(. c)\n", kPairs, 0, "p:1:14: a fourth field" + kFields},
      {"1\t(. a)\t\n", kPairs, 0, "p:1:9: an empty field: here must be a tree"},
      {"1\t\t(. a)\n", kPairs, 0, "p:1:3: an empty field: here must be a tree"},
      {"1\t(. a)\t(. b)\n3\t(. a)\t(. b)\n", kPairs, 3,
       "p:2:1: label '3': must be an integer from 0 to 2, because classes is 3 (--classes)"},
      {"10\t(. a)\t(. b)\n", kPairs, 0,
       "p:1:1: label '10': must be an integer from 0 to 9 unless the number of classes is given "
       "(--classes)"},
      {".\t(. a)\t(. b)\n", kPairs, 2,
       "p:1:1: label '.': must be an integer from 0 to 1, because classes is 2 (--classes)"},
      {"3.5\t(. a)\t(. b)\n", kPairs, 5,
       "p:1:1: label '3.5': must be an integer from 0 to 4, because classes is 5 (--classes)"},
      {"nan\t(. a)\t(. b)\n", kScored, 0, "p:1:1: score 'nan': must be a number from 1 to 5"},
      {"5.01\t(. a)\t(. b)\n", kScored, 0, "p:1:1: score '5.01': must be a number from 1 to 5"},
      {"0.5\t(. a)\t(. b)\n", kScored, 0, "p:1:1: score '0.5': must be a number from 1 to 5"},
      {"3x\t(. a)\t(. b)\n", kScored, 0, "p:1:1: score '3x': must be a number from 1 to 5"},
      {"\t(. a)\t(. b)\n", kScored, 0, "p:1:1: score '': must be a number from 1 to 5"},
      {"1\t(. a\t(. b)\n", kPairs, 0, "p:1:7: unbalanced '(': the line ends with 1 open"},
      {"1\t(. a)\t(. (. b)\n", kPairs, 0, "p:1:17: unbalanced '(': the line ends with 1 open"},
      {"1\t(. a)\t(. (. b)", kPairs, 0,
       "p:1:17: unbalanced '(': the line ends with 1 open; the file seems to be cut short"},
      {"1\t(. a)\tword\n", kPairs, 0, "p:1:9: a tree must begin with '('"},
      {"1\t(. a)\t(() b)\n", kPairs, 0,
       "p:1:11: missing label: after '(' there must be '.' or a "
       "label"},
      {"1\t(. a)\t(. \x01)\n", kPairs, 0, "p:1:12: control character 0x01: this is no text"},
      {"\n", kPairs, 0, "p:1:1: there is no tree"},
      {"1\t(. a)\t(. b)\n", Examples::kTrees, 0,
       "p:1:1: a tree must begin with '('; of pairs of trees, comparison (--comparison) must be "
       "tai or bowman"},
  };
  return kCases;
}

TEST(BracketPairs, TheFirstFaultIsAnErrorWithItsPlace) {
  for (const FaultCase& each : Cases()) {
    std::string message = "no error";
    try {
      ParseTreebank(each.text, "p", {.examples = each.examples, .classes = each.classes});
    } catch (const Error& error) {
      message = error.what();
      message = message.substr(0, message.find(", near '"));
    }
    EXPECT_EQ(message, each.message) << each.text;
  }
}

TEST(BracketPairs, AsADataset) {
  const std::string train = testing::TempDir() + "/pairs_train.txt";
  const std::string dev = testing::TempDir() + "/pairs_dev.txt";
  WriteFileAtomically(train, "1.5\t(. a)\t(. b)\n3\t(. b)\t(. c)\n");
  WriteFileAtomically(dev, "4\t(. c)\t(. new)\n");
  const auto read = [&](int classes) {
    return ReadTreebankDataset(train, dev, "",
                               {.examples = Examples::kScoredPairs, .classes = classes});
  };
  const Dataset dataset = read(0);
  EXPECT_EQ(dataset.classes, 5);
  EXPECT_EQ(dataset.train.examples(), 2u);
  EXPECT_EQ(dataset.dev.examples(), 1u);
  EXPECT_EQ(dataset.words.back(), "<unk>");
  EXPECT_EQ(HashDataset(dataset), HashDataset(read(5)));
  EXPECT_THROW(read(3), Error);
  Dataset other = dataset;
  other.dev.pair_score[0] = 4.5f;
  EXPECT_NE(HashDataset(other), HashDataset(dataset));
}

TEST(BracketPairs, AreGuessedFromMostLines) {
  const auto guess = [](const std::string& text, int classes = 0) {
    return GuessExamples(text, classes);
  };
  EXPECT_EQ(guess(""), Examples::kTrees);
  EXPECT_EQ(guess("(1 a)\n\n \t(1 (. a)\t(. b))"), Examples::kTrees);
  EXPECT_EQ(guess("\n2\t(. a)\t(. b)\n"), Examples::kPairs);
  EXPECT_EQ(guess("2\t(. a)\t(. b)\n(1 a)\n3\t(. a)\t(. b)"), Examples::kPairs);
  EXPECT_EQ(guess("2\t(. a)\t(. b)\n(1 a)\n(1 b)\n"), Examples::kTrees);
  EXPECT_EQ(guess("2\t(. a)\t(. b)\n2.5\t(. a)\t(. b)\n"), Examples::kScoredPairs);
  EXPECT_EQ(guess("2\t(. a)\t(. b)\n2.5\t(. a)\t(. b)\n", 3), Examples::kPairs);
  EXPECT_EQ(guess(".\t(. a)\t(. b)\nx.y\t(. a)\t(. b)\n"), Examples::kPairs);
}

TEST(BracketPairs, AreWhatTheSettingsCompare) {
  RunSpec spec;
  EXPECT_EQ(ExamplesOf(spec), Examples::kTrees);
  spec.comparison = "bowman";
  EXPECT_EQ(ExamplesOf(spec), Examples::kPairs);
  spec.target = "score";
  EXPECT_EQ(ExamplesOf(spec), Examples::kScoredPairs);
}

}  // namespace
}  // namespace grove
