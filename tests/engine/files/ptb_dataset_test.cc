#include "engine/files/ptb_dataset.h"

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
#include "engine/files/files.h"
#include "engine/files/ptb.h"
#include "engine/run_spec_json.h"
#include "engine/tasks/task.h"

namespace grove {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;
using Ints = std::vector<int32_t>;

class PtbDatasetTest : public testing::Test {
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
    return error.what();
  }
  return "no error";
}

TEST_F(PtbDatasetTest, VocabularyAndClassesComeFromTheTrainingFile) {
  const std::string train = Write("train", "(2 (. b) (. a))\n(0 <unk>)\n(1 (. c) (. a))\n");
  const std::string dev = Write("dev", "(1 (. new) (. c))\n");
  const std::string test = Write("test", "(0 a)\n");
  const Dataset dataset = ReadPtbDataset(train, dev, test);
  EXPECT_EQ(dataset.words, (Words{"b", "a", "c", "<unk>"}));
  EXPECT_EQ(dataset.vocabulary_size, 4);
  EXPECT_EQ(dataset.classes, 3);
  EXPECT_EQ(dataset.train.word, (Ints{0, 1, kNone, 3, 2, 1, kNone}));
  EXPECT_EQ(dataset.dev.word, (Ints{3, 2, kNone}));
  EXPECT_EQ(dataset.test.word, (Ints{1}));
  EXPECT_EQ(ReadPtbDataset(train, dev, "").test.trees(), 0u);
}

TEST_F(PtbDatasetTest, AGivenVocabularyAndClassesTakeTheirPlace) {
  const std::string train = Write("train", "(2 (. b) (. a))\n");
  const Vocabulary vocabulary({"<unk>", "a"}, 2);
  const Dataset dataset = ReadPtbDataset(train, train, "", &vocabulary, 5);
  EXPECT_EQ(dataset.words, (Words{"<unk>", "a"}));
  EXPECT_EQ(dataset.classes, 5);
  EXPECT_EQ(dataset.train.word, (Ints{0, 1, kNone}));
}

TEST_F(PtbDatasetTest, AnExportedTaskIsItselfUnderItsNumbers) {
  DatasetSpec spec;
  spec.train = spec.dev = spec.test = 50;
  const Forest forest = GenerateDataset(spec).train;
  const std::string path = Write("train", FormatPtb(forest, {}));
  const Forest read = ReadPtbForest(path, Vocabulary({}, 10001), 10);
  EXPECT_EQ(read.word, forest.word);
  EXPECT_EQ(read.child, forest.child);
  EXPECT_EQ(read.label, forest.label);
  EXPECT_EQ(read.keyword, forest.keyword);
}

TEST_F(PtbDatasetTest, TellsWhatWasRead) {
  const std::string train = Write("train", "(1 (. b) (. a))\n");
  const std::string dev = Write("dev", "(0 a)\n\n");
  const Dataset dataset = ReadPtbDataset(train, dev, train);
  const std::vector<std::vector<std::string>> expected = {
      {"train", train, HashText(ReadFile(train))},
      {"dev", dev, HashText("(0 a)\n\n")},
      {"test", train, HashText(ReadFile(train))}};
  ASSERT_EQ(dataset.files.size(), expected.size());
  for (size_t i = 0; i < expected.size(); ++i) {
    const DatasetFile& file = dataset.files[i];
    EXPECT_EQ((Words{file.role, file.path, file.xxh3}), expected[i]);
  }
  EXPECT_EQ(ReadPtbDataset(train, dev, "").files.size(), 2u);
}

