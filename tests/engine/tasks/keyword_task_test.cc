// The keyword task has the properties that spec section 3 asks for.
#include "engine/tasks/keyword_task.h"

#include <gtest/gtest.h>

#include <atomic>
#include <boost/math/distributions/chi_squared.hpp>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "engine/error.h"
#include "engine/tasks/task.h"
#include "engine/trees/tree_shapes.h"

namespace grove {
namespace {

DatasetSpec Spec(int min_length, int max_length) {
  DatasetSpec spec;
  spec.min_length = min_length;
  spec.max_length = max_length;
  spec.train = 2000;
  spec.dev = 200;
  spec.test = 200;
  return spec;
}

bool SameForest(const Forest& a, const Forest& b) {
  return a.child_begin == b.child_begin && a.child == b.child && a.word == b.word &&
         a.label == b.label && a.tree_begin == b.tree_begin && a.keyword == b.keyword;
}

// Uniform over the values of `counts`, by Pearson's chi-square at 0.1 %.
void ExpectUniform(const std::vector<int>& counts) {
  double total = 0, statistic = 0;
  for (int count : counts) total += count;
  const double expected = total / static_cast<double>(counts.size());
  for (int count : counts) statistic += (count - expected) * (count - expected) / expected;
  const boost::math::chi_squared distribution(static_cast<double>(counts.size() - 1));
  EXPECT_LT(statistic, boost::math::quantile(distribution, 0.999));
}

// What holds for every tree of every dataset of this task.
void ExpectKeywordTrees(const Forest& forest, const DatasetSpec& spec) {
  const std::vector<int32_t> depths = Depths(forest);
  for (size_t t = 0; t < forest.trees(); ++t) {
    const int length = static_cast<int>(forest.leaves(t));
    ASSERT_GE(length, spec.min_length);
    ASSERT_LE(length, spec.max_length);
    ASSERT_EQ(forest.tree_begin[t + 1] - forest.tree_begin[t], 2 * length - 1);
    int keywords = 0;
    for (int32_t i = forest.tree_begin[t]; i < forest.tree_begin[t + 1]; ++i) {
      ASSERT_EQ(forest.word[i] == kNone, !forest.IsLeaf(i));
      ASSERT_TRUE(i == forest.root(t) || forest.label[i] == kNone);
      if (const auto children = forest.Children(i); !children.empty()) {
        ASSERT_EQ(children.size(), 2u);
        ASSERT_EQ(children[1], i - 1);
        ASSERT_GE(children[0], forest.tree_begin[t]);
        ASSERT_LT(children[0], children[1]);
        continue;
      }
      ASSERT_LT(forest.word[i], kKeywordVocabulary);
      if (forest.word[i] >= kKeywordTokens) continue;
      ++keywords;
      ASSERT_EQ(forest.keyword[t], i);
      ASSERT_EQ(forest.label[forest.root(t)], forest.word[i] / 100);
      ASSERT_GE(depths[i], spec.min_keyword_depth);
      ASSERT_TRUE(spec.max_keyword_depth < 0 || depths[i] <= spec.max_keyword_depth);
    }
    ASSERT_EQ(keywords, 1);
  }
}

TEST(KeywordTaskTest, EveryTreeIsAKeywordTree) {
  for (const std::string& tree : TreeShapeNames()) {
    for (const auto& [low, high] : {std::pair{1, 10}, {7, 7}, {21, 30}}) {
      DatasetSpec spec = Spec(low, high);
      spec.tree = tree;
      const Dataset dataset = GenerateDataset(spec);
      ASSERT_EQ(dataset.train.trees(), 2000u);
      ASSERT_EQ(dataset.dev.trees(), 200u);
      ASSERT_EQ(dataset.test.trees(), 200u);
      EXPECT_EQ(dataset.vocabulary_size, 10001);
      EXPECT_EQ(dataset.classes, 10);
      EXPECT_TRUE(dataset.words.empty());
      for (const Forest* forest : {&dataset.train, &dataset.dev, &dataset.test}) {
        ASSERT_NO_FATAL_FAILURE(ExpectKeywordTrees(*forest, spec)) << tree;
      }
    }
  }
}

TEST(KeywordTaskTest, KeywordDepthsOfExperimentTwo) {
  for (int depth = 1; depth <= 10; ++depth) {
    DatasetSpec spec = Spec(21, 30);
    spec.train = 300;
    spec.min_keyword_depth = depth;
    spec.max_keyword_depth = depth + 1;
    const Dataset dataset = GenerateDataset(spec);
    ASSERT_NO_FATAL_FAILURE(ExpectKeywordTrees(dataset.train, spec));
    std::map<int, int> seen;
    const std::vector<int32_t> depths = Depths(dataset.train);
    for (int32_t keyword : dataset.train.keyword) ++seen[depths[keyword]];
    EXPECT_EQ(seen.size(), 2u) << "both depths occur";
  }
}

TEST(KeywordTaskTest, LengthsPlacesAndWordsAreUniform) {
  DatasetSpec spec = Spec(1, 10);
  spec.train = 20000;
  const Forest forest = GenerateDataset(spec).train;
  std::vector<int> lengths(10), labels(10), keywords(50), others(90);
  std::vector<int> places(8);  // of the trees with 8 leaves
  for (size_t t = 0; t < forest.trees(); ++t) {
    ++lengths[forest.leaves(t) - 1];
    ++labels[forest.label[forest.root(t)]];
    int place = 0;
    for (int32_t i = forest.tree_begin[t]; i < forest.tree_begin[t + 1]; ++i) {
      if (forest.word[i] == kNone) continue;
      if (i == forest.keyword[t]) {
        ++keywords[forest.word[i] / 20];
        if (forest.leaves(t) == 8) ++places[place];
      } else if (forest.word[i] < 10000) {
        ++others[(forest.word[i] - 1000) / 100];
      }
      ++place;
    }
  }
  ExpectUniform(lengths);
  ExpectUniform(labels);
  ExpectUniform(keywords);
  ExpectUniform(others);
  ExpectUniform(places);
}

TEST(KeywordTaskTest, ASingleLeafIsTheRootAndItsKeyword) {
  DatasetSpec spec = Spec(1, 1);
  spec.train = 5;
  const Forest forest = GenerateDataset(spec).train;
  ASSERT_EQ(forest.nodes(), 5u);
  for (size_t t = 0; t < 5; ++t) {
    EXPECT_EQ(forest.keyword[t], forest.root(t));
    EXPECT_EQ(forest.label[t], forest.word[t] / 100);
  }
}

TEST(KeywordTaskTest, EqualSpecsGiveEqualBits) {
  const DatasetSpec spec = Spec(21, 30);
  const Dataset a = GenerateDataset(spec), b = GenerateDataset(spec);
  EXPECT_TRUE(SameForest(a.train, b.train));
  EXPECT_TRUE(SameForest(a.dev, b.dev));
  EXPECT_TRUE(SameForest(a.test, b.test));
}

// The contract in literals: a change here changes every published dataset.
TEST(KeywordTaskTest, Literals) {
  EXPECT_EQ(DatasetStreamSeed(DatasetSpec()), 14375846273889534436u);
  DatasetSpec spec = Spec(3, 5);
  spec.train = 2;
  const Forest forest = GenerateDataset(spec).train;
  EXPECT_EQ(forest.word, (std::vector<int32_t>{2840, 3960, 9631, -1, -1, 597, 7732, -1, -1, 8820,
                                               978, 4272, -1, 7222, -1, -1}));
  EXPECT_EQ(forest.label,
            (std::vector<int32_t>{-1, -1, -1, -1, -1, -1, -1, -1, 5, -1, -1, -1, -1, -1, -1, 9}));
}

TEST(KeywordTaskTest, ASmallerDatasetIsTheBeginningOfALarger) {
  DatasetSpec small = Spec(21, 30), large = small;
  large.train = 2100;
  Forest beginning = GenerateDataset(large).train;
  const size_t nodes = static_cast<size_t>(beginning.tree_begin[2000]);
  beginning.word.resize(nodes);
  EXPECT_EQ(GenerateDataset(small).train.word, beginning.word);
}

TEST(KeywordTaskTest, SplitsSeedsAndSettingsDiffer) {
  const DatasetSpec spec = Spec(20, 20);
  const Dataset base = GenerateDataset(spec);
  const auto begins_like_base = [&base](const Forest& forest) {
    int equal = 0;
    for (size_t i = 0; i < 1000; ++i) equal += forest.word[i] == base.train.word[i];
    // Nodes agree where both are inner (about one in four) and hardly ever where both are leaves.
    return equal > 500;
  };
  EXPECT_TRUE(begins_like_base(base.train));
  EXPECT_FALSE(begins_like_base(base.dev));
  EXPECT_FALSE(begins_like_base(base.test));
  DatasetSpec other = spec;
  other.seed = 2;
  EXPECT_FALSE(begins_like_base(GenerateDataset(other).train));
  other = spec;
  other.max_length = 21;
  EXPECT_FALSE(begins_like_base(GenerateDataset(other).train));
  other = spec;
  other.max_keyword_depth = 19;  // allows every depth, yet is another dataset
  EXPECT_FALSE(begins_like_base(GenerateDataset(other).train));
}

std::string MessageOf(const DatasetSpec& spec) {
  try {
    GenerateDataset(spec);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(KeywordTaskTest, ImpossibleSettingsAreErrorsNotEndlessLoops) {
  DatasetSpec spec = Spec(21, 30);
  spec.min_keyword_depth = 30;
  EXPECT_EQ(MessageOf(spec),
            "min_keyword_depth = 30, max_keyword_depth = -1: leaves of 'split' trees with 21 to 30 "
            "leaves have depths from 1 to 29");
  spec.tree = "balanced";
  spec.min_keyword_depth = 1;
  spec.max_keyword_depth = 3;
  EXPECT_EQ(
      MessageOf(spec),
      "min_keyword_depth = 1, max_keyword_depth = 3: leaves of 'balanced' trees with 21 to 30 "
      "leaves have depths from 4 to 5");
  spec = Spec(2, 5);
  spec.max_keyword_depth = 0;
  EXPECT_EQ(MessageOf(spec),
            "min_keyword_depth = 0, max_keyword_depth = 0: leaves of 'split' trees with 2 to 5 "
            "leaves have depths from 1 to 4");
  spec = Spec(21, 30);
  spec.min_keyword_depth = 29;  // possible, in one tree of about 10^24
  EXPECT_EQ(
      MessageOf(spec),
      "min_keyword_depth = 29, max_keyword_depth = -1: none of 100000 random sentences "
      "('split' trees with 21 to 30 leaves) has its keyword there; widen the depths or change "
      "the lengths");
}

TEST(KeywordTaskTest, BadSettingsAreErrors) {
  DatasetSpec spec = Spec(21, 30);
  spec.task = "keywrod";
  EXPECT_EQ(MessageOf(spec), "task = 'keywrod': must be one of keyword");
  spec = Spec(21, 20);
  EXPECT_EQ(MessageOf(spec), "max_length = 20: must be at least min_length = 21");
  spec = Spec(1, 1000000);
  spec.train = 10000000;
  EXPECT_EQ(MessageOf(spec), "train = 10000000: must be at most 1073 with max_length = 1000000");
}

// Of trees that would take minutes.
TEST(KeywordTaskTest, AStopIsHeardWhileTreesAreDrawn) {
  DatasetSpec spec;
  spec.train = 10'000'000;
  spec.max_length = 100;
  std::atomic<bool> stop{false};
  std::thread later([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    stop = true;
  });
  EXPECT_FALSE(GenerateDataset(spec, stop).has_value());
  later.join();
}

TEST(KeywordTaskTest, WithoutAStopTheTreesAreThoseOfAlways) {
  DatasetSpec spec;
  spec.train = spec.dev = spec.test = 10;
  const std::atomic<bool> stop{false};
  const std::optional<Dataset> dataset = GenerateDataset(spec, stop);
  ASSERT_TRUE(dataset.has_value());
  EXPECT_EQ(dataset->train.word, GenerateDataset(spec).train.word);
  EXPECT_EQ(dataset->test.word, GenerateDataset(spec).test.word);
}

}  // namespace
}  // namespace grove
