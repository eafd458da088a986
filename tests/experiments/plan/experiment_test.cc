#include <gtest/gtest.h>

#include <set>

#include "engine/run_spec_json.h"
#include "experiments/plan/plan.h"
#include "tests/experiments/temporary_folder.h"

namespace grove {
namespace {

// The error of an experiment file of that text, its path written as F.
std::string Refusal(const std::string& text) {
  const TemporaryFolder folder;
  const std::string path = folder.Write("e.toml", text);
  std::string message = ErrorMessage([&] { Plan({ReadSpec(path)}); });
  const size_t at = message.find(path);
  if (at != std::string::npos) message.replace(at, path.size(), "F");
  return message;
}

std::vector<Job> PlanText(const std::string& text) {
  const TemporaryFolder folder;
  return Plan({ReadSpec(folder.Write("e.toml", text))}).runs;
}

TEST(Experiment, UnknownKeysAreNamedWithLineAndSuggestion) {
  EXPECT_EQ(Refusal("name = 'a'\ntitel = 'b'\n"),
            "F:2: unknown key 'titel'; did you mean 'title'?");
  EXPECT_EQ(Refusal("name = 'a'\n\n[run]\nlerning_rate = 0.1\n"),
            "F:4: unknown key 'lerning_rate'; did you mean 'learning_rate'?");
  EXPECT_EQ(Refusal("name = 'a'\n[dataset]\ntrian = 5\n"),
            "F:3: unknown key 'trian'; did you mean 'train'?");
  EXPECT_EQ(Refusal("name = 'a'\n[axes]\nmodels = ['rnn']\n"),
            "F:3: unknown key 'models'; did you mean 'model'?");
  EXPECT_EQ(Refusal("name = 'a'\n[axes]\ndataset = [\n{id = 1, min_lenght = 2}]\n"),
            "F:4: unknown key 'min_lenght'; did you mean 'min_length'?");
}

TEST(Experiment, WrongTypesAndValuesAreNamedWithLine) {
  EXPECT_EQ(Refusal("name = 'a'\n[run]\ndim = '50'\n"),
            "F:3: dim = '50': must be an integer from 1 to 4096");
  EXPECT_EQ(Refusal("name = 'a'\n[run]\ndim = 0\n"), "F:3: dim = 0: must be from 1 to 4096");
  EXPECT_TRUE(Refusal("name = 'a'\n[run]\nmodel = 'lstm'\n")
                  .starts_with("F:3: model = 'lstm': must be one of rnn, rlstm, "));
  EXPECT_EQ(Refusal("name = 'a'\n[axes]\nl2 = [0,\n-1.0]\n"),
            "F:4: l2 = -1: must be from 0 to 1000");
  EXPECT_EQ(Refusal("name = 'a'\n[axes]\nseed = '5-1'\n"),
            "F:3: seed: '5-1': the range ends before it begins");
  EXPECT_EQ(Refusal("name = 'a'\n[axes]\nseed = [1, 2, 1]\n"), "F:3: seed 1 is given twice");
  EXPECT_EQ(Refusal("name = 'a'\n[axes]\nmodel = []\n"),
            "F:3: model: must be a list with at least one value");
  EXPECT_EQ(Refusal("name = 'a'\n[axes]\ndataset = [{min_length = 2}]\n"),
            "F:3: dataset: key 'id' is missing");
  EXPECT_EQ(Refusal("name = 'a'\nrun = 3\n"), "F:2: [run]: must be a table");
  EXPECT_EQ(Refusal("name = 'a b'\n"), "F:1: name = 'a b': must be letters, digits and _");
  EXPECT_EQ(Refusal("title = 'a'\n"), "F: key 'name' is missing");
}

TEST(Experiment, SyntaxErrorsAndMissingFilesAreNamed) {
  EXPECT_EQ(Refusal("name = 'a'\nrun = \n").substr(0, 4), "F:2:");
  EXPECT_NE(ErrorMessage([] { ReadSpec("/nowhere/e.toml"); }).find("/nowhere/e.toml"),
            std::string::npos);
}

TEST(Experiment, ContradictionsAreNamedWithTheLineOfTheirDataset) {
  EXPECT_EQ(Refusal("name = 'a'\n[axes]\ndataset = [{id = 1},\n{id = 2, max_length = 3}]\n"),
            "F:4: max_length = 3: must be at least min_length = 21");
  EXPECT_EQ(Refusal("name = 'a'\n[axes]\nmodel = ['rnn']\ndataset = [{id = 1},\n{id = 2}]\n"),
            "F:5: a d1 rnn s1 and a d2 rnn s1 are the same run");
}

TEST(Experiment, PairsAreNotGenerated) {
  const std::string why =
      "it compares pairs of trees, and task 'keyword' makes single trees; name files of pairs in "
      "[data]";
  EXPECT_EQ(Refusal("name = 'a'\n[run]\ncomparison = 'tai'\n"), "F: comparison = 'tai': " + why);
  EXPECT_EQ(Refusal("name = 'a'\n[axes]\ncomparison = ['none',\n'bowman']\n"),
            "F:4: comparison = 'bowman': " + why);
}

// Counting ten billion runs takes no time, building them no machine has the memory for.
TEST(Experiment, AProductOfAxesIsCountedBeforeItIsBuilt) {
  std::string numbers;
  for (int i = 0; i < 1000; ++i) numbers += std::to_string(i) + (i < 999 ? ", " : "");
  const std::string axes = "name = 'a'\n[axes]\nseed = '1-10000'\nl2 = [" + numbers +
                           "]\npatience = [" + numbers.substr(3) + ", 1000]\nmodel = ['rnn']\n";
  EXPECT_EQ(Refusal(axes),
            "F: 10000000000 runs, and a plan has at most 1000000; seed has 10000 values, l2 1000, "
            "patience 1000");
}

TEST(Experiment, NumbersAreTheSameHoweverTheyAreWritten) {
  EXPECT_EQ(Refusal("name = 'a'\n[axes]\nl2 = [0,\n0.0]\n"), "F:4: l2 0 is given twice");
  EXPECT_EQ(Refusal("name = 'a'\n[axes]\nl2 = [0,\n-0.0]\n"), "F:4: l2 0 is given twice");
  EXPECT_EQ(Refusal("name = 'a'\n[axes]\nl2 = [1e-4,\n0.0001]\n"), "F:4: l2 0.0001 is given twice");
  EXPECT_EQ(Refusal("name = 'a'\n[axes]\ndim = [8,\n8.0]\n"), "F:4: dim 8 is given twice");
  EXPECT_EQ(PlanText("name = 'a'\n[axes]\nl2 = [1.0]\n")[0].Label(), "a d1 rlstm l2=1 s1");
  EXPECT_EQ(PlanText("name = 'a'\n[axes]\nl2 = [0.0]\n")[0].key,
            PlanText("name = 'a'\n[axes]\nl2 = [-0.0]\n")[0].key);
}

TEST(Experiment, AxesMultiplyInAFixedOrder) {
  const std::vector<Job> runs = PlanText(R"(
name = "a"
[dataset]
train = 7
[run]
dim = 4
l2 = 0.5
[axes]
seed = "1-2"
model = ["rnn", {model = "rlstm", batch = 9}]
l2 = [0, 1e-4]
dataset = [{id = 1, min_length = 1, max_length = 10}, {id = 4}]
)");
  std::vector<std::string> labels;
  for (const Job& run : runs) labels.push_back(run.Label());
  ASSERT_EQ(labels.size(), 16u);
  EXPECT_EQ(labels[0], "a d1 rnn l2=0 s1");
  EXPECT_EQ(labels[1], "a d1 rnn l2=0 s2");
  EXPECT_EQ(labels[2], "a d1 rnn l2=0.0001 s1");
  EXPECT_EQ(labels[4], "a d1 rlstm l2=0 s1");
  EXPECT_EQ(labels[15], "a d4 rlstm l2=0.0001 s2");
  EXPECT_EQ(runs[15].run.batch, 9);
  EXPECT_EQ(runs[15].run.l2, 1e-4);
  EXPECT_EQ(runs[15].run.dim, 4);
  EXPECT_EQ(runs[15].run.seed, 2u);
  EXPECT_EQ(runs[0].run.batch, 20);
  EXPECT_EQ(runs[0].data.max_length, 10);
  EXPECT_EQ(runs[0].data.train, 7);
  EXPECT_EQ(runs[15].data.max_length, 30);
  EXPECT_EQ(runs[15].axes, (nlohmann::json{{"l2", 1e-4}}));
  for (const Job& run : runs) EXPECT_EQ(run.key, RunKey(run.run, run.data));
}

TEST(Experiment, WithoutAxesThereIsOneRun) {
  const std::vector<Job> runs = PlanText("name = 'a'\n");
  ASSERT_EQ(runs.size(), 1u);
  EXPECT_EQ(runs[0].Label(), "a d1 rlstm s1");
}

TEST(Experiment, SeedsAreReplaced) {
  const TemporaryFolder folder;
  Spec experiment = ReadSpec(folder.Write("e.toml", "name='a'\n[axes]\nseed='1-5'\n"));
  SetSeeds(experiment, ParseSeeds("3-4,9"));
  const std::vector<Job> runs = Plan({experiment}).runs;
  ASSERT_EQ(runs.size(), 3u);
  EXPECT_EQ(runs[2].run.seed, 9u);
  EXPECT_EQ(ErrorMessage([] { ParseSeeds("1-"); }), "'': must be seeds like 1-5 or 1,2,7");
  EXPECT_EQ(ErrorMessage([] { ParseSeeds("1,1"); }), "seed 1 is given twice");
  EXPECT_EQ(ErrorMessage([] { ParseSeeds("0-18446744073709551615"); }), "more than 10000 seeds");
}

// The paper's experiments: their numbers of runs, and what binds the third to the first.
TEST(Experiment, ThePapersFilesAreAsTheContractSays) {
  const std::string folder = std::string(GROVE_SOURCE_DIR) + "/experiments/specs/";
  std::set<std::string> keys;
  std::vector<std::vector<Job>> plans;
  for (const char* name : {"exp1", "exp2", "exp3"}) {
    plans.push_back(Plan({ReadSpec(folder + name + ".toml")}).runs);
    for (const Job& run : plans.back()) keys.insert(run.key);
  }
  EXPECT_EQ(plans[0].size(), 100u);
  EXPECT_EQ(plans[1].size(), 100u);
  EXPECT_EQ(plans[2].size(), 10u);
  EXPECT_EQ(keys.size(), 210u);
  for (const Job& run : plans[0]) {
    EXPECT_EQ(run.data.min_length, 10 * run.dataset - 9);
    EXPECT_EQ(run.data.max_length, 10 * run.dataset);
    RunSpec expected;  // the defaults are the experiments' settings
    expected.model = run.run.model;
    expected.seed = run.run.seed;
    EXPECT_EQ(run.run, Resolve(expected));
  }
  for (const Job& run : plans[1]) {
    EXPECT_EQ(run.data.min_keyword_depth, run.dataset);
    EXPECT_EQ(run.data.max_keyword_depth, run.dataset + 1);
    EXPECT_EQ(run.data.min_length, 21);
  }
  for (const Job& probe : plans[2]) {
    EXPECT_TRUE(probe.run.probe);
    bool found = false;
    for (Job run : plans[0]) {
      run.run.probe = true;
      found = found || (run.dataset == 3 && run.data == probe.data && run.run == probe.run);
    }
    EXPECT_TRUE(found) << probe.Label();
  }
}

}  // namespace
}  // namespace grove
