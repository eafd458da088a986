// Every fault of a treebank file is found, at its place and in plain words.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "engine/error.h"
#include "engine/files/files.h"
#include "engine/files/ptb.h"

namespace grove {
namespace {

struct FaultCase {
  std::string text;
  int classes;
  std::string message;
};

const std::string kNotUtf8 =
    " is not UTF-8: convert the file first, from Latin-1 for one with iconv -f latin1 -t utf-8";

const std::vector<FaultCase>& Cases() {
  static const std::vector<FaultCase> kCases = {
      {"(1 (. a) (. b)\n", 0, "t.ptb:1:15: unbalanced '(': the line ends with 1 open"},
      {"(1 a)\n(1 (. a) (.", 0,
       "t.ptb:2:12: unbalanced '(': the line ends with 2 open; the file seems to be cut short"},
      {"(1 a)\n(1 (. a) (", 0,
       "t.ptb:2:11: unbalanced '(': the line ends with 2 open; the file seems to be cut short"},
      {"(1 a))\n", 0, "t.ptb:1:6: unbalanced ')': no bracket is open"},
      {")\n", 0, "t.ptb:1:1: unbalanced ')': no bracket is open"},
      {"((. a) (. b))\n", 0,
       "t.ptb:1:2: missing label: after '(' there must be '.' or an integer from 0 to 9 "
       "unless the number of classes is given (--classes)"},
      {"(1 () (. b))\n", 3,
       "t.ptb:1:5: missing label: after '(' there must be '.' or an integer from 0 to 2, because "
       "classes is 3 (--classes)"},
      {"(word)\n", 2,
       "t.ptb:1:2: label 'word': must be '.' or an integer from 0 to 1, because classes is 2 "
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
      {"(1 (. a))\n", 0, "t.ptb:1:1: only one child: an inner node needs two"},
      {"(1 (. a) (. b) (. c))\n", 0, "t.ptb:1:16: a third child: trees must be binary"},
      {"(1 )\n", 0, "t.ptb:1:4: empty word: a node needs a word or two children"},
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

TEST(PtbFaultsTest, TheFirstFaultIsAnErrorWithItsPlace) {
  for (const FaultCase& each : Cases()) {
    std::string message = "no error";
    try {
      ParsePtb(each.text, "t.ptb", each.classes);
    } catch (const Error& error) {
      message = error.what();
    }
    EXPECT_EQ(message, each.message) << each.text;
  }
}

class CheckPtbTest : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(path_); }

  const std::string path_ =
      (std::filesystem::path(testing::TempDir()) / ("grove_check_" + std::to_string(getpid())))
          .string();
};

TEST_F(CheckPtbTest, EveryFaultOfAFileIsListedOnceALine) {
  WriteFileAtomically(path_,
                      "(1 (. a) (. b))\n"
                      "(1 (. a) (. b)\n"   // unbalanced
                      "(9 (7 a) (. b))\n"  // two labels out of range: the first is told
                      "\n"
                      "(0 c)\n"
                      "(1 (. a)) (1 b))\n");  // one child, and more after it
  const PtbCheck check = CheckPtb(path_, 5);
  EXPECT_EQ(check.trees, 2u);
  std::vector<std::string> messages;
  for (const PtbFault& fault : check.faults) messages.push_back(Describe("f", fault));
  EXPECT_EQ(messages, (std::vector<std::string>{"f:2:15: unbalanced '(': the line ends with 1 open",
                                                "f:3:2: label '9': must be '.' or an integer from "
                                                "0 to 4, because classes is 5 (--classes)",
                                                "f:6:1: only one child: an inner node needs two"}));
}

TEST_F(CheckPtbTest, AFaultSpoilsNoOtherLine) {
  for (const FaultCase& each : Cases()) {
    const std::string middle = each.text.ends_with('\n') ? each.text : each.text + "\n";
    WriteFileAtomically(path_, middle);
    const PtbCheck alone = CheckPtb(path_, each.classes);
    WriteFileAtomically(path_, "(1 (. a) (. b))\n" + middle + "(0 c)\n");
    const PtbCheck within = CheckPtb(path_, each.classes);
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
TEST_F(CheckPtbTest, AFileCutAnywhereIsEitherWholeTreesOrAFault) {
  const std::string text = "(6 (. 4711) (. (. 12) (3 -LRB-)))\n(1 (. x) (. y))\n";
  for (size_t size = 1; size < text.size(); ++size) {
    WriteFileAtomically(path_, text.substr(0, size));
    const char last = text[size - 1], next = text[size];
    const bool whole = last == '\n' || next == '\n';
    EXPECT_EQ(CheckPtb(path_).faults.empty(), whole) << size;
  }
}

TEST_F(CheckPtbTest, AFileThatIsNotThereIsAnError) { EXPECT_THROW(CheckPtb(path_), Error); }

}  // namespace
}  // namespace grove
