// Spec files that a single run is taken from.
#include "experiments/plan/one_run.h"

#include <gtest/gtest.h>

#include "tests/experiments/temporary_folder.h"

namespace grove {
namespace {

using Chosen = std::map<std::string, std::string>;

class OneRunTest : public testing::Test {
 protected:
  Job Read(const std::string& text, const Chosen& chosen = {}) const {
    return ReadOneRun(folder_.Write("e.toml", "name = 'e'\n" + text), chosen);
  }
  // The error, without the folder.
  std::string Refusal(const std::string& text, const Chosen& chosen = {}) const {
    const std::string message = ErrorMessage([&] { Read(text, chosen); });
    const std::string folder = folder_.path() + "/";
    return message.rfind(folder, 0) == 0 ? message.substr(folder.size()) : message;
  }

  TemporaryFolder folder_;
};

constexpr char kData[] = "[data]\ntrain = 'a.ptb'\ndev = 'sub/dev.ptb'\nclasses = 5\n";

TEST_F(OneRunTest, HasTheSettingsAndTheFiles) {
  const Job job = Read(std::string(kData) + "[run]\ndim = 7\nprobe = true\n");
  EXPECT_EQ(job.run.dim, 7);
  EXPECT_TRUE(job.run.probe);
  EXPECT_EQ(job.run.batch, 0) << "not yet resolved: a setting from elsewhere may change the model";
  EXPECT_EQ(job.experiment, "e");
  EXPECT_EQ(job.dataset, 1);
  ASSERT_TRUE(job.files);
  EXPECT_EQ(job.files->train.path, folder_.Path("a.ptb"));
  EXPECT_EQ(job.files->dev.path, folder_.Path("sub/dev.ptb"));
  EXPECT_EQ(job.files->test.path, "");
  EXPECT_EQ(job.files->classes, 5);
}

TEST_F(OneRunTest, AxesOfOnePointAreSettings) {
  const Job job = Read(std::string(kData) +
                       "[run]\nbatch = 2\n[axes]\nmodel = [{model = 'rnn', batch = 9}]\nl2 = [0]\n"
                       "seed = '4'\n");
  EXPECT_EQ(job.run.model, "rnn");
  EXPECT_EQ(job.run.batch, 9);
  EXPECT_EQ(job.run.l2, 0);
  EXPECT_EQ(job.run.seed, 4u);
  EXPECT_EQ(job.axes, nlohmann::json::parse(R"({"l2": 0})"));
}

constexpr char kAxes[] =
    "[axes]\ndataset = [{id = 3, train = 'c.ptb', dev = 'd.ptb'}, {id = 4, train = 'd.ptb', dev = "
    "'d.ptb'}]\nmodel = ['rnn', {model = 'rlstm', batch = 9}]\nlearning_rate = [0.02, 0.05]\n"
    "seed = '1-7'\n";

TEST_F(OneRunTest, WhatIsLeftOpenIsSaid) {
  EXPECT_EQ(Refusal(kAxes),
            "e.toml: 56 runs, by dataset (3, 4), model (rnn, rlstm), learning_rate (0.02, 0.05), "
            "seed (7 values); choose one (dataset=... model=... learning_rate=... seed=...), or "
            "let 'grove run' train them, with --only some of them");
  EXPECT_EQ(Refusal(kAxes, {{"dataset", "3"}, {"seed", "2"}, {"model", "rnn"}}),
            "e.toml: 2 runs, by learning_rate (0.02, 0.05); choose one (learning_rate=...), or let "
            "'grove run' train them, with --only some of them");
}

TEST_F(OneRunTest, AChoiceTakesItsPointOrTheAxisAway) {
  const Chosen chosen = {
      {"dataset", "4"}, {"model", "rlstm"}, {"learning_rate", "0.3"}, {"seed", "9"}, {"dim", "3"}};
  const Job job = Read(kAxes, chosen);
  EXPECT_EQ(job.dataset, 4);
  EXPECT_EQ(job.files->train.path, folder_.Path("d.ptb"));
  EXPECT_EQ(job.run.model, "rlstm");
  EXPECT_EQ(job.run.batch, 9) << "the point has more than its name";
  EXPECT_EQ(job.run.learning_rate, 0) << "that of the caller is no point, and his affair";
  EXPECT_EQ(job.run.dim, RunSpec().dim);
  Chosen other = chosen;
  other["model"] = "gru";
  EXPECT_EQ(Read(kAxes, other).run.batch, 0);
  other["dataset"] = "5";
  EXPECT_EQ(Refusal(kAxes, other), "e.toml: there is no dataset 5");
  EXPECT_EQ(Refusal(kData, {{"dataset", "1"}}), "e.toml: there is no dataset 1");
}

// A path from elsewhere is relative to another folder, however it is spelt.
TEST_F(OneRunTest, APathIsNoNameOfAPoint) {
  const Job job =
      Read("[axes]\ntrain = ['a.ptb', 'b.ptb']\ndev = ['d.ptb']\n", {{"train", "b.ptb"}});
  EXPECT_EQ(job.files->train.path, "");
  EXPECT_EQ(job.files->dev.path, folder_.Path("d.ptb"));
}

TEST_F(OneRunTest, OtherSpecsAreRefused) {
  EXPECT_EQ(Refusal("[dataset]\ntrain = 10\n"),
            "e.toml: names no files in [data]; 'grove run' trains on trees that it makes, and "
            "'grove data generate' writes such files");
  folder_.Write("base.toml", std::string("name = 'b'\n") + kData);
  EXPECT_EQ(Refusal("of = ['base.toml']\n"),
            "e.toml: a sweep; 'grove run' trains its runs, this is for a single one");
  EXPECT_EQ(Refusal("[run]\nlr = 1\n"),
            "e.toml:3: unknown key 'lr'; did you mean 'learning_rate'?");
}

}  // namespace
}  // namespace grove
