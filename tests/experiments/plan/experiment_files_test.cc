// Experiments on files of trees: what they may say, and which runs come of it.
#include <gtest/gtest.h>

#include <set>

#include "engine/files/treebank_dataset.h"
#include "engine/run_spec_json.h"
#include "experiments/plan/forecast.h"
#include "experiments/plan/memory_model.h"
#include "experiments/plan/plan.h"
#include "experiments/plan/run_filter.h"
#include "tests/experiments/temporary_folder.h"

namespace grove {
namespace {

constexpr char kTrain[] = "(1 (0 a) (1 b))\n(0 (1 b) (0 (1 c) (0 a)))\n(2 c)\n";
constexpr char kDev[] = "(1 (0 a) (1 b))\n(0 (1 b) (. (1 a) (. (. d) (. a))))\n";

class FilesTest : public testing::Test {
 protected:
  FilesTest() {
    folder_.Write("a.ptb", kTrain);
    folder_.Write("b.ptb", std::string(kTrain) + kTrain);
    folder_.Write("dev.ptb", kDev);
    folder_.Write("test.ptb", "(0 a)\n");
  }

  std::vector<Job> Plan(const std::string& text) const {
    return grove::Plan({ReadSpec(folder_.Write("e.toml", text))}).runs;
  }
  // The error of that experiment file, the folder left out.
  std::string Refusal(const std::string& text) const {
    std::string message = ErrorMessage([&] { Plan(text); });
    for (size_t at = 0; (at = message.find(folder_.path() + "/")) != std::string::npos;) {
      message.erase(at, folder_.path().size() + 1);
    }
    return message;
  }

