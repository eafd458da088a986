#include "engine/trees/reshape.h"

#include <gtest/gtest.h>

#include <string>

#include "engine/files/bracket_writer.h"
#include "engine/files/treebank.h"

namespace grove {
namespace {

const char* const kTrees = "(S (A a) (B (C b) (D c) (E d) (F e)) (G f))\n(T g)\n(U (A a) (A b))\n";

std::string Binary(Branching branching) {
  const Treebank read = ParseTreebank(kTrees, "t");
  return FormatBrackets(Binarise(read.forest, branching), read.words, read.labels);
}

std::string Shaped(TreeShape shape, uint64_t seed = 1) {
  const Treebank read = ParseTreebank(kTrees, "t");
  RandomStream random(seed, Purpose::kShapes);
  return FormatBrackets(Reshape(read.forest, shape, random), read.words, read.labels);
}

TEST(Reshape, NodesWithManyChildrenBecomeBinary) {
  EXPECT_EQ(Binary(Branching::kLeft),
            "(S (. (A a) (B (. (. (C b) (D c)) (E d)) (F e))) (G f))\n(T g)\n(U (A a) (A b))\n");
  EXPECT_EQ(Binary(Branching::kRight),
            "(S (A a) (. (B (C b) (. (D c) (. (E d) (F e)))) (G f)))\n(T g)\n(U (A a) (A b))\n");
}

TEST(Reshape, TheSentencesStayAndTheTreesChange) {
  EXPECT_EQ(Shaped(TreeShape::kLeft),
            "(S (. (. (. (. (A a) (C b)) (D c)) (E d)) (F e)) (G f))\n(T g)\n(U (A a) (A b))\n");
  EXPECT_EQ(Shaped(TreeShape::kRight),
            "(S (A a) (. (C b) (. (D c) (. (E d) (. (F e) (G f))))))\n(T g)\n(U (A a) (A b))\n");
  EXPECT_EQ(Shaped(TreeShape::kBalanced),
            "(S (. (A a) (. (C b) (D c))) (. (E d) (. (F e) (G f))))\n(T g)\n(U (A a) (A b))\n");
  EXPECT_EQ(Shaped(TreeShape::kSplit), Shaped(TreeShape::kSplit));
  EXPECT_NE(Shaped(TreeShape::kSplit, 1), Shaped(TreeShape::kSplit, 2));
}

TEST(Reshape, PairsKeepTheirTargetsAndTreesTheirKeyword) {
  const Treebank pairs = ParseTreebank("4.5\t(. (. a) (. b) (. c))\t(. d)\n", "t",
                                       {.examples = Examples::kScoredPairs});
  const Forest binary = Binarise(pairs.forest, Branching::kLeft);
  EXPECT_EQ(FormatBrackets(binary, pairs.words), "4.5\t(. (. (. a) (. b)) (. c))\t(. d)\n");
  const Treebank task = ParseTreebank("(6 (. 4711) (. 5000) (. 607))\n", "t");
  RandomStream random(1, Purpose::kShapes);
  for (const Forest& other :
       {Binarise(task.forest, Branching::kLeft), Reshape(task.forest, TreeShape::kRight, random)}) {
    EXPECT_EQ(other.word[static_cast<size_t>(other.keyword[0])], 2);
    EXPECT_EQ(other.keyword_depth[0], other.keyword[0] == 3 ? 1 : 2);
  }
}

}  // namespace
}  // namespace grove
