#include "engine/files/word_vectors.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <zlib.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <map>

#include "engine/run_spec_json.h"
#include "tests/experiments/temporary_folder.h"

namespace grove {
namespace {

std::string Floats(const std::vector<float>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
}

// word2vec's own program ends records, others do not.
std::string Binary(const std::vector<std::pair<std::string, std::vector<float>>>& records,
                   const std::string& end) {
  std::string text =
      std::to_string(records.size()) + " " + std::to_string(records[0].second.size()) + "\n";
  for (const auto& [word, vector] : records) text += word + " " + Floats(vector) + end;
  return text;
}

class WordVectorsTest : public testing::Test {
 protected:
  WordVectors Read(const std::string& text, const std::string& format = "auto") const {
    return ReadWordVectors(folder_.Write("v.txt", text), vocabulary_, format);
  }

  WordVectors ReadPacked(const std::string& text) const {
    const std::string path = folder_.Path("v.txt.gz");
    gzFile file = gzopen(path.c_str(), "wb");
    EXPECT_EQ(gzwrite(file, text.data(), static_cast<unsigned>(text.size())),
              static_cast<int>(text.size()));
    EXPECT_EQ(gzclose(file), Z_OK);
    return ReadWordVectors(path, vocabulary_);
  }

  // The message of the fault, the folder left out.
  std::string Fault(const std::string& text, const std::string& format) const {
    const std::string message = ErrorMessage([&] { Read(text, format); });
    const std::string folder = folder_.path() + "/";
    return message.starts_with(folder) ? message.substr(folder.size()) : message;
  }

