// Tables of ListOps and of logical inference: what is read of them, and every fault at its place.
#include "engine/files/tsv_readers.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/files/bracket_writer.h"
#include "engine/files/treebank.h"
#include "tests/experiments/temporary_folder.h"

namespace grove {
namespace {

using Words = std::vector<std::string>;

TreebankOptions As(const std::string& format) {
  TreebankOptions options;
  options.reading.format = format;
  options.examples = std::nullopt;
  return options;
}

TEST(TsvReaders, ListOps) {
  const std::string text = "9\t( ( ( [MAX 2 ) 9 ) ] )\r\n\n5\t5\n";
  const Treebank read = ParseTreebank(text, "l", As("listops"));
  EXPECT_EQ(read.words, (Words{"[MAX", "2", "9", "]", "5"}));
  EXPECT_EQ(FormatBrackets(read.forest, read.words),
            "(9 (. (. (. [MAX) (. 2)) (. 9)) (. ]))\n(5 5)\n");
  EXPECT_EQ(read.classes, 10);
  EXPECT_EQ(ParseTreebank(text, "l").forest.trees(), 2u) << "known by its look";
}

TEST(TsvReaders, LogicalInference) {
  const std::string text = "<\t( not f )\t( a ( and b ) )\n#\ta\tb\n";
  const Treebank read = ParseTreebank(text, "l", As("logic"));
  EXPECT_EQ(read.labels, (Words{"<", "#"}));
  EXPECT_EQ(read.classes, 2);
  EXPECT_EQ(read.forest.pair_label, (std::vector<int32_t>{0, 1}));
  EXPECT_EQ(FormatBrackets(read.forest, read.words, read.labels),
            "<\t(. (. not) (. f))\t(. (. a) (. (. and) (. b)))\n#\t(. a)\t(. b)\n");
  EXPECT_EQ(ParseTreebank(text, "l", As("auto")).forest.examples(), 2u) << "known by its look";
  EXPECT_EQ(ErrorMessage([&] { ParseTreebank(text, "l"); }),
            "l: its format, logic, holds pairs of trees; comparison (--comparison) must be tai or "
            "bowman");
  TreebankOptions pairs = As("listops");
  pairs.examples = Examples::kPairs;
  EXPECT_EQ(ErrorMessage([&] { ParseTreebank("5\t5\n", "l", pairs); }),
            "l: its format, listops, holds single trees, not pairs; comparison (--comparison) must "
            "be none");
}

TEST(TsvReaders, OnlyChildrenAreLeftOutOrKept) {
  const std::string text = "1\t( ( a ) ( b c ) )\n";
  const Treebank read = ParseTreebank(text, "l", As("listops"));
  EXPECT_EQ(FormatBrackets(read.forest, read.words), "(1 (. a) (. (. b) (. c)))\n");
  EXPECT_EQ(read.collapsed, 1u);
  TreebankOptions keep = As("listops");
  keep.reading.keep_unary = true;
  EXPECT_EQ(ParseTreebank(text, "l", keep).forest.nodes(), 6u);
}

struct FaultCase {
  std::string format, text, message;
};

TEST(TsvReaders, FaultsHaveTheirPlace) {
  const std::vector<FaultCase> cases = {
      {"listops", "5 5\n", "l:1:1: 1 field: a line is a label, a tab and a tree"},
      {"listops", "5\t5\t5\n", "l:1:1: 3 fields: a line is a label, a tab and a tree"},
      {"listops", "5\t\n", "l:1:3: an empty field: here must be a tree"},
      {"listops", "12\t5\n",
       "l:1:1: label '12': must be '.' or an integer from 0 to 9 unless the number of classes is "
       "given (--classes)"},
      {"listops", "5\t( 5\n", "l:1:6: unbalanced '(': the tree ends with 1 open"},
      {"listops", "5\t( 5 6 ) )\n", "l:1:11: text after the tree"},
      {"listops", "5\t) 5\n", "l:1:3: unbalanced ')': no bracket is open"},
      {"listops", "5\t5 6\n", "l:1:5: text after the tree"},
      {"listops", "5\t( ) 6\n", "l:1:5: nothing between the brackets"},
      {"listops", "5\t( a\x01 b )\n", "l:1:6: control character 0x01: this is no text"},
      {"logic", "<\ta\n", "l:1:1: 2 fields: a line is a label, a tab and a tree, a tab and a tree"},
      {"logic", "<\ta\t( b\n", "l:1:8: unbalanced '(': the tree ends with 1 open"},
      {"logic", "<\t\tb\n", "l:1:3: an empty field: here must be a tree"},
      {"logic", "<\ta\tb\n3\ta\tb\n",
       "l:2:1: label '3': must be '.' or a name, as the labels before it are"},
      {"logic", "\ta\tb\n",
       "l:1:1: label '': must be an integer from 0 to 9 unless the number of classes is given "
       "(--classes)"},
  };
  for (const FaultCase& each : cases) {
    const std::string message =
        ErrorMessage([&] { ParseTreebank(each.text, "l", As(each.format)); });
    EXPECT_EQ(message.substr(0, message.find(", near '")), each.message) << each.text;
  }
}

}  // namespace
}  // namespace grove
