// CoNLL-U: what is read of it, and every fault at its place.
#include "engine/files/conllu_reader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "engine/files/treebank.h"
#include "tests/experiments/temporary_folder.h"

namespace grove {
namespace {

using Ints = std::vector<int32_t>;
using Words = std::vector<std::string>;

// "1 Ana PROPN 2 nsubj" is a line of the format.
std::string Word(const std::string& id, const std::string& form, const std::string& upos,
                 const std::string& head, const std::string& deprel) {
  return id + "\t" + form + "\t_\t" + upos + "\t_\t_\t" + head + "\t" + deprel + "\t_\t_\n";
}

std::string Sentence() {
  return "# sent_id = 1\n# mood = good one\n" + Word("1", "Ana", "PROPN", "2", "nsubj") +
         Word("2", "sings", "VERB", "0", "root") + Word("3-4", "dello", "_", "_", "_") +
         Word("3", "de", "ADP", "2", "case") + Word("3.1", "gone", "_", "_", "_") +
         Word("4", "lo", "_", "3", "det") + "\n";
}

TreebankOptions Options(const std::string& label = "") {
  TreebankOptions options;
  options.reading.format = "conllu";
  options.reading.label = label;
  return options;
}

TEST(Conllu, ASentenceIsATreeOfItsWords) {
  const Treebank read = ParseTreebank(Sentence() + Sentence(), "c", Options());
  EXPECT_EQ(read.words, (Words{"Ana", "sings", "de", "lo"}));
  EXPECT_EQ(read.forest.trees(), 2u);
  // Post-order: Ana, lo, de with the child lo, sings with Ana and de.
  EXPECT_EQ(read.forest.word, (Ints{0, 3, 2, 1, 0, 3, 2, 1}));
  EXPECT_EQ(read.forest.child_begin, (Ints{0, 0, 0, 1, 3, 3, 3, 4, 6}));
  EXPECT_EQ(read.forest.child, (Ints{1, 0, 2, 5, 4, 6}));
  EXPECT_EQ(read.classes, 0) << "no label was asked for";
}

TEST(Conllu, LabelsComeFromWhereTheSettingSays) {
  const Treebank upos = ParseTreebank(Sentence(), "c", Options("upos"));
  EXPECT_EQ(upos.labels, (Words{"PROPN", "VERB", "ADP"}));
  EXPECT_EQ(upos.forest.label, (Ints{0, kNone, 2, 1}));
  const Treebank deprel = ParseTreebank(Sentence(), "c", Options("deprel"));
  EXPECT_EQ(deprel.labels, (Words{"nsubj", "root", "case", "det"}));
  const Treebank mood =
      ParseTreebank(Sentence() + Word("1", "x", "X", "0", "root"), "c", Options("comment:mood"));
  EXPECT_EQ(mood.labels, (Words{"good_one"}));
  EXPECT_EQ(mood.forest.label, (Ints{kNone, kNone, kNone, 0, kNone}))
      << "at the root, and none where there is no comment";
}

TEST(Conllu, SentencesCanBeFlat) {
  TreebankOptions options = Options("comment:mood");
  options.flat = true;
  const Treebank read = ParseTreebank(Sentence() + Word("1", "x", "X", "0", "root"), "c", options);
  EXPECT_EQ(read.forest.word, (Ints{0, 1, 2, 3, kNone, 4}));
  EXPECT_EQ(read.forest.child, (Ints{0, 1, 2, 3}));
  EXPECT_EQ(read.forest.label, (Ints{kNone, kNone, kNone, kNone, 0, kNone}));
}

TEST(Conllu, IsKnownByItsNameOrItsLook) {
  EXPECT_TRUE(LooksLikeConllu(Sentence()));
  EXPECT_TRUE(LooksLikeConllu("\r\n# a\r\n" + Word("1", "x", "X", "0", "root")));
  EXPECT_FALSE(LooksLikeConllu("(1 a)\n"));
  EXPECT_FALSE(LooksLikeConllu("1\t(. a)\t(. b)\n"));
  EXPECT_FALSE(LooksLikeConllu("# only comments\n"));
  EXPECT_EQ(ParseTreebank(Sentence(), "c").forest.trees(), 1u);
  EXPECT_EQ(ParseTreebank(Sentence(), "a.conllu").forest.trees(), 1u);
}

TEST(Conllu, ACellThatTakesNoWordsInsideSaysSo) {
  TreebankOptions options = Options();
  options.inner_words = false;
  options.taker = "rlstm";
  EXPECT_NE(ErrorMessage([&] { ParseTreebank(Sentence(), "c", options); })
                .find("c:6:16: a node with children has a word, which rlstm does not take; the "
                      "model (--model) can be child_sum"),
            std::string::npos)
      << ErrorMessage([&] { ParseTreebank(Sentence(), "c", options); });
}

struct FaultCase {
  std::string text;
  std::string message;
};

TEST(Conllu, FaultsHaveTheirPlace) {
  const std::string good = Word("1", "a", "X", "0", "root");
  const std::vector<FaultCase> cases = {
      {"1\ta\n", "c:1:1: 2 columns where CoNLL-U has ten, parted by tabs"},
      {"1 a _ X _ _ 0 root _ _\n", "c:1:1: 1 column where CoNLL-U has ten, parted by tabs"},
      {good.substr(0, good.size() - 1) + "\t_\n",
       "c:1:1: 11 columns where CoNLL-U has ten, parted by tabs"},
      {good.substr(0, 12), "c:1:1: 7 columns where CoNLL-U has ten, parted by tabs"},
      {Word("2", "a", "X", "0", "root"),
       "c:1:1: ID '2': must be 1, or a range or an empty node such as 1-2 or 1.1"},
      {good + Word("1", "b", "X", "1", "x"),
       "c:2:1: ID '1': must be 2, or a range or an empty node such as 1-2 or 1.1"},
      {Word("x", "a", "X", "0", "root"),
       "c:1:1: ID 'x': must be 1, or a range or an empty node such as 1-2 or 1.1"},
      {Word("1-x", "a", "X", "0", "root"),
       "c:1:1: ID '1-x': must be 1, or a range or an empty node such as 1-2 or 1.1"},
      {Word("1", "a", "X", "_", "root"),
       "c:1:13: HEAD '_': must be the ID of another word, or 0 at the root"},
      {Word("1", "a", "X", "1", "root"),
       "c:1:13: HEAD '1': must be the ID of another word, or 0 at the root"},
      {Word("1", "a", "X", "-1", "root"),
       "c:1:13: HEAD '-1': must be the ID of another word, or 0 at the root"},
      {good + Word("2", "b", "X", "7", "x"), "c:2:13: HEAD '7': the sentence has 2 words"},
      {good + Word("2", "b", "X", "0", "x"), "c:2:13: a second root: a tree has one"},
      {Word("1", "a", "X", "2", "x") + Word("2", "b", "X", "1", "x"),
       "c:1:13: no root: no node has the parent 0"},
      {good + Word("2", "b", "X", "3", "x") + Word("3", "c", "X", "2", "x"),
       "c:2:13: a circle of parents: no way leads from here to the root"},
      {Word("1", "", "X", "0", "root"), "c:1:3: an empty FORM"},
      {"# only = a comment\n", "c:1:1: there is no tree"},
      {Word("1", "caf\xe9", "X", "0", "root"),
       "c:1:6: byte 0xe9 is not UTF-8: convert the file first, from Latin-1 for one with iconv -f "
       "latin1 -t utf-8"},
  };
  for (const FaultCase& each : cases) {
    const std::string message = ErrorMessage([&] { ParseTreebank(each.text, "c", Options()); });
    EXPECT_EQ(message.substr(0, message.find(", near '")), each.message) << each.text;
  }
}

TEST(Conllu, AFaultSpoilsOnlyItsSentence) {
  const TemporaryFolder folder;
  const std::string path =
      folder.Write("a.conllu", Sentence() + "1\tbad\n2\tworse\n\n" + Sentence() + "\n\n" +
                                   Word("1", "\xff", "X", "0", "root") +
                                   "2\tthe same sentence\n\n" + Sentence());
  const TreebankCheck check = CheckTreebank(path, {});
  EXPECT_EQ(check.format, "conllu");
  EXPECT_EQ(check.trees, 3u);
  EXPECT_TRUE(check.inner_words);
  ASSERT_EQ(check.faults.size(), 2u);
  EXPECT_EQ(check.faults[0].place.line, 10u);
  EXPECT_EQ(check.faults[1].place.line, 24u);
}

TEST(Conllu, ALongChainIsATreeLikeAnother) {
  std::string text;
  for (int i = 1; i <= 50000; ++i) {
    text += Word(std::to_string(i), "w", "X", std::to_string(i - 1), "x");
  }
  EXPECT_EQ(ParseTreebank(text, "c", Options()).forest.nodes(), 50000u);
}

}  // namespace
}  // namespace grove
