// The files of the Stanford Tree-LSTM code: what is read of them, and every fault at its place.
#include "engine/files/parents_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/files/bracket_writer.h"
#include "engine/files/treebank.h"
#include "tests/experiments/temporary_folder.h"

namespace grove {
namespace {

using Ints = std::vector<int32_t>;
using Words = std::vector<std::string>;

class Parents : public testing::Test {
 protected:
  Treebank Read(const std::string& name, const TreebankOptions& options = {}) const {
    TreebankOptions as = options;
    as.reading.format = "parents";
    return ReadTreebank(folder_.Path(name), as);
  }
  std::string Text(const Treebank& read) const {
    return FormatBrackets(read.forest, read.words, read.labels);
  }

  TemporaryFolder folder_;
};

TEST_F(Parents, StanfordsTreesWithBars) {
  folder_.Write("STree.txt", "4|4|5|5|0\n0\n3|3|0\n");
  folder_.Write("SOStr.txt", "a|-LRB-|c\none\nx|y\n");
  EXPECT_EQ(Text(Read("STree.txt")), "(. (. (. a) (. -LRB-)) (. c))\n(. one)\n(. (. x) (. y))\n");
  EXPECT_EQ(Read("STree.txt").words[1], "(");
  EXPECT_EQ(CheckTreebank(folder_.Path("STree.txt"), {}).format, "parents") << "known by its name";
}

TEST_F(Parents, ChildrenStandInTheOrderOfTheirWords) {
  // Node 4 is the right part, and has the smaller number.
  folder_.Write("a.cparents", "5 4 4 5 0\n");
  folder_.Write("a.toks", "x y z\n");
  EXPECT_EQ(Text(Read("a.cparents")), "(. (. x) (. (. y) (. z)))\n");
}

TEST_F(Parents, LabelsOfNodesOrOfTheRoot) {
  folder_.Write("a.cparents", "3 3 0\n3 3 0\n");
  folder_.Write("a.toks", "x y\ny x\n");
  folder_.Write("a.labels", "0 # 2\n1\n");
  EXPECT_EQ(Text(Read("a.cparents")), "(2 (0 x) (. y))\n(1 (. y) (. x))\n");
  folder_.Write("a.labels", "0 -2 2\n1\n");
  EXPECT_EQ(Text(Read("a.cparents")), "(4 (2 x) (0 y))\n(3 (. y) (. x))\n") << "from -2 to 2";
  folder_.Write("a.labels", "no yes yes\nno\n");
  EXPECT_EQ(Text(Read("a.cparents")), "(yes (no x) (yes y))\n(no (. y) (. x))\n");
}

TEST_F(Parents, AsManyTokensAsNodesAreADependencyTree) {
  folder_.Write("a.parents", "2 0 2 -1\n");
  folder_.Write("a.toks", "Ana sings well .\n");
  folder_.Write("dlabels.txt", "# 1 # #\n");
  const Treebank read = Read("a.parents");
  EXPECT_EQ(read.words, (Words{"Ana", "sings", "well", "."}));
  EXPECT_EQ(read.forest.word, (Ints{0, 2, 1}));
  EXPECT_EQ(read.forest.label, (Ints{kNone, kNone, 1}));
  EXPECT_EQ(read.forest.child, (Ints{0, 1}));
}

// What was read is all of the files, so that a run knows them by it.
TEST_F(Parents, TheHashIsOfAllFiles) {
  folder_.Write("a.cparents", "3 3 0\n");
  folder_.Write("a.toks", "x y\n");
  const std::string before = Read("a.cparents").xxh3;
  EXPECT_EQ(Read("a.cparents").xxh3, before);
  folder_.Write("a.toks", "x z\n");
  EXPECT_NE(Read("a.cparents").xxh3, before);
  const std::string unlabelled = Read("a.cparents").xxh3;
  folder_.Write("a.labels", "1\n");
  EXPECT_NE(Read("a.cparents").xxh3, unlabelled);
}

TEST_F(Parents, OnlyChildrenAreLeftOutOrKept) {
  folder_.Write("a.cparents", "3 4 4 5 0\n");
  folder_.Write("a.toks", "x y\n");
  const Treebank read = Read("a.cparents");
  EXPECT_EQ(Text(read), "(. (. x) (. y))\n");
  EXPECT_EQ(read.collapsed, 2u);
  TreebankOptions keep;
  keep.reading.keep_unary = true;
  EXPECT_EQ(Read("a.cparents", keep).forest.nodes(), 5u);
}

TEST_F(Parents, PairsStandInTwoFilesWithScoresOrClasses) {
  folder_.Write("a.parents", "2 0\n0\n");
  folder_.Write("a.toks", "x y\nz\n");
  folder_.Write("b.parents", "0\n0 1 1\n");
  folder_.Write("b.toks", "y\nx y z\n");
  folder_.Write("sim.txt", "4.5\n1\n");
  folder_.Write("ent.txt", "NEUTRAL\nENTAILMENT\n");
  TreebankOptions options;
  options.examples = Examples::kScoredPairs;
  const Treebank scores = Read("a.parents", options);
  EXPECT_EQ(scores.forest.pair_score, (std::vector<float>{4.5, 1}));
  EXPECT_EQ(scores.forest.word, (Ints{0, 1, 1, 2, 1, 2, 0}));
  EXPECT_EQ(scores.forest.tree_begin, (Ints{0, 2, 3, 4, 7}));
  options.examples = Examples::kPairs;
  const Treebank classes = Read("a.parents", options);
  EXPECT_EQ(classes.labels, (Words{"NEUTRAL", "ENTAILMENT"}));
  EXPECT_NE(classes.xxh3, scores.xxh3);

  folder_.Write("sim.txt", "4.5\n0\n");
  options.examples = Examples::kScoredPairs;
  EXPECT_NE(ErrorMessage([&] {
              Read("a.parents", options);
            }).find("sim.txt:2:1: score '0': must be a number from 1 to 5"),
            std::string::npos);
  folder_.Write("b.parents", "0\n3 1 0\n");
  folder_.Write("sim.txt", "4.5\n1\n");
  EXPECT_EQ(ErrorMessage([&] { Read("a.parents", options); }), "no error");
  folder_.Write("b.parents", "0\n3 1 7\n");
  EXPECT_NE(ErrorMessage([&] { Read("a.parents", options); }).find("b.parents:2:5: parent '7'"),
            std::string::npos);
  std::filesystem::remove(folder_.Path("b.parents"));
  EXPECT_EQ(ErrorMessage([&] { Read("a.parents", options); }),
            folder_.Path("a.parents") +
                ": the file of the second trees is not there: b.parents in the same folder");
}

struct FaultCase {
  std::string parents, tokens, labels, message;
};

TEST_F(Parents, FaultsHaveTheirPlace) {
  const std::string node = "': must be another node, from 1 to 3, or 0 at the root";
  const std::vector<FaultCase> cases = {
      {"3 3 x\n", "a b\n", "", "a.cparents:1:5: parent 'x" + node},
      {"3 3 4\n", "a b\n", "", "a.cparents:1:5: parent '4" + node},
      {"1 3 0\n", "a b\n", "", "a.cparents:1:1: parent '1" + node},
      {"-1 3 0\n", "a b\n", "", "a.cparents:1:1: parent '-1" + node},
      {"3 0 0\n", "a b\n", "", "a.cparents:1:5: a second root: a tree has one"},
      {"3 3 2\n", "a b\n", "", "a.cparents:1:1: no root: no node has the parent 0"},
      {"0 3 2\n", "a b c\n", "",
       "a.cparents:1:3: a circle of parents: no way leads from here to the root"},
      {"3 3 0 3\n", "a b\n", "", "a.cparents:1:7: a node without children and without a word"},
      {"3 3 0\n", "a b c d\n", "", "a.cparents:1:1: 3 nodes, and a.toks:1 has 4 tokens"},
      {"3 3 0\n", "\n", "", "a.cparents:1:1: 3 nodes, and a.toks:1 has 0 tokens"},
      {"\n", "a\n", "", "a.cparents:1:1: no node: a line is a tree"},
      {"0\n0\n", "a\n", "", "a.cparents:2:1: a.toks has only 1 lines"},
      {"0\n", "a\nb\n", "", "a.cparents:1:1: a.toks has more lines than trees"},
      {"0\n", "a\n", "1\n1\n", "a.cparents:1:1: a.labels has more lines than trees"},
      {"0\n0\n", "a\na\n", "1\n", "a.cparents:2:1: a.labels has only 1 lines"},
      {"3 3 0\n", "a b\n", "1 2\n",
       "a.cparents:1:1: a.labels:1:1: 2 labels: must be one, or 3 as the tree has nodes"},
      {"3 3 0\n", "a b\n", "1 2 99\n",
       "a.cparents:1:1: a.labels:1:5: label '99': must be '.' or an integer from 0 to 9 unless the "
       "number of classes is given (--classes)"},
      {"3 3 0\n", "a \xff\n", "",
       "a.cparents:1:1: a.toks:1:3: a token that is empty, has blanks or control characters or is "
       "not UTF-8"},
      {"-1\n", "a\n", "", "a.cparents:1:1: no token is in the tree"},
      {"2 -1\n", "a b\n", "", "a.cparents:1:1: a parent that is in no tree"},
  };
  for (const FaultCase& each : cases) {
    folder_.Write("a.cparents", each.parents);
    folder_.Write("a.toks", each.tokens);
    std::filesystem::remove(folder_.Path("a.labels"));
    if (!each.labels.empty()) folder_.Write("a.labels", each.labels);
    std::string message = ErrorMessage([&] { Read("a.cparents"); });
    message = message.substr(0, message.find(", near '"));
    for (size_t at; (at = message.find(folder_.path() + "/")) != std::string::npos;) {
      message.erase(at, folder_.path().size() + 1);
    }
    EXPECT_EQ(message, each.message) << each.parents << each.tokens << each.labels;
  }
  std::filesystem::remove(folder_.Path("a.toks"));
  EXPECT_EQ(ErrorMessage([&] { Read("a.cparents"); }),
            folder_.Path("a.cparents") +
                ": the file of its tokens is not there: a.toks in the same folder");
}

TEST_F(Parents, AFaultSpoilsNoOtherTree) {
  folder_.Write("a.cparents", "3 3 0\n3 x 0\n3 3 0\n");
  folder_.Write("a.toks", "a b\na b\nc d\n");
  const TreebankCheck check = CheckTreebank(folder_.Path("a.cparents"), {});
  EXPECT_EQ(check.trees, 2u);
  EXPECT_EQ(check.faults.size(), 1u);
}

}  // namespace
}  // namespace grove
