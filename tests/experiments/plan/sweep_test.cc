#include <gtest/gtest.h>

#include <set>

#include "engine/run_spec_json.h"
#include "experiments/plan/plan.h"
#include "tests/experiments/sweep_files.h"

namespace grove::test {
namespace {

using Labels = std::vector<std::string>;

TEST(Sweep, WithoutPointsTheExperimentsAreAsTheyAre) {
  const SweepFolder folder;
  const Spec sweep = folder.Read("title = 'As it is'\n");
  EXPECT_EQ(sweep.name, "s");
  EXPECT_EQ(sweep.title, "As it is");
  EXPECT_EQ(PointLabels(sweep), Labels{""});
  const std::vector<Job> base = Plan({ReadSpec(folder.Path("base.toml"))}).runs;
  const std::vector<Job> runs = Plan({sweep}).runs;
  ASSERT_EQ(runs.size(), 8u);
  for (size_t i = 0; i < 8; ++i) {
    EXPECT_EQ(runs[i].key, base[i].key);
    EXPECT_EQ(runs[i].Label(), base[i].Label());
  }
}

TEST(Sweep, AGridIsAProductInTheOrderOfTheFile) {
  const SweepFolder folder;
  const Spec sweep = folder.Read("[grid]\nleaf_weights = ['own', 'shared']\nl2 = [0, 1e-5]\n");
  EXPECT_EQ(PointLabels(sweep),
            (Labels{"leaf_weights = own, l2 = 0", "leaf_weights = own, l2 = 1e-05",
                    "leaf_weights = shared, l2 = 0", "leaf_weights = shared, l2 = 1e-05"}));
  const std::vector<Job> runs = Plan({sweep}).runs;
  ASSERT_EQ(runs.size(), 32u);
  EXPECT_EQ(runs[0].experiment, "base");
  EXPECT_EQ(runs[0].Label(), "base d1 rnn l2=0 leaf_weights=own s1");
  EXPECT_EQ(runs[31].Label(), "base d2 rlstm l2=1e-05 leaf_weights=shared s2");
  EXPECT_EQ(runs[31].axes, (nlohmann::json{{"l2", 1e-5}, {"leaf_weights", "shared"}}));
  EXPECT_EQ(runs[31].run.l2, 1e-5);
  EXPECT_EQ(runs[31].run.leaf_weights, "shared");
  EXPECT_EQ(runs[31].run.dim, 4);
  std::set<std::string> keys;
  for (const Job& run : runs) {
    EXPECT_EQ(run.key, RunKey(run.run, run.data));
    keys.insert(run.key);
  }
  EXPECT_EQ(keys.size(), 32u);
}

TEST(Sweep, AListHasItsPointsOneByOne) {
  const SweepFolder folder;
  const Spec sweep = folder.Read(
      "[[list]]\nleaf_weights = 'shared'\nfirst_step = 'sgd'\n[[list]]\ntree = 'catalan'\n");
  EXPECT_EQ(PointLabels(sweep),
            (Labels{"leaf_weights = shared, first_step = sgd", "tree = catalan"}));
  EXPECT_EQ(sweep.axes[0].points[1].place, folder.Path("s.toml") + ":6");
  const std::vector<Job> runs = Plan({sweep}).runs;
  ASSERT_EQ(runs.size(), 16u);
  EXPECT_EQ(runs[8].Label(), "base d1 rnn tree=catalan s1");
  EXPECT_EQ(runs[8].data.tree, "catalan");
  EXPECT_EQ(runs[8].run.leaf_weights, "own");
}

TEST(Sweep, SettingsOfEveryPointAreOfItsRunsButNotOfItsLabel) {
  const SweepFolder folder;
  const Spec sweep =
      folder.Read("[run]\nshuffle = 'once'\n[dataset]\ntrain = 9\n[grid]\nl2 = [0]\n");
  EXPECT_EQ(PointLabels(sweep), Labels{"l2 = 0"});
  const std::vector<Job> runs = Plan({sweep}).runs;
  EXPECT_EQ(runs[0].Label(), "base d1 rnn l2=0 shuffle=once train=9 s1");
  EXPECT_EQ(runs[0].run.shuffle, "once");
  EXPECT_EQ(runs[0].data.train, 9);
  // They are the point where there is nothing else.
  EXPECT_EQ(PointLabels(folder.Read("[run]\nshuffle = 'once'\n")), Labels{"shuffle = once"});
}

TEST(Sweep, NumbersAreWrittenInOneWay) {
  const SweepFolder folder;
  EXPECT_EQ(PointLabels(folder.Read("[grid]\nl2 = [0.0, 2, 5e-4, 0.10]\n")),
            (Labels{"l2 = 0", "l2 = 2", "l2 = 0.0005", "l2 = 0.1"}));
  EXPECT_EQ(PointLabels(folder.Read("[grid]\nprobe = [true, false]\n")),
            (Labels{"probe = true", "probe = false"}));
}

TEST(Sweep, AValueMayBeGivenByModel) {
  const SweepFolder folder;
  const Spec sweep = folder.Read("[grid]\nbatch = [{rnn = 10, rlstm = 2}, {rlstm = 9}, 7]\n");
  EXPECT_EQ(PointLabels(sweep),
            (Labels{"batch = 10 (rnn), 2 (rlstm)", "batch = 9 (rlstm)", "batch = 7"}));
  const std::vector<Job> runs = Plan({sweep}).runs;
  ASSERT_EQ(runs.size(), 24u);
  EXPECT_EQ(runs[0].Label(), "base d1 rnn batch=10 s1");
  EXPECT_EQ(runs[0].run.batch, 10);
  EXPECT_EQ(runs[2].Label(), "base d1 rlstm batch=2 s1");
  EXPECT_EQ(runs[8].Label(), "base d1 rnn s1");  // keeps its value
  EXPECT_EQ(runs[8].run.batch, 20);
  EXPECT_EQ(runs[10].run.batch, 9);
}

TEST(Sweep, ARunThatPointsShareIsPlannedOnce) {
  const SweepFolder folder;
  const std::vector<Job> runs =
      Plan({folder.Read("[grid]\nbatch = [{rlstm = 2}, {rlstm = 9}]\n")}).runs;
  EXPECT_EQ(runs.size(), 12u);  // 4 of rnn, 2 x 4 of rlstm
  // So is a run that a setting makes the same as another of the experiment.
  const std::vector<Job> alike =
      Plan({folder.Read("[dataset]\nmin_length = 5\nmax_length = 6\n")}).runs;
  EXPECT_EQ(RunLabels(alike), (Labels{"base d1 rnn max_length=6 min_length=5 s1",
                                      "base d1 rnn max_length=6 min_length=5 s2",
                                      "base d1 rlstm max_length=6 min_length=5 s1",
                                      "base d1 rlstm max_length=6 min_length=5 s2"}));
}

TEST(Sweep, OnlyAndSeedsChooseWhatIsVaried) {
  const SweepFolder folder;
  const Spec sweep = folder.Read(
      "only = ['dataset=1,model=rnn', 'dataset=2,model=rlstm']\nseeds = '101-102'\n"
      "[grid]\nl2 = [0]\n");
  EXPECT_EQ(RunLabels(Plan({sweep}).runs),
            (Labels{"base d1 rnn l2=0 s101", "base d1 rnn l2=0 s102", "base d2 rlstm l2=0 s101",
                    "base d2 rlstm l2=0 s102"}));
  EXPECT_EQ(RunLabels(Plan({folder.Read("seeds = [7]\nonly = ['seed=7,dataset=1']\n")}).runs),
            (Labels{"base d1 rnn s7", "base d1 rlstm s7"}));
}

TEST(Sweep, OfASweepItsExperimentsItsOnlyAndItsSeedsAreInherited) {
  const SweepFolder folder;
  folder.Write("first.toml", R"(name = "first"
of = ["base.toml"]
only = ["dataset=1"]
seeds = "5-6"
[grid]
l2 = [0.5]
)");
  folder.Write("second.toml", "name = 'second'\nof = ['first.toml']\nonly = ['model=rnn']\n");
  const Spec sweep = ReadSpec(folder.Write("third.toml", R"(name = "third"
of = ["second.toml"]
[grid]
dim = [3]
)"));
  ASSERT_EQ(sweep.of.size(), 1u);
  EXPECT_EQ(sweep.only, (std::vector<Labels>{{"dataset=1"}, {"model=rnn"}}));
  EXPECT_EQ(RunLabels(Plan({sweep}).runs),
            (Labels{"base d1 rnn dim=3 s5", "base d1 rnn dim=3 s6"}));
  const Spec reseeded =
      ReadSpec(folder.Write("fourth.toml", "name='fourth'\nof=['second.toml']\nseeds='9'\n"));
  EXPECT_EQ(RunLabels(Plan({reseeded}).runs), Labels{"base d1 rnn s9"});
}

TEST(Sweep, PathsAreRelativeToTheFile) {
  const SweepFolder folder;
  std::filesystem::create_directory(folder.Path("deep"));
  folder.Write("other.toml", "name = 'other'\n");
  const Spec sweep =
      ReadSpec(folder.Write("deep/s.toml", "name = 's'\nof = ['../base.toml', '../other.toml']\n"));
  ASSERT_EQ(sweep.of.size(), 2u);
  EXPECT_EQ(sweep.of[0].path, folder.Path("base.toml"));
  EXPECT_EQ(Plan({sweep}).runs.size(), 9u);
}

TEST(Sweep, IsKnownByItsKeyOf) {
  const SweepFolder folder;
  EXPECT_FALSE(ReadSpec(folder.Path("base.toml")).IsSweep());
  EXPECT_TRUE(folder.Read("").IsSweep());
  EXPECT_NE(ErrorMessage([] { ReadSpec("/nowhere/s.toml"); }).find("/nowhere/s.toml"),
            std::string::npos);
}

}  // namespace
}  // namespace grove::test
