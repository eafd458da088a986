// Bracketed files without faults, read and written; faults are in bracket_faults_test.cc.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/error.h"
#include "engine/files/bracket_reader.h"
#include "engine/files/bracket_words.h"
#include "engine/files/bracket_writer.h"
#include "engine/files/treebank.h"
#include "engine/tasks/task.h"
#include "tests/experiments/temporary_folder.h"

namespace grove {
namespace {

using Words = std::vector<std::string>;
using Ints = std::vector<int32_t>;

TEST(Brackets, TreesAreReadInPostOrder) {
  const Treebank trees = ParseTreebank("(6 (. (1 a) (. b)) (2 a))\n(0 c)\n", "t");
  EXPECT_EQ(trees.words, (Words{"a", "b", "c"}));
  EXPECT_EQ(trees.classes, 7);
  EXPECT_EQ(trees.forest.word, (Ints{0, 1, kNone, 0, kNone, 2}));
  EXPECT_EQ(trees.forest.child, (Ints{0, 1, 2, 3}));
  EXPECT_EQ(trees.forest.child_begin, (Ints{0, 0, 0, 2, 2, 4, 4}));
  EXPECT_EQ(trees.forest.label, (Ints{1, kNone, kNone, 2, 6, 0}));
  EXPECT_EQ(trees.forest.tree_begin, (Ints{0, 5, 6}));
  EXPECT_EQ(trees.forest.keyword, (Ints{kNone, kNone}));
}

TEST(Brackets, ClassesAreThoseAskedForOrInferred) {
  EXPECT_EQ(ParseTreebank("(3 a)\n", "t").classes, 4);
  EXPECT_EQ(ParseTreebank("(3 a)\n", "t", {.classes = 5}).classes, 5);
  EXPECT_EQ(ParseTreebank("(. a)\n", "t").classes, 0);
}

TEST(Brackets, BlankLinesSpacesAndCrLfAreTolerated) {
  const Forest plain = ParseTreebank("(1 (. a) (. b))\n(2 c)\n", "t").forest;
  for (const char* text :
       {"\n(1 (. a) (. b))\n\n \t\n(2 c)\n\n", "(1 (. a) (. b))\r\n\r\n(2 c)\r\n",
        "  ( 1\t(.  a ) (. b)  )  \n(2 c)", "(1(. a)(. b))\n(2 c)\n"}) {
    const Forest read = ParseTreebank(text, "t").forest;
    EXPECT_EQ(read.word, plain.word) << text;
    EXPECT_EQ(read.label, plain.label) << text;
    EXPECT_EQ(read.tree_begin, plain.tree_begin) << text;
  }
}

TEST(Brackets, EscapesStandForTheirCharactersInMemoryOnly) {
  const std::string text = "(1 (. -LRB-) (. (. and\\/or) (. \\*\\*)))\n(0 (. -RRB-) (. a\\b))\n";
  const Treebank trees = ParseTreebank(text, "t");
  EXPECT_EQ(trees.words, (Words{"(", "and/or", "**", ")", "a\\b"}));
  EXPECT_EQ(FormatBrackets(trees.forest, trees.words), text);
}

TEST(Brackets, EscapingIsUndoneForEveryShortWord) {
  const std::string alphabet = "()/*\\-LRB";
  Words words = {""};
  for (size_t i = 0; i < words.size() && words[i].size() < 4; ++i) {
    for (char c : alphabet) words.push_back(words[i] + c);
  }
  for (const std::string& word : words) {
    const std::string spelling = EscapeWord(word);
    ASSERT_EQ(spelling.find_first_of("()"), std::string::npos) << word;
    ASSERT_EQ(UnescapeWord(spelling), word) << spelling;
  }
}

// Words in UTF-8, with a no-break space, which is no blank.
TEST(Brackets, FilesGoRoundByteForByte) {
  const std::string text =
      "(3 (2 (2 8\xc2\xa0"
      "1\\/2) (2 caf\xc3\xa9)) (2 .))\n"
      "(. (0 (. ``) (1 '')) (4 (. -LRB-) (. (. x) (. -RRB-))))\n"
      "(4 <unk>)\n";
  const Treebank trees = ParseTreebank(text, "t");
  EXPECT_EQ(FormatBrackets(trees.forest, trees.words), text);
}

TEST(Brackets, GeneratedTreesGoRoundWithTheirKeywords) {
  DatasetSpec spec;
  spec.min_length = 1;
  spec.max_length = 20;
  spec.train = 300;
  spec.dev = spec.test = 1;
  const Forest forest = GenerateDataset(spec).train;
  const std::string text = FormatBrackets(forest, {});
  const Treebank read = ParseTreebank(text, "t");
  EXPECT_EQ(read.forest.keyword, forest.keyword);
  EXPECT_EQ(read.forest.label, forest.label);
  EXPECT_EQ(read.forest.child, forest.child);
  EXPECT_EQ(FormatBrackets(read.forest, read.words), text);
}

TEST(Brackets, TheKeywordIsTheOneNumberBelowAThousandAmongNumbers) {
  const auto keyword = [](const std::string& tree) {
    return ParseTreebank(tree, "t").forest.keyword[0];
  };
  EXPECT_EQ(keyword("(6 (. 4711) (. 607))"), 1);
  EXPECT_EQ(keyword("(0 (. 0) (. 99999999999999999999))"), 0);
  EXPECT_EQ(keyword("(9 999)"), 0);
  EXPECT_EQ(keyword("(6 (. 4711) (. 1000))"), kNone) << "none";
  EXPECT_EQ(keyword("(6 (. 471) (. 607))"), kNone) << "two";
  EXPECT_EQ(keyword("(6 (. 471) (. 471))"), kNone) << "the same twice";
  EXPECT_EQ(keyword("(6 (. 607) (. word))"), kNone) << "not all are numbers";
  EXPECT_EQ(keyword("(6 (. 607) (. 0471))"), kNone) << "not written plainly";
  EXPECT_EQ(keyword("(6 (. 607) (. -4711))"), kNone) << "not written plainly";
}

TEST(Brackets, AChainOfAHundredThousandLeavesGoesRound) {
  for (const char* tree : {"left", "right"}) {
    DatasetSpec spec;
    spec.tree = tree;
    spec.min_length = spec.max_length = 100000;
    spec.train = spec.dev = spec.test = 1;
    const Forest forest = GenerateDataset(spec).train;
    const std::string text = FormatBrackets(forest, {});
    EXPECT_EQ(ParseTreebank(text, "t").forest.child, forest.child) << tree;
  }
}

TEST(Brackets, WhatNoReaderWouldGetBackIsNotWritten) {
  const Treebank trees = ParseTreebank("(1 (. a) (. b))\n", "t");
  EXPECT_THROW(FormatBrackets(trees.forest, {"a", "two words"}), Error);
  EXPECT_THROW(FormatBrackets(trees.forest, {"a", ""}), Error);
  Forest inner = trees.forest;
  inner.word[2] = 0;
  EXPECT_EQ(ErrorMessage([&] { FormatBrackets(inner, trees.words); }),
            "the word 'a' stands at a node with children, which brackets cannot hold");
}

}  // namespace
}  // namespace grove
