// Trees out of files and pipes, as they come.
#include "engine/files/tree_stream.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <string>
#include <thread>

#include "engine/error.h"
#include "engine/files/treebank.h"
#include "tests/experiments/temporary_folder.h"

namespace grove {
namespace {

class TreeStreamTest : public testing::Test {
 protected:
  std::string Write(const std::string& text) const { return folder_.Write("trees.ptb", text); }
  TreebankOptions Options(Examples examples = Examples::kTrees) const {
    return {.examples = examples,
            .classes = 2,
            .limit_reason = "the model m has 2 classes",
            .labels = std::vector<std::string>(),
            .vocabulary = &vocabulary_,
            .targets_may_lack = true};
  }
  TreeStream Open(const std::string& path, Examples examples = Examples::kTrees) const {
    return TreeStream(LineSource(path), Options(examples));
  }

  // Its only fault as people see it; empty: none.
  static std::string FaultOf(const TreeStream& stream) {
    if (stream.faults().empty()) return "";
    EXPECT_EQ(stream.faults().size(), 1u);
    return Describe(stream.name(), stream.faults().front());
  }

  TemporaryFolder folder_;
  Vocabulary vocabulary_{{"a", "b", "<unk>"}, 3};
};

TEST_F(TreeStreamTest, GivesTheTreesOfTheWholeFile) {
  std::string text;
  for (int i = 0; i < 40000; ++i) text += i % 3 == 0 ? "(1 (0 a) (. b))\r\n" : "\n(. zebra)\n";
  const std::string path = Write(text);
  const Forest whole = ReadOnce(path, Options()).forest;
  TreeStream stream = Open(path);
  size_t trees = 0, nodes = 0, batches = 0;
  while (true) {
    const Forest part = stream.Next();
    if (part.trees() == 0) break;
    ++batches;
    for (size_t v = 0; v < part.nodes(); ++v) {
      ASSERT_EQ(part.word[v], whole.word[nodes + v]);
      ASSERT_EQ(part.label[v], whole.label[nodes + v]);
    }
    trees += part.trees();
    nodes += part.nodes();
  }
  EXPECT_EQ(trees, whole.trees());
  EXPECT_EQ(nodes, whole.nodes());
  EXPECT_GT(batches, 1u) << "not all at once";
  EXPECT_TRUE(stream.faults().empty());
}

TEST_F(TreeStreamTest, AnswersAPipeThatIsStillOpen) {
  const std::string pipe = folder_.Path("pipe");
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  std::atomic<int> seen = 0;
  std::thread writer([&] {
    std::ofstream out(pipe);
    out << "(1 a)\n(0 b)\n(1 " << std::flush;
    while (seen < 2) std::this_thread::yield();
    out << "b)\n";
  });
  TreeStream stream = Open(pipe);
  while (seen < 2) seen += static_cast<int>(stream.Next().trees());
  EXPECT_EQ(stream.Next().trees(), 1u);
  EXPECT_EQ(stream.Next().trees(), 0u);
  writer.join();
}

TEST_F(TreeStreamTest, TreesBeforeAFaultAreGiven) {
  const std::string path = Write("(1 a)\n\n(1 (0 a) (1 b))\n(2 a)\n(1 a)\n");
  TreeStream stream = Open(path);
  EXPECT_EQ(stream.Next().trees(), 2u);
  EXPECT_EQ(stream.Next().trees(), 0u);
  EXPECT_EQ(FaultOf(stream).rfind(path + ":4:2: label '2': ", 0), 0u) << FaultOf(stream);
  EXPECT_NE(FaultOf(stream).find("the model m has 2 classes"), std::string::npos);
}

TEST_F(TreeStreamTest, AFileCutShortIsAFault) {
  TreeStream stream = Open(Write("(1 a)\n(1 (0 a) (1"));
  EXPECT_EQ(stream.Next().trees(), 1u);
  EXPECT_EQ(stream.Next().trees(), 0u);
  EXPECT_NE(FaultOf(stream).find(":2:"), std::string::npos);
  EXPECT_NE(FaultOf(stream).find("cut short"), std::string::npos);
}

TEST_F(TreeStreamTest, AWordThatCannotBeKnownIsAFault) {
  vocabulary_ = Vocabulary({}, 10);
  TreeStream stream = Open(Write("(1 9)\n(1 (. 3) (. 10))\n"));
  EXPECT_EQ(stream.Next().trees(), 1u);
  EXPECT_EQ(FaultOf(stream).substr(folder_.path().size()),
            "/trees.ptb:2:13: word '10' is not in the vocabulary of 10 words, which has no <unk>, "
            "near '(1 (. 3) (. 10))'");
}

TEST_F(TreeStreamTest, PairsMayHaveNoTarget) {
  const std::string path = Write("1\t(. a)\t(. b)\n.\t(. a)\t(. a)\n0\t(. b)\t(. b)\n");
  EXPECT_EQ(Open(path, Examples::kPairs).Next().pair_label, (std::vector<int32_t>{1, kNone, 0}));
  TreeStream scores =
      Open(Write(".\t(. a)\t(. b)\n4.5\t(. a)\t(. b)\n.\t(. a)\n"), Examples::kScoredPairs);
  EXPECT_EQ(scores.Next().pair_score, (std::vector<float>{0, 4.5}));
  EXPECT_NE(FaultOf(scores).find(":3:8: only 2 fields"), std::string::npos) << FaultOf(scores);
}

TEST_F(TreeStreamTest, NothingIsNoFault) {
  TreeStream stream = Open(Write(""));
  EXPECT_EQ(stream.Next().trees(), 0u);
  EXPECT_TRUE(stream.faults().empty());
  EXPECT_EQ(ErrorMessage([&] { Open(folder_.Path("absent")); }),
            folder_.Path("absent") + ": No such file or directory");
}

}  // namespace
}  // namespace grove