TEST_F(PtbDatasetTest, ALabelOutOfRangeTellsWhereTheLimitComesFrom) {
  const std::string train = Write("train", "(1 (. b) (. a))\n");
  const std::string other = Write("other", "(5 (. b) (. a))\n");
  const std::string place = other + ":1:2: label '5': must be '.' or an integer from 0 to ";
  const std::string from_training = place + "1, because the training file " + train +
                                    " has no higher label; set classes (--classes) to allow more";
  EXPECT_EQ(MessageOf([&] { ReadPtbDataset(train, other, train); }), from_training);
  EXPECT_EQ(MessageOf([&] { ReadPtbDataset(train, train, other); }), from_training);
  const std::string from_setting = place + "2, because classes is 3 (--classes)";
  EXPECT_EQ(MessageOf([&] { ReadPtbDataset(train, other, "", nullptr, 3); }), from_setting);
  EXPECT_EQ(MessageOf([&] { ReadPtbDataset(other, train, "", nullptr, 3); }), from_setting);
  const std::string reason = "the model m.safetensors has 3 classes";
  const std::string from_model = place + "2, because " + reason;
  EXPECT_EQ(MessageOf([&] { ReadPtbDataset(other, train, "", nullptr, 3, reason); }), from_model);
  EXPECT_EQ(MessageOf([&] { ReadPtbDataset(train, train, other, nullptr, 3, reason); }),
            from_model);
  const Vocabulary vocabulary({"<unk>"}, 1);
  EXPECT_EQ(MessageOf([&] { ReadPtbForest(other, vocabulary, 3, reason); }), from_model);
}

// What is read once and gone would give every such run the same hash.
TEST_F(PtbDatasetTest, PipesDevicesAndFoldersAreRefused) {
  const std::string good = Write("train", "(1 (. b) (. a))\n");
  const std::string pipe = (folder_ / "pipe").string();
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  for (const std::string& bad : {pipe, std::string("/dev/null"), folder_.string()}) {
    const std::string message = MessageOf([&] { ReadPtb(bad); });
    EXPECT_TRUE(message.starts_with(bad + ": is a ")) << message;
    EXPECT_EQ(MessageOf([&] { ReadPtbDataset(bad, good, good); }), message);
    EXPECT_EQ(MessageOf([&] { ReadPtbDataset(good, bad, good); }), message);
    EXPECT_EQ(MessageOf([&] { ReadPtbDataset(good, good, bad); }), message);
  }
}

// What is looked at once need not be found again.
TEST_F(PtbDatasetTest, APipeCanBeCheckedAndEvaluated) {
  const std::string pipe = (folder_ / "pipe").string();
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  const auto with_writer = [&](const auto& read) {
    std::thread writer([&] { std::ofstream(pipe) << "(1 (. b) (. a))\n"; });
    read();
    writer.join();
  };
  with_writer([&] { EXPECT_EQ(CheckPtb(pipe).trees, 1u); });
  const Vocabulary vocabulary({"a", "b"}, 2);
  with_writer([&] { EXPECT_EQ(ReadPtbForest(pipe, vocabulary, 2).trees(), 1u); });
}

// The fault of the last line would be told by whoever looks only when all is read.
TEST_F(PtbDatasetTest, StopsBetweenTwoLines) {
  std::string text;
  for (int line = 0; line < 1'000'000; ++line) text += "(1 (. b) (0 a))\n";
  const std::string path = Write("long", text + "(1");
  std::atomic<bool> stop{false};
  std::thread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    stop = true;
  });
  EXPECT_FALSE(ReadPtbDataset(path, path, path, nullptr, 0, "", Examples::kTrees, stop));
  stopper.join();
  EXPECT_FALSE(ReadRegularFile(path, stop));
}

TEST_F(PtbDatasetTest, FaultsNameFileAndPlace) {
  const std::string train = Write("train", "(2 (. b) (. a))\n");
  const std::string dev = Write("dev", "(1 a)\n(3 a)\n");
  EXPECT_EQ(MessageOf([&] { ReadPtbDataset(train, dev, ""); }),
            dev +
                ":2:2: label '3': must be '.' or an integer from 0 to 2, because the training "
                "file " +
                train + " has no higher label; set classes (--classes) to allow more");
  EXPECT_EQ(MessageOf([&] { ReadPtbForest(train, Vocabulary({}, 10), 3); }),
            train + ":1:7: word 'b' is not in the vocabulary of 10 words, which has no <unk>");
  const std::string bare = Write("bare", "(. a)\n");
  EXPECT_EQ(MessageOf([&] { ReadPtbDataset(bare, bare, ""); }),
            bare + ": no node has a label, there is nothing to learn");
  EXPECT_EQ(MessageOf([&] { ReadPtbDataset(train, "/none", ""); }),
            "/none: No such file or directory");
}

}  // namespace
}  // namespace grove
