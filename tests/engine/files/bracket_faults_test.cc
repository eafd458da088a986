// Every fault of a treebank file is found, at its place and in plain words.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "engine/error.h"
#include "engine/files/files.h"
#include "engine/files/treebank.h"
#include "tests/experiments/temporary_folder.h"

namespace grove {
namespace {

struct FaultCase {
  std::string text;
  int classes;
  std::string message;
};

const std::string kNotUtf8 =
    " is not UTF-8: convert the file first, from Latin-1 for one with iconv -f latin1 -t utf-8";

// The message without the text around the fault.
std::string WithoutText(const std::string& message) {
  return message.substr(0, message.find(", near '"));
}

const std::vector<FaultCase>& Cases() {
  static const std::vector<FaultCase> kCases = {
      {"(1 (. a) (. b)\n", 0, "t.ptb:1:15: unbalanced '(': the line ends with 1 open"},
      {"(1 a)\n(1 (. a) (.", 0,
       "t.ptb:2:12: unbalanced '(': the line ends with 2 open; the file seems to be cut short"},
      {"(1 a)\n(1 (. a) (", 0,
       "t.ptb:2:11: unbalanced '(': the line ends with 2 open; the file seems to be cut short"},
      {"(1 a))\n", 0, "t.ptb:1:6: unbalanced ')': no bracket is open"},
      {")\n", 0, "t.ptb:1:1: unbalanced ')': no bracket is open"},
      {"(1 ((. a) (. b)) (. c))\n", 0,
       "t.ptb:1:5: missing label: after '(' there must be '.' or an integer from 0 to 9 "
       "unless the number of classes is given (--classes)"},
      {"(1 () (. b))\n", 3,
       "t.ptb:1:5: missing label: after '(' there must be '.' or an integer from 0 to 2, because "
       "classes is 3 (--classes)"},
      {"(1 (word a) (. b))\n", 2,
       "t.ptb:1:5: label 'word': must be '.' or an integer from 0 to 1, because classes is 2 "
       "(--classes)"},
      {"(5 a)\n", 5,
       "t.ptb:1:2: label '5': must be '.' or an integer from 0 to 4, because classes is 5 "
       "(--classes)"},
      {"(-1 a)\n", 5,
       "t.ptb:1:2: label '-1': must be '.' or an integer from 0 to 4, because classes is 5 "
       "(--classes)"},
      {"(1.5 a)\n", 5,
       "t.ptb:1:2: label '1.5': must be '.' or an integer from 0 to 4, because classes is 5 "
       "(--classes)"},
      {"(4294967296 a)\n", 0,
       "t.ptb:1:2: label '4294967296': must be '.' or an integer from 0 to 9 "
       "unless the number of classes is given (--classes)"},
      {"(1 (. a) (70000 b))\n", 0,
       "t.ptb:1:11: label '70000': must be '.' or an integer from 0 to 9 "
       "unless the number of classes is given (--classes)"},
      {"(1 )\n", 0, "t.ptb:1:4: empty word: a node needs a word or children"},
      {"(1 a b)\n", 0, "t.ptb:1:6: a second word: a leaf has one"},
      {"(1 a (. b))\n", 0, "t.ptb:1:6: a node with a word cannot have children"},
      {"(1 (. a) b)\n", 0, "t.ptb:1:10: a node with children cannot have a word"},
      {"(1 a) (1 b)\n", 0, "t.ptb:1:7: text after the tree: a line holds one tree"},
      {"(1 a) b\n", 0, "t.ptb:1:7: text after the tree: a line holds one tree"},
      {"\n\nword\n", 0, "t.ptb:3:1: a tree must begin with '('"},
      {std::string("(1 a\0b)\n", 8), 0, "t.ptb:1:5: control character 0x00: this is no text"},
      {"(1 a\r)\n", 0, "t.ptb:1:5: control character 0x0d: this is no text"},
      {"(1 (0 caf\xe9) (1 b))\n", 0, "t.ptb:1:10: byte 0xe9" + kNotUtf8},
      {"(1 a)\n(1 \xe2\x82)\n", 0, "t.ptb:2:4: byte 0xe2" + kNotUtf8},
      {"(\xff a)\n", 0, "t.ptb:1:2: byte 0xff" + kNotUtf8},
      {"(1 \xff\x01)\n", 0, "t.ptb:1:4: byte 0xff" + kNotUtf8},
      {"(1 \x01\xff)\n", 0, "t.ptb:1:4: control character 0x01: this is no text"},
      {"\xff\n", 0, "t.ptb:1:1: byte 0xff" + kNotUtf8},
      {"", 0, "t.ptb:1:1: there is no tree"},
      {" \n\n", 0, "t.ptb:1:1: there is no tree"},
  };
  return kCases;
}

TEST(BracketFaults, TheFirstFaultIsAnErrorWithItsPlace) {
  for (const FaultCase& each : Cases()) {
    std::string message = "no error";
    try {
      ParseTreebank(each.text, "t.ptb", {.classes = each.classes});
    } catch (const Error& error) {
      message = WithoutText(error.what());
    }
    EXPECT_EQ(message, each.message) << each.text;
  }
}

// The first label says what labels are.
TEST(BracketFaults, LabelsAreNumbersOrNames) {
  const auto fault = [](const std::string& text, int classes = 0) {
    return WithoutText(ErrorMessage([&] { ParseTreebank(text, "t.ptb", {.classes = classes}); }));
  };
  EXPECT_EQ(fault("(word)\n", 2), "t.ptb:1:6: empty word: a node needs a word or children");
  EXPECT_EQ(fault("(S (1 a) (. b))\n"),
            "t.ptb:1:5: label '1': must be '.' or a name, as the labels before it are");
  EXPECT_EQ(fault("(S (A a) (B b))\n", 2),
            "t.ptb:1:11: label 'B': must be '.' or one of S, A, because classes is 2 (--classes)");
}

// What makes one tree of two lines must not hide a bracket that is missing.
TEST(BracketFaults, LinesWithoutIndentBeginTrees) {
  const auto trees = [](const std::string& text) {
    return ParseTreebank(text, "t.ptb").forest.trees();
  };
  EXPECT_EQ(trees("(1\n(. a)\n(. b))\n(1 c)\n"), 2u);
  EXPECT_EQ(trees("( (1\n\n   (. a) (. b)))\n(1 c)\n"), 2u);
  EXPECT_EQ(WithoutText(ErrorMessage([&] { trees("(1\n  (. a)\n(. b))\n"); })),
            "t.ptb:2:8: unbalanced '(': the line ends with 1 open");
}

class CheckTreebankTest : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(path_); }