  TemporaryFolder folder_;
};

TEST_F(FilesTest, RunsAreKnownByTheContentsOfTheirFiles) {
  const std::vector<Job> runs =
      Plan("name = 'f'\n[data]\ntrain = 'a.ptb'\ndev = 'dev.ptb'\ntest = 'test.ptb'\n");
  ASSERT_EQ(runs.size(), 1u);
  const Job& run = runs[0];
  ASSERT_TRUE(run.files);
  EXPECT_EQ(run.files->train.path, folder_.Path("a.ptb"));
  EXPECT_EQ(run.files->train.xxh3, HashText(kTrain));
  EXPECT_EQ(run.files->dev.xxh3, HashText(kDev));
  EXPECT_EQ(run.files->classes, 3);
  EXPECT_EQ(run.key, RunKey(Resolve(RunSpec()), "classes 3\ntrain " + HashText(kTrain) + "\ndev " +
                                                    HashText(kDev) + "\ntest " +
                                                    HashText("(0 a)\n") + "\n"));
  EXPECT_EQ(run.Label(), "f d1 rlstm s1");
  // The same contents elsewhere are the same run.
  folder_.Write("copy.ptb", kTrain);
  EXPECT_EQ(
      Plan("name = 'g'\n[data]\ntrain = 'copy.ptb'\ndev = 'dev.ptb'\ntest = 'test.ptb'\n")[0].key,
      run.key);
  EXPECT_NE(Plan("name = 'f'\n[data]\ntrain = 'a.ptb'\ndev = 'dev.ptb'\n")[0].key, run.key);
}

TEST_F(FilesTest, SizesAreThoseOfTheFiles) {
  const Job run = Plan("name = 'f'\n[data]\ntrain = 'a.ptb'\ndev = 'dev.ptb'\nclasses = 5\n")[0];
  EXPECT_EQ(run.data.train, 3);
  EXPECT_EQ(run.data.dev, 2);
  EXPECT_EQ(run.data.test, 0);
  EXPECT_EQ(run.data.min_length, 1);
  EXPECT_EQ(run.data.max_length, 4);
  EXPECT_EQ(run.files->classes, 5);
  EXPECT_EQ(
      run.vocabulary,
      ReadTreebankDataset(folder_.Path("a.ptb"), folder_.Path("dev.ptb"), "").vocabulary_size);
  const Workload workload = MakeWorkload({&run}, {Prediction{1, 1, {}, 0, {}}});
  EXPECT_EQ(workload.workspace_bytes[0], WorkspaceBytes(run.run, run.data, run.vocabulary, 5));
  EXPECT_LT(workload.workspace_bytes[0], WorkspaceBytes(run.run, run.data));
}

TEST_F(FilesTest, AxesOverFiles) {
  const std::vector<Job> runs = Plan(
      "name = 'f'\n[data]\ndev = 'dev.ptb'\n[axes]\ntrain = ['a.ptb', './b.ptb']\nl2 = [0, "
      "1e-4]\n");
  ASSERT_EQ(runs.size(), 4u);
  EXPECT_EQ(runs[0].Label(), "f d1 rlstm l2=0 train=a.ptb s1");
  EXPECT_EQ(runs[3].Label(), "f d1 rlstm l2=0.0001 train=./b.ptb s1");
  EXPECT_EQ(runs[3].files->train.path, folder_.Path("b.ptb"));
  EXPECT_EQ(SelectRuns(runs, {"train=./b.ptb"}).size(), 2u);
  // [data] may be left out where axes name all.
  EXPECT_EQ(Plan("name = 'f'\n[axes]\ntrain = ['a.ptb']\ndev = ['dev.ptb']\n").size(), 1u);
}

// How files are read decides what the runs train on.
TEST_F(FilesTest, SettingsOfReadingAreOfTheRun) {
  const std::string files = "name = 'f'\n[data]\ntrain = 'a.ptb'\ndev = 'dev.ptb'\n";
  const Job plain = Plan(files)[0];
  EXPECT_EQ(Plan(files + "min_count = 1\n")[0].key, plain.key) << "the default";
  const std::vector<Job> runs = Plan(files + "lower_case = true\n[axes]\nmin_count = [1, 3]\n");
  ASSERT_EQ(runs.size(), 2u);
  EXPECT_EQ(runs[1].Label(), "f d1 rlstm min_count=3 s1");
  EXPECT_TRUE(runs[1].files->reading.lower_case);
  EXPECT_EQ(runs[1].files->reading.min_count, 3);
  EXPECT_EQ(runs[0].vocabulary, 4) << "of three words, with the unknown one";
  EXPECT_EQ(runs[1].vocabulary, 1) << "each comes twice";
  EXPECT_EQ(std::set<std::string>({plain.key, runs[0].key, runs[1].key}).size(), 3u);
  EXPECT_EQ(Refusal(files + "lowercase = true\n"),
            "e.toml:5: unknown key 'lowercase'; did you mean 'lower_case'?");
  EXPECT_NE(Refusal(files + "min_count = 0\n").find("e.toml:5: min_count = 0: must be from 1"),
            std::string::npos);
  EXPECT_NE(Refusal(files + "format = 'xml'\n").find("must be one of auto, brackets, conllu"),
            std::string::npos);
  EXPECT_NE(Refusal(files + "label = 'pos'\n").find("must be comment:KEY, upos or deprel"),
            std::string::npos);
}

TEST_F(FilesTest, DatasetsOfFiles) {
  const std::vector<Job> runs = Plan(
      "name = 'f'\n[axes]\ndataset = [{id = 1, train = 'a.ptb', dev = 'dev.ptb'},\n"
      "{id = 7, train = 'b.ptb', dev = 'dev.ptb', test = 'test.ptb', classes = 4}]\nseed = "
      "'1-2'\n");
  ASSERT_EQ(runs.size(), 4u);
  EXPECT_EQ(runs[0].Label(), "f d1 rlstm s1");
  EXPECT_EQ(runs[0].files->test.path, "");
  EXPECT_EQ(runs[3].Label(), "f d7 rlstm s2");
  EXPECT_EQ(runs[3].files->classes, 4);
}

TEST_F(FilesTest, SweepsVaryThem) {
  folder_.Write("e.toml", "name = 'f'\n[data]\ntrain = 'a.ptb'\ndev = 'dev.ptb'\n");
  const auto plan = [&](const std::string& text) {
    return grove::Plan({ReadSpec(folder_.Write("s.toml", "name = 's'\nof = ['e.toml']\n" + text))})
        .runs;
  };
  const std::vector<Job> runs = plan("seeds = '1-2'\n[grid]\nlearning_rate = [0.1, 0.2]\n");
  ASSERT_EQ(runs.size(), 4u);
  EXPECT_TRUE(runs[0].files);
  EXPECT_EQ(runs[0].variant, "learning_rate = 0.1");
  EXPECT_EQ(std::set<std::string>({runs[0].key, runs[1].key, runs[2].key, runs[3].key}).size(), 4u);
  EXPECT_NE(ErrorMessage([&] {
              plan("[grid]\nmax_length = [5]\n");
            }).find("max_length: a setting of generated trees, and f trains on files"),
            std::string::npos);
}

TEST_F(FilesTest, WordsMayStartWithVectors) {
  const std::string files = "name = 'f'\n[data]\ntrain = 'a.ptb'\ndev = 'dev.ptb'\n";
  folder_.Write("v.txt", "c 1 2 3\na 4 5 6\nd 7 8 9\n");
  const Job run = Plan(files + "vectors = 'v.txt'\n")[0];
  EXPECT_EQ(run.files->vectors,
            (VectorsFile{{folder_.Path("v.txt"), HashText(folder_.Read("v.txt"))}, 3, 3, 2}));
  EXPECT_EQ(run.run.word_dim, 3);
  RunSpec wide;
  wide.word_dim = 3;
  EXPECT_EQ(run.key, RunKey(Resolve(wide), "classes 3\ntrain " + HashText(kTrain) + "\ndev " +
                                               HashText(kDev) + "\nvectors " +
                                               run.files->vectors.xxh3 + "\n"));
  EXPECT_EQ(Plan(files + "vectors = 'v.txt'\n[run]\nword_dim = 3\n")[0].key, run.key);
  const Workload with = MakeWorkload({&run}, {Prediction{1, 1, {}, 0, {}}});
  EXPECT_EQ(with.dataset_bytes[0], DatasetBytes(run.data) + 6 * sizeof(float));
}

TEST_F(FilesTest, VectorsMayVary) {
  const std::string files = "name = 'f'\n[data]\ntrain = 'a.ptb'\ndev = 'dev.ptb'\n";
  folder_.Write("v3.txt", "a 1 2 3\n");
  folder_.Write("v2.txt", "a 1 2\nb 1 2\n");
  const std::vector<Job> runs =
      Plan(files + "[axes]\nvectors = ['v3.txt', 'v2.txt']\nseed = '1-2'\n");
  ASSERT_EQ(runs.size(), 4u);
  EXPECT_EQ(runs[1].Label(), "f d1 rlstm vectors=v3.txt s2");
  EXPECT_EQ(runs[1].run.word_dim, 3);
  EXPECT_EQ(runs[2].run.word_dim, 2);
  EXPECT_EQ(runs[3].files->vectors.covered, 2);
  const std::vector<Job> some =
      Plan(files + "[axes]\ndataset = [{id = 1}, {id = 2, vectors = 'v2.txt'}]\n");
  EXPECT_EQ(some[0].run.word_dim, 0);
  EXPECT_EQ(some[1].run.word_dim, 2);
  folder_.Write("e.toml", files + "vectors = 'v3.txt'\n");
  const std::string sweep =
      folder_.Write("s.toml", "name = 's'\nof = ['e.toml']\n[grid]\nword_dim = [0, 2]\n");
  EXPECT_NE(ErrorMessage([&] {
              grove::Plan({ReadSpec(sweep)});
            }).find("word_dim = 2: the vectors of " + folder_.Path("v3.txt") + " have 3 numbers"),
            std::string::npos);
}

TEST_F(FilesTest, WhatIsWrongIsNamed) {
  const std::string files = "[data]\ntrain = 'a.ptb'\ndev = 'dev.ptb'\n";
  EXPECT_EQ(Refusal("name = 'f'\n" + files + "[dataset]\ntrain = 5\n"),
            "e.toml:2: [data] names files, [dataset] says what to generate: give one of them");
  EXPECT_EQ(Refusal("name = 'f'\n[data]\ntrain = 'a.ptb'\n"),
            "e.toml: dev: no file is named; [data], an axis or every dataset must");
  EXPECT_EQ(Refusal("name = 'f'\n[data]\ntrain = 5\n"), "e.toml:3: train: must be a string");
  EXPECT_EQ(Refusal("name = 'f'\n" + files + "classes = 0\n"),
            "e.toml:5: classes: must be an integer from 1 to 65536");
  EXPECT_EQ(Refusal("name = 'f'\n" + files + "tset = 'a'\n"),
            "e.toml:5: unknown key 'tset'; did you mean 'test'?");
  EXPECT_EQ(Refusal("name = 'f'\n" + files + "min_length = 3\n"),
            "e.toml:5: min_length: a setting of generated trees, and this experiment trains on "
            "files");
  EXPECT_EQ(Refusal("name = 'f'\n[data]\ntrain = 'none.ptb'\ndev = 'dev.ptb'\n"),
            "none.ptb: No such file or directory");
  folder_.Write("v.txt", "a 1 2 3\n");
  EXPECT_EQ(Refusal("name = 'f'\n" + files + "vectors = 'v.txt'\n[run]\nword_dim = 50\n"),
            "e.toml: word_dim = 50: the vectors of v.txt have 3 numbers; leave word_dim out to "
            "take that");
  EXPECT_EQ(Refusal("name = 'f'\n" + files + "vectors = ''\n"),
            "e.toml:5: vectors: must be the path of a file");
  EXPECT_EQ(Refusal("name = 'f'\n" + files + "vectors = 'e.toml'\n").substr(0, 27),
            "e.toml:1:1: no word vectors");
  EXPECT_EQ(Refusal("name = 'f'\n" + files + "[axes]\ntrain = ['a.ptb', 'a.ptb']\n"),
            "e.toml:6: train \"a.ptb\" is given twice");
  EXPECT_EQ(Refusal("name = 'f'\n" + files + "[run]\nprobe = true\n"),
            "e.toml: probe = true: it follows the keywords of trees, and no tree of a.ptb has one "
            "(words that are numbers, exactly one of them below 1000)");
}

TEST_F(FilesTest, PairsAreReadAsSuch) {
  folder_.Write("pairs.ptb", "1\t(. a)\t(. (. a) (. b))\n0\t(. b)\t(. b)\n");
  const std::string text = "name = 'f'\n[data]\ntrain = 'pairs.ptb'\ndev = 'pairs.ptb'\n";
  const Job run = Plan(text + "[run]\ncomparison = 'tai'\n")[0];
  EXPECT_EQ(run.data.train, 2);
  const Workload workload = MakeWorkload({&run}, {Prediction{1, 1, {}, 0, {}}});
  EXPECT_EQ(workload.dataset_bytes[0], DatasetBytes(run.data, 2));
}

TEST_F(FilesTest, FaultsOfTreesAreNamedByTheirPlace) {
  const auto refusal = [&](const std::string& dev) {
    folder_.Write("x.ptb", dev);
    return Refusal("name = 'f'\n[data]\ntrain = 'a.ptb'\ndev = 'x.ptb'\n");
  };
  EXPECT_EQ(refusal("(1 (0 a) (1 b))\n(1 (0 a) (1 b)\n").substr(0, 10), "x.ptb:2:15");
  EXPECT_NE(refusal("(3 a)\n").find("x.ptb:1:2: "), std::string::npos);
  EXPECT_NE(refusal("(3 a)\n").find("a.ptb"), std::string::npos);
  EXPECT_EQ(refusal("(. (1 a) (. b))\n"),
            "x.ptb: no tree has a label at its root; training stops by their accuracy");
}

}  // namespace
}  // namespace grove
