#include "engine/files/treebank_dataset.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "engine/error.h"
#include "engine/files/bracket_writer.h"
#include "engine/files/files.h"
#include "engine/files/treebank.h"
#include "engine/run_spec_json.h"
#include "engine/tasks/task.h"

namespace grove {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;
using Ints = std::vector<int32_t>;

class TreebankDatasetTest : public testing::Test {
 protected:
  void SetUp() override { fs::create_directories(folder_); }
  void TearDown() override { fs::remove_all(folder_); }

  std::string Write(const std::string& name, const std::string& text) const {
    const std::string path = (folder_ / name).string();
    WriteFileAtomically(path, text);
    return path;
  }

  const fs::path folder_ =
      fs::path(testing::TempDir()) / ("grove_ptb_dataset_" + std::to_string(getpid()));
};

std::string MessageOf(const auto& action) {
  try {
    action();
  } catch (const Error& error) {
    const std::string message = error.what();
    return message.substr(0, message.find(", near '"));
  }
  return "no error";
}

TEST_F(TreebankDatasetTest, VocabularyAndClassesComeFromTheTrainingFile) {
  const std::string train = Write("train", "(2 (. b) (. a))\n(0 <unk>)\n(1 (. c) (. a))\n");
  const std::string dev = Write("dev", "(1 (. new) (. c))\n");
  const std::string test = Write("test", "(0 a)\n");
  const Dataset dataset = ReadTreebankDataset(train, dev, test);
  EXPECT_EQ(dataset.words, (Words{"b", "a", "c", "<unk>"}));
  EXPECT_EQ(dataset.vocabulary_size, 4);
  EXPECT_EQ(dataset.classes, 3);
  EXPECT_EQ(dataset.train.word, (Ints{0, 1, kNone, 3, 2, 1, kNone}));
  EXPECT_EQ(dataset.dev.word, (Ints{3, 2, kNone}));
  EXPECT_EQ(dataset.test.word, (Ints{1}));
  EXPECT_EQ(ReadTreebankDataset(train, dev, "").test.trees(), 0u);
}

TEST_F(TreebankDatasetTest, AGivenVocabularyAndClassesTakeTheirPlace) {
  const std::string train = Write("train", "(2 (. b) (. a))\n");
  const Vocabulary vocabulary({"<unk>", "a"}, 2);
  const Dataset dataset =
      ReadTreebankDataset(train, train, "", {.classes = 5, .vocabulary = &vocabulary});
  EXPECT_EQ(dataset.words, (Words{"<unk>", "a"}));
  EXPECT_EQ(dataset.classes, 5);
  EXPECT_EQ(dataset.train.word, (Ints{0, 1, kNone}));
}

TEST_F(TreebankDatasetTest, RareWordsAreUnknown) {
  const std::string train =
      Write("train", "(1 (. The) (. (. cat) (. the)))\n(0 (. the) (. CAT))\n");
  TreebankOptions options;
  options.reading.min_count = 2;
  Dataset dataset = ReadTreebankDataset(train, train, "", options);
  EXPECT_EQ(dataset.words, (Words{"the", "<unk>"}));
  EXPECT_EQ(dataset.train.word, (Ints{1, 1, 0, kNone, kNone, 0, 1, kNone}));
  EXPECT_EQ(dataset.dev.word, dataset.train.word);
  options.reading.lower_case = true;
  dataset = ReadTreebankDataset(train, train, "", options);
  EXPECT_EQ(dataset.words, (Words{"the", "cat", "<unk>"}));
}

TEST_F(TreebankDatasetTest, NamesOfTheTrainingFileAreTheClasses) {
  const std::string train = Write("train", "(S (NP b) (VP a))\n(NP b)\n");
  const std::string dev = Write("dev", "(VP (. a) (S b))\n");
  const Dataset dataset = ReadTreebankDataset(train, dev, "");
  EXPECT_EQ(dataset.labels, (Words{"S", "NP", "VP"}));
  EXPECT_EQ(dataset.classes, 3);
  EXPECT_EQ(dataset.dev.label, (Ints{kNone, 0, 2}));
  const std::string other = Write("other", "(ADJP a)\n");
  EXPECT_EQ(MessageOf([&] { ReadTreebankDataset(train, other, ""); }),
            other +
                ":1:2: label 'ADJP': must be '.' or one of S, NP, VP, because the training file " +
                train + " has no other");
  const std::string numbers = Write("numbers", "(1 (0 b) (1 a))\n");
  EXPECT_NE(MessageOf([&] { ReadTreebankDataset(numbers, train, ""); }).find("label 'S': must be"),
            std::string::npos);
}

TEST_F(TreebankDatasetTest, ACellTakesOnlyItsTrees) {
  const std::string train = Write("train", "(1 (. a)\n   (1 (. b) (. c) (. d)))\n");
  RunSpec spec;
  const auto message = [&] {
    return MessageOf([&] { ReadTreebankDataset(train, train, "", OptionsFor(spec)); });
  };
  EXPECT_EQ(message(), train +
                           ":2:4: a node with 3 children, and rlstm takes up to 2; 'grove data "
                           "convert --binarise left' makes binary trees");
  spec.model = "child_sum";
  EXPECT_EQ(message(), "no error");
  ReadingSpec reading;
  reading.label = "upos";
  EXPECT_EQ(MessageOf([&] { ReadTreebank(train, OptionsFor(spec, reading)); }),
            train + ": its format, brackets, has labels of its own; label (--label) is for conllu");
}

TEST_F(TreebankDatasetTest, AnExportedTaskIsItselfUnderItsNumbers) {
  DatasetSpec spec;
  spec.train = spec.dev = spec.test = 50;
  const Forest forest = GenerateDataset(spec).train;
  const std::string path = Write("train", FormatBrackets(forest, {}));
  const Vocabulary vocabulary({}, 10001);
  const Forest read = ReadOnce(path, {.classes = 10, .vocabulary = &vocabulary}).forest;
  EXPECT_EQ(read.word, forest.word);
  EXPECT_EQ(read.child, forest.child);
  EXPECT_EQ(read.label, forest.label);
  EXPECT_EQ(read.keyword, forest.keyword);
}

TEST_F(TreebankDatasetTest, TellsWhatWasRead) {
  const std::string train = Write("train", "(1 (. b) (. a))\n");
  const std::string dev = Write("dev", "(0 a)\n\n");
  const Dataset dataset = ReadTreebankDataset(train, dev, train);
  const std::vector<std::vector<std::string>> expected = {
      {"train", train, HashText(ReadFile(train))},
      {"dev", dev, HashText("(0 a)\n\n")},
      {"test", train, HashText(ReadFile(train))}};
  ASSERT_EQ(dataset.files.size(), expected.size());
  for (size_t i = 0; i < expected.size(); ++i) {
    const DatasetFile& file = dataset.files[i];
    EXPECT_EQ((Words{file.role, file.path, file.xxh3}), expected[i]);
  }
  EXPECT_EQ(ReadTreebankDataset(train, dev, "").files.size(), 2u);
}

TEST_F(TreebankDatasetTest, ALabelOutOfRangeTellsWhereTheLimitComesFrom) {
  const std::string train = Write("train", "(1 (. b) (. a))\n");
  const std::string other = Write("other", "(5 (. b) (. a))\n");
  const std::string place = other + ":1:2: label '5': must be '.' or an integer from 0 to ";
  const std::string from_training = place + "1, because the training file " + train +
                                    " has no higher label; set classes (--classes) to allow more";
  EXPECT_EQ(MessageOf([&] { ReadTreebankDataset(train, other, train); }), from_training);
  EXPECT_EQ(MessageOf([&] { ReadTreebankDataset(train, train, other); }), from_training);
  const std::string from_setting = place + "2, because classes is 3 (--classes)";
  EXPECT_EQ(MessageOf([&] { ReadTreebankDataset(train, other, "", {.classes = 3}); }),
            from_setting);
  EXPECT_EQ(MessageOf([&] { ReadTreebankDataset(other, train, "", {.classes = 3}); }),
            from_setting);
  const TreebankOptions from_the_model = {.classes = 3,
                                          .limit_reason = "the model m.safetensors has 3 classes"};
  const std::string from_model = place + "2, because " + from_the_model.limit_reason;
  EXPECT_EQ(MessageOf([&] { ReadTreebankDataset(other, train, "", from_the_model); }), from_model);
  EXPECT_EQ(MessageOf([&] { ReadTreebankDataset(train, train, other, from_the_model); }),
            from_model);
  EXPECT_EQ(MessageOf([&] { ReadOnce(other, from_the_model); }), from_model);
}

// What is read once and gone would give every such run the same hash.
TEST_F(TreebankDatasetTest, PipesDevicesAndFoldersAreRefused) {
  const std::string good = Write("train", "(1 (. b) (. a))\n");
  const std::string pipe = (folder_ / "pipe").string();
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  for (const std::string& bad : {pipe, std::string("/dev/null"), folder_.string()}) {
    const std::string message = MessageOf([&] { ReadTreebank(bad); });
    EXPECT_TRUE(message.starts_with(bad + ": is a ")) << message;
    EXPECT_EQ(MessageOf([&] { ReadTreebankDataset(bad, good, good); }), message);
    EXPECT_EQ(MessageOf([&] { ReadTreebankDataset(good, bad, good); }), message);
    EXPECT_EQ(MessageOf([&] { ReadTreebankDataset(good, good, bad); }), message);
  }
}

// What is looked at once need not be found again.
TEST_F(TreebankDatasetTest, APipeCanBeCheckedAndEvaluated) {
  const std::string pipe = (folder_ / "pipe").string();
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  const auto with_writer = [&](const auto& read) {
    std::thread writer([&] { std::ofstream(pipe) << "(1 (. b) (. a))\n"; });
    read();
    writer.join();
  };
  with_writer([&] { EXPECT_EQ(CheckTreebank(pipe, {}).trees, 1u); });
  const Vocabulary vocabulary({"a", "b"}, 2);
  with_writer([&] { EXPECT_EQ(ReadOnce(pipe, {.vocabulary = &vocabulary}).forest.trees(), 1u); });
}

// The fault of the last line would be told by whoever looks only when all is read.
TEST_F(TreebankDatasetTest, StopsBetweenTwoLines) {
  std::string text;
  for (int line = 0; line < 1'000'000; ++line) text += "(1 (. b) (0 a))\n";
  const std::string path = Write("long", text + "(1");
  std::atomic<bool> stop{false};
  std::thread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    stop = true;
  });
  EXPECT_FALSE(ReadTreebankDataset(path, path, path, {}, stop));
  stopper.join();
  EXPECT_FALSE(ReadRegularFile(path, stop));
}

TEST_F(TreebankDatasetTest, FaultsNameFileAndPlace) {
  const std::string train = Write("train", "(2 (. b) (. a))\n");
  const std::string dev = Write("dev", "(1 a)\n(3 a)\n");
  EXPECT_EQ(MessageOf([&] { ReadTreebankDataset(train, dev, ""); }),
            dev +
                ":2:2: label '3': must be '.' or an integer from 0 to 2, because the training "
                "file " +
                train + " has no higher label; set classes (--classes) to allow more");
  const Vocabulary vocabulary({}, 10);
  EXPECT_EQ(MessageOf([&] { ReadOnce(train, {.classes = 3, .vocabulary = &vocabulary}); }),
            train + ":1:7: word 'b' is not in the vocabulary of 10 words, which has no <unk>");
  const std::string bare = Write("bare", "(. a)\n");
  EXPECT_EQ(MessageOf([&] { ReadTreebankDataset(bare, bare, ""); }),
            bare + ": no node has a label, there is nothing to learn");
  EXPECT_EQ(MessageOf([&] { ReadTreebankDataset(train, "/none", ""); }),
            "/none: No such file or directory");
}

}  // namespace
}  // namespace grove