  const std::string path_ =
      (std::filesystem::path(testing::TempDir()) / ("grove_check_" + std::to_string(getpid())))
          .string();
};

TEST_F(CheckTreebankTest, EveryFaultOfAFileIsListedOnceALine) {
  WriteFileAtomically(path_,
                      "(1 (. a) (. b))\n"
                      "(1 (. a) (. b)\n"   // unbalanced
                      "(9 (7 a) (. b))\n"  // two labels out of range: the first is told
                      "\n"
                      "(0 c)\n"
                      "(1 (. a)) (1 b))\n");  // two trees
  const TreebankCheck check = CheckTreebank(path_, {.classes = 5});
  EXPECT_EQ(check.trees, 2u);
  std::vector<std::string> messages;
  for (const TreebankFault& fault : check.faults) {
    messages.push_back(WithoutText(Describe("f", fault)));
  }
  EXPECT_EQ(messages,
            (std::vector<std::string>{"f:2:15: unbalanced '(': the line ends with 1 open",
                                      "f:3:2: label '9': must be '.' or an integer from "
                                      "0 to 4, because classes is 5 (--classes)",
                                      "f:6:11: text after the tree: a line holds one tree"}));
}

TEST_F(CheckTreebankTest, AFaultSpoilsNoOtherLine) {
  for (const FaultCase& each : Cases()) {
    const std::string middle = each.text.ends_with('\n') ? each.text : each.text + "\n";
    WriteFileAtomically(path_, middle);
    const TreebankCheck alone = CheckTreebank(path_, {.classes = each.classes});
    WriteFileAtomically(path_, "(1 (. a) (. b))\n" + middle + "(0 c)\n");
    const TreebankCheck within = CheckTreebank(path_, {.classes = each.classes});
    EXPECT_EQ(within.trees, alone.trees + 2) << each.text;
    if (each.message.find("there is no tree") != std::string::npos) {
      EXPECT_TRUE(within.faults.empty());
      continue;
    }
    ASSERT_EQ(within.faults.size(), 1u) << each.text;
    EXPECT_EQ(within.faults[0].place.line, alone.faults.at(0).place.line + 1) << each.text;
    EXPECT_EQ(within.faults[0].message, alone.faults.at(0).message);
  }
}

// Cutting a good file anywhere inside a tree is noticed; at the end of a tree it cannot be.
TEST_F(CheckTreebankTest, AFileCutAnywhereIsEitherWholeTreesOrAFault) {
  const std::string text = "(6 (. 4711) (. (. 12) (3 -LRB-)))\n(1 (. x) (. y))\n";
  for (size_t size = 1; size < text.size(); ++size) {
    WriteFileAtomically(path_, text.substr(0, size));
    const char last = text[size - 1], next = text[size];
    const bool whole = last == '\n' || next == '\n';
    EXPECT_EQ(CheckTreebank(path_, {}).faults.empty(), whole) << size;
  }
}

TEST_F(CheckTreebankTest, AFileThatIsNotThereIsAnError) {
  EXPECT_THROW(CheckTreebank(path_, {}), Error);
}

}  // namespace
}  // namespace grove
