#include "engine/files/vocabulary.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/error.h"
#include "engine/trees/forest.h"

namespace grove {
namespace {

using Words = std::vector<std::string>;

TEST(VocabularyTest, OfATrainingFileHasTheUnknownWordLast) {
  const Vocabulary vocabulary = Vocabulary::FromTraining({"the", "film", "("});
  EXPECT_EQ(vocabulary.words(), (Words{"the", "film", "(", "<unk>"}));
  EXPECT_EQ(vocabulary.size(), 4);
  EXPECT_EQ(vocabulary.unknown(), 3);
  EXPECT_EQ(vocabulary.Find("film"), 1);
  EXPECT_EQ(vocabulary.Find("Film"), 3);
  EXPECT_EQ(vocabulary.Find("<unk>"), 3);
}

TEST(VocabularyTest, AnUnknownWordOfTheFileIsTheUnknownWord) {
  const Vocabulary vocabulary = Vocabulary::FromTraining({"a", "<unk>", "b"});
  EXPECT_EQ(vocabulary.words(), (Words{"a", "b", "<unk>"}));
  EXPECT_EQ(vocabulary.Find("b"), 1);
}

TEST(VocabularyTest, ASavedListKeepsItsIds) {
  const Vocabulary vocabulary({"x", "<unk>", "y"}, 3);
  EXPECT_EQ(vocabulary.Find("y"), 2);
  EXPECT_EQ(vocabulary.Find("z"), 1);
  const Vocabulary closed({"x", "y"}, 2);
  EXPECT_EQ(closed.unknown(), kNone);
  EXPECT_EQ(closed.Find("z"), kNone);
}

TEST(VocabularyTest, NumbersAreTheirOwnSpellings) {
  const Vocabulary vocabulary({}, 10001);
  EXPECT_TRUE(vocabulary.words().empty());
  EXPECT_EQ(vocabulary.size(), 10001);
  EXPECT_EQ(vocabulary.Find("0"), 0);
  EXPECT_EQ(vocabulary.Find("10000"), 10000);
  for (const char* word : {"10001", "-1", "007", "word", "", "99999999999"}) {
    EXPECT_EQ(vocabulary.Find(word), kNone) << word;
  }
}

TEST(VocabularyTest, AListThatIsNoVocabularyIsAnError) {
  EXPECT_THROW(Vocabulary({"a", "b", "a"}, 3), Error);
  EXPECT_THROW(Vocabulary({"a", "b"}, 3), Error);
}

}  // namespace
}  // namespace grove