  TemporaryFolder folder_;
  Vocabulary vocabulary_{{"cat", "dog", "the", "\xc3\xa9t\xc3\xa9", "New York", "<unk>"}, 6};
};

void ExpectCatAndThe(const WordVectors& read) {
  EXPECT_EQ(read.width, 3);
  EXPECT_EQ(read.words, 4u);
  EXPECT_EQ(read.asked, 5);
  EXPECT_EQ(read.ids, (std::vector<int32_t>{0, 2}));
  EXPECT_EQ(read.vectors, (std::vector<float>{-1, 0.25f, 1e-7f, 0.1f, -2.5e3f, 3}));
}

TEST_F(WordVectorsTest, EveryFormatIsReadAndFound) {
  const std::string lines = "the 0.1 -2.5e3 3\nFuchs 7 7 7\ncat -1 .25 1e-7\nunk 0.5 0.5 0.5\n";
  std::string blanks_at_ends = lines;  // as fastText and word2vec write them
  for (size_t at = 0; (at = blanks_at_ends.find('\n', at)) != std::string::npos; at += 2) {
    blanks_at_ends.insert(at, " ");
  }
  const std::vector<std::pair<std::string, std::vector<float>>> records = {
      {"the", {0.1f, -2.5e3f, 3}},
      {"Fuchs", {7, 7, 7}},
      {"cat", {-1, 0.25f, 1e-7f}},
      {"unk", {0.5f, 0.5f, 0.5f}}};
  const std::multimap<std::string, std::string> files = {
      {"glove", lines},
      {"glove", lines.substr(0, lines.size() - 1)},
      {"word2vec", "4 3\n" + lines},
      {"fasttext", "4 3\n" + blanks_at_ends},
      {"word2vec_binary", Binary(records, "")},
      {"word2vec_binary", Binary(records, "\n")}};
  for (const auto& [format, text] : files) {
    SCOPED_TRACE(format + ": " + text);
    ExpectCatAndThe(Read(text, format));
    ExpectCatAndThe(Read(text));
    EXPECT_EQ(Read(text).xxh3, HashText(text));
    ExpectCatAndThe(ReadPacked(text));
    EXPECT_EQ(ReadPacked(text).xxh3, HashText(text)) << "the same file, packed or not";
  }
}

TEST_F(WordVectorsTest, LinesMayBeWrittenInManyWays) {
  ExpectCatAndThe(
      Read("\nthe\t0.1  -2500 3 \t\r\n 9 9 9\n\n  \nx y 0.1 2 3\r\ncat -1.0 25e-2 0.1E-06\r\n\n"));
}

// As the file of 840 billion words has them.
TEST_F(WordVectorsTest, AWordMayHoldBlanks) {
  const WordVectors read =
      Read(", 1 2\n. . . 3 4\nat name@domain.com 5 6\nNew York 7 8\nto\xff 9 10\n");
  EXPECT_EQ(read.words, 5u);
  EXPECT_EQ(read.ids, (std::vector<int32_t>{4}));
  EXPECT_EQ(read.vectors, (std::vector<float>{7, 8}));
  EXPECT_EQ(Read("New York 7 8\ncat 1 2\n").ids, (std::vector<int32_t>{0, 4}));
}

TEST_F(WordVectorsTest, TheFirstOfTwoCounts) {
  const WordVectors read = Read("dog 1 2\ncat 3 4\ndog 5 x\nCat 7 8\n");
  EXPECT_EQ(read.words, 4u);
  EXPECT_EQ(read.ids, (std::vector<int32_t>{0, 1}));
  EXPECT_EQ(read.vectors, (std::vector<float>{3, 4, 1, 2}));
  EXPECT_EQ(Read(Binary({{"dog", {1, 2}}, {"dog", {NAN, 4}}}, "")).vectors,
            (std::vector<float>{1, 2}));
}

TEST_F(WordVectorsTest, OnlyWhatIsAskedForIsLookedAt) {
  const std::string others = "cat 1 2\nfoe nan x\n\xff\xfe 1 2\n<unk> 5 6\n\xc3\xa9t\xc3\xa9 7 8\n";
  const WordVectors read = Read(others);
  EXPECT_EQ(read.words, 5u);
  EXPECT_EQ(read.ids, (std::vector<int32_t>{0, 3})) << "no word for what is unknown";
  EXPECT_EQ(Read(Binary({{"\xff", {NAN, 1}}, {"<unk>", {1, 2}}, {"dog", {3, 4}}}, "\n")).ids,
            (std::vector<int32_t>{1}));
  EXPECT_EQ(Read("foe 1 2\n").ids, (std::vector<int32_t>{}));
  EXPECT_EQ(Read("foe 1 2\n").asked, 5);
}

TEST_F(WordVectorsTest, WordsMayBeNumbers) {
  vocabulary_ = Vocabulary({}, 30);
  const WordVectors read = Read("29 0.5 1\n30 0.5 2\n7 0.5 3\n07 0.5 4\ncat 0.5 5\n");
  EXPECT_EQ(read.asked, 30);
  EXPECT_EQ(read.ids, (std::vector<int32_t>{7, 29}));
  EXPECT_EQ(read.vectors, (std::vector<float>{0.5f, 3, 0.5f, 1}));
}

TEST_F(WordVectorsTest, NumbersAreTheNearestFloats) {
  EXPECT_EQ(
      Read("cat 3.4028234e38 1e-45 1e-60 -0 0.1 16777217\n").vectors,
      (std::vector<float>{std::numeric_limits<float>::max(), 0x1p-149f, 0, 0, 0.1f, 0x1p24f}));
}

// Longer than what is read at once, with every byte in the floats.
TEST_F(WordVectorsTest, LongFilesAreReadToTheEnd) {
  std::vector<std::string> words;
  std::vector<std::pair<std::string, std::vector<float>>> records;
  std::string lines;
  std::vector<float> odd;  // the vectors of every other word
  for (uint32_t i = 0; i < 4000; ++i) {
    records.emplace_back("w" + std::to_string(i), std::vector<float>());
    lines += records.back().first;
    for (uint32_t j = 0; j < 50; ++j) {
      uint32_t bits = (i * 50 + j) * 2654435761u;
      if ((bits >> 23 & 255) == 255) bits ^= 1u << 24;  // neither infinity nor NaN
      float value = 0;
      std::memcpy(&value, &bits, sizeof(value));
      records.back().second.push_back(value);
      char text[32];
      std::snprintf(text, sizeof(text), " %.9g", static_cast<double>(value));
      lines += text;
    }
    lines += "\n";
    if (i % 2 == 0) continue;
    words.push_back(records.back().first);
    odd.insert(odd.end(), records.back().second.begin(), records.back().second.end());
  }
  vocabulary_ = Vocabulary(words, 2000);
  for (const std::string& text : {lines, Binary(records, ""), Binary(records, "\n")}) {
    const WordVectors read = Read(text);
    EXPECT_EQ(read.words, 4000u);
    EXPECT_EQ(read.ids.size(), 2000u);
    EXPECT_TRUE(read.vectors == odd);
    EXPECT_EQ(read.xxh3, HashText(text));
  }
}

TEST_F(WordVectorsTest, StopsWhenAsked) {
  const std::atomic<bool> stop = true;
  for (const std::string& text : {std::string("cat 1 2\n"), Binary({{"cat", {1, 2}}}, "")}) {
    EXPECT_FALSE(ReadWordVectors(folder_.Write("v", text), vocabulary_, "auto", stop).has_value());
  }
}

constexpr char kNeedsHeader[] =
    "the first line of such a file must be two whole numbers, how many words there are and how "
    "many "
    "numbers each has";

TEST_F(WordVectorsTest, FaultsOfTextAreNamedByTheirPlace) {
  const std::string no_vectors =
      "v.txt:1:1: no word vectors: a line must be a word and its numbers; a first line may be two "
      "whole numbers, how many words there are and how many numbers each has";
  std::string wide = "cat";
  for (int i = 0; i < 4097; ++i) wide += " 1";
  const struct {
    std::string text, message, format = "auto";
  } cases[] = {
      {"", "v.txt:1:1: there is no word vector"},
      {"\n \n\r\n", "v.txt:4:1: there is no word vector"},
      {"(3 (2 It) (4 good))\n", no_vectors},
      {"cat\ndog 1 2\n", no_vectors},
      {"7\n", no_vectors},
      {std::string(size_t{2} << 20, 'x'), no_vectors},
      {wide, "v.txt:1:1: 4097 numbers in a vector: must be from 1 to 4096"},
      {"cat 1 2 3\ndog 1 2\n", "v.txt:2:8: 2 numbers, and the first line has 3"},
      {"cat 1 2 3\nfoe 1\n", "v.txt:2:6: 1 number, and the first line has 3"},
      {"cat 1 2 3\n\nfoe\n", "v.txt:3:4: 0 numbers, and the first line has 3"},
      {"cat 1 2 3\ndog 1 2",
       "v.txt:2:8: 2 numbers, and the first line has 3; the file seems to be cut short"},
      {"cat 1 2 3\ndog 1 2 3 4\n", "v.txt:2:1: 4 numbers, and the first line has 3"},
      {"cat 1 2 3\nfoe 1 2 3 4 5\n", "v.txt:2:1: 5 numbers, and the first line has 3"},
      {"cat 1 2 3\ndog 1 x 3\n", "v.txt:2:7: \"x\": must be a number"},
      {"cat 1 2 3\ndog  1 2 0.5f \n", "v.txt:2:10: \"0.5f\": must be a number"},
      {"cat 1 2 3\ndog 1 2,5 3\n", "v.txt:2:7: \"2,5\": must be a number"},
      {"cat 1 2 3\ndog +1 2 3\n", "v.txt:2:5: \"+1\": must be a number"},
      {"cat 1 2 3\ndog 1 2 \xff\n", "v.txt:2:9: \"\\ufffd\": must be a number"},
      {"cat 1 2 3\ndog 1 nan 3\n", "v.txt:2:7: \"nan\": must be a finite number"},
      {"cat 1 -inf 3\n", "v.txt:1:7: \"-inf\": must be a finite number"},
      {"cat 1 2 3e38\ndog 1 2 4e38\n", "v.txt:2:9: \"4e38\": must be a finite number"},
      {"cat 1 1e999\n", "v.txt:1:7: \"1e999\": must be a finite number"},
      {"2 0\ncat\ndog\n", "v.txt:1:3: 0 numbers in a vector: must be from 1 to 4096"},
      {"2 4097\n", "v.txt:1:3: 4097 numbers in a vector: must be from 1 to 4096"},
      {"0 3\n", "v.txt:2:1: there is no word vector"},
      {"3 2\ncat 1 2\ndog 1 2\n",
       "v.txt:4:1: the file ends after 2 words, and the header says 3; it seems to be cut short"},
      {"1 2\n",
       "v.txt:2:1: the file ends after 0 words, and the header says 1; it seems to be cut short"},
      {"1 2\ncat 1 2\ndog 1 2\n", "v.txt:3:1: one word more than the 1 that the header says"},
      {"2 3\ncat 1 2\ndog 1 2\n", "v.txt:2:8: 2 numbers, and the header says 3"},
      {"2 2\ncat 1 x\ndog 1 2\n", "v.txt:2:7: \"x\": must be a number"},
      {"2 3\ncat 1 2 3\n", "v.txt:2:1: 3 numbers, and the first line has 1", "glove"},
      {"cat 1 2\n", std::string("v.txt:1:1: format = 'word2vec': ") + kNeedsHeader, "word2vec"},
      {"2 2 2\n", std::string("v.txt:1:1: format = 'fasttext': ") + kNeedsHeader, "fasttext"},
      {"cat 1 2\n",
       "format = 'bin': must be one of auto, glove, word2vec, fasttext, word2vec_binary", "bin"},
  };
  for (const auto& each : cases) {
    EXPECT_EQ(Fault(each.text, each.format), each.message) << each.text.substr(0, 80);
  }
}

TEST_F(WordVectorsTest, FaultsOfRecordsAreNamedByTheirPlace) {
  const std::string good = Binary({{"cat", {1, 2}}, {"dog", {3, 4}}}, "\n");  // 4 + 13 + 13 bytes
  const std::string cut =
      "v.txt: record 2 (byte 17): the file ends after 1 word, and the header says 2; it seems to "
      "be cut short";
  std::string two_of_three = good;
  two_of_three[0] = '3';
  std::string one_of_two = good;
  one_of_two[0] = '1';
  std::string wider = good;  // each record takes a part of the next one
  wider[2] = '3';
  const struct {
    std::string text, message;
  } cases[] = {
      {good.substr(0, 28), cut},
      {good.substr(0, 19), cut},
      {good.substr(0, 17), cut},
      {good.substr(0, 16),
       "v.txt: record 2 (byte 16): the file ends after 1 word, and the header says 2; it "
       "seems to be cut short"},
      {good.substr(0, 15),
       "v.txt: record 1 (byte 4): the file ends after 0 words, and the header "
       "says 2; it seems to be cut short"},
      {two_of_three,
       "v.txt: record 3 (byte 30): the file ends after 2 words, and the header says "
       "3; it seems to be cut short"},
      {one_of_two, "v.txt: record 2 (byte 17): more than the 1 word that the header says"},
      {good + "\n", "v.txt: record 3 (byte 30): more than the 2 words that the header says"},
      {wider,
       "v.txt: record 2 (byte 20): the file ends after 1 word, and the header says 2; it "
       "seems to be cut short"},
      {Binary({{"cat", {1, 2}}, {"dog", {3, INFINITY}}}, ""),
       "v.txt: record 2 (byte 16): the vector of \"dog\" holds what is not finite"},
      {Binary({{"cat", {1, 2}}, {std::string(5000, 'x'), {3, 4}}}, ""),
       "v.txt: record 2 (byte 16): no blank within 4096 bytes: one must end a word"},
  };
  for (const auto& each : cases) {
    EXPECT_EQ(Fault(each.text, "auto"), each.message);
    EXPECT_EQ(Fault(each.text, "word2vec_binary"), each.message);
  }
  EXPECT_EQ(Fault("cat 1 2\n", "word2vec_binary"),
            std::string("v.txt:1:1: format = 'word2vec_binary': ") + kNeedsHeader);
}

TEST_F(WordVectorsTest, OnlyFilesProperAreRead) {
  const std::string pipe = folder_.Path("pipe");
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_NE(ErrorMessage([&] { ReadWordVectors(pipe, vocabulary_); }).find("a pipe, not a file"),
            std::string::npos);
  EXPECT_EQ(ErrorMessage([&] { ReadWordVectors(folder_.Path("absent"), vocabulary_); }),
            folder_.Path("absent") + ": No such file or directory");
}

}  // namespace
}  // namespace grove
