// Every way in which a sweep file may be wrong, and what it is told.
#include <gtest/gtest.h>

#include "tests/experiments/sweep_files.h"

namespace grove::test {
namespace {

TEST(SweepFaults, Keys) {
  const SweepFolder folder;
  EXPECT_EQ(folder.Refusal("[gird]\nl2 = [0]\n"),
            "s.toml:3: unknown key 'gird'; did you mean 'grid'?");
  EXPECT_EQ(folder.Refusal("[grid]\nl3 = [0]\n"), "s.toml:4: unknown key 'l3'; did you mean 'l2'?");
  EXPECT_EQ(folder.Refusal("[[list]]\nl3 = 0\n"), "s.toml:4: unknown key 'l3'; did you mean 'l2'?");
  EXPECT_EQ(folder.Refusal("[run]\nlerning_rate = 0.1\n"),
            "s.toml:4: unknown key 'lerning_rate'; did you mean 'learning_rate'?");
  EXPECT_EQ(folder.Refusal("[dataset]\ntrian = 1\n"),
            "s.toml:4: unknown key 'trian'; did you mean 'train'?");
  for (const char* table : {"[grid]", "[[list]]", "[run]", "[dataset]"}) {
    EXPECT_EQ(folder.Refusal(std::string(table) + "\nseed = [1]\n"),
              "s.toml:4: seed: no setting of a sweep; seeds are given by 'seeds'");
    EXPECT_EQ(folder.Refusal(std::string(table) + "\nmodel = ['rnn']\n"),
              "s.toml:4: model: no setting of a sweep; models are chosen by 'only'");
  }
  folder.Write("s.toml", "of = ['base.toml']\n");
  EXPECT_EQ(folder.RefusalOf("s.toml"), "s.toml: key 'name' is missing");
  folder.Write("s.toml", "name = 's'\n[grid]\nl2 = [0]\n");
  EXPECT_EQ(folder.RefusalOf("s.toml"),
            "s.toml:2: grid: a key of sweeps, which name in 'of' what they vary");
  folder.Write("s.toml", "name = 'a b'\nof = ['base.toml']\n");
  EXPECT_EQ(folder.RefusalOf("s.toml"), "s.toml:1: name = 'a b': must be letters, digits and _");
}

TEST(SweepFaults, Values) {
  const SweepFolder folder;
  EXPECT_EQ(folder.Refusal("title = 3\n"), "s.toml:3: title: must be a string");
  EXPECT_EQ(folder.Refusal("grid = 3\n"), "s.toml:3: [grid]: must be a table");
  EXPECT_EQ(folder.Refusal("[grid]\n"), "s.toml:3: [grid]: must have at least one setting");
  EXPECT_EQ(folder.Refusal("[grid]\nl2 = 0\n"),
            "s.toml:4: l2: must be a list with at least one value");
  EXPECT_EQ(folder.Refusal("[grid]\nl2 = [0,\n-1.0]\n"),
            "s.toml:5: l2 = -1: must be from 0 to 1000");
  EXPECT_EQ(folder.Refusal("[grid]\nl2 = [[0]]\n"),
            "s.toml:4: l2: must be a number, a string, true or false");
  EXPECT_EQ(folder.Refusal("[grid]\nfirst_step = ['adam']\n"),
            "s.toml:4: first_step = 'adam': must be one of sgd, adagrad");
  EXPECT_EQ(folder.Refusal("[run]\ntree = 'split'\n").rfind("s.toml:4: unknown key 'tree'", 0), 0u);
  EXPECT_EQ(folder.Refusal("[list]\nl2 = 0\n"),
            "s.toml:3: list: must be a list with at least one value");
  EXPECT_TRUE(folder.Refusal("[grid]\nbatch = [{lsmt = 3}]\n")
                  .starts_with("s.toml:4: batch: unknown model 'lsmt'; "));
  EXPECT_EQ(folder.Refusal("[grid]\nbatch = [{rnn = -3}]\n"),
            "s.toml:4: batch = -3: must be from 0 to 100000");
  EXPECT_EQ(folder.Refusal("[grid]\nbatch = [{}]\n"),
            "s.toml:4: batch: must be a value, or one by model: {rnn = ..., ...}");
  EXPECT_EQ(folder.Refusal("seeds = '2-1'\n"),
            "s.toml:3: seeds: '2-1': the range ends before it begins");
  EXPECT_EQ(folder.Refusal("seeds = [1, 2,\n1]\n"), "s.toml:4: seeds: seed 1 is given twice");
  EXPECT_EQ(folder.Refusal("seeds = 3\n"),
            "s.toml:3: seeds: must be a list with at least one value");
}

TEST(SweepFaults, Points) {
  const SweepFolder folder;
  EXPECT_EQ(folder.Refusal("[grid]\nl2 = [0]\n[[list]]\ndim = 3\n"),
            "s.toml:5: a sweep has one of [grid], [[list]] and [random]");
  EXPECT_EQ(folder.Refusal("[grid]\nl2 = [0, 1, 0.0]\n"),
            "s.toml:3: the point 'l2 = 0' is given twice");
  EXPECT_EQ(folder.Refusal("[[list]]\nl2 = 1\ndim = 2\n[[list]]\ndim = 2\nl2 = 1\n"),
            "s.toml:6: the point 'dim = 2, l2 = 1' is given twice");
  EXPECT_EQ(folder.Refusal("[run]\nl2 = 0\n[grid]\nl2 = [1]\n"),
            "s.toml:6: l2 is given in [run] already");
  std::string many = "[grid]\n";
  for (const char* key : {"train", "dev", "test", "dim", "epochs"}) {
    many += std::string(key) + " = [1, 2, 3, 4, 5, 6, 7]\n";
  }
  EXPECT_EQ(folder.Refusal(many), "s.toml:3: [grid]: more than 10000 points");
  EXPECT_EQ(folder.Refusal("[[list]]\nmax_length = 25\n[[list]]\nmin_length = 26\n"),
            "s.toml:5: max_length = 10: must be at least min_length = 26");
}

TEST(SweepFaults, Only) {
  const SweepFolder folder;
  EXPECT_EQ(folder.Refusal("only = 'dataset=1'\n"),
            "s.toml:3: only: must be a list with at least one value");
  EXPECT_EQ(folder.Refusal("only = [3]\n"), "s.toml:3: only: must be a string");
  EXPECT_EQ(folder.Refusal("only = ['dataset=1',\n'dataset=7']\n"),
            "s.toml:4: only 'dataset=7': no dataset is '7'; there are 1, 2");
  EXPECT_EQ(folder.Refusal("only = ['datset=1']\n"),
            "s.toml:3: only 'datset=1': unknown axis 'datset'; did you mean 'dataset'?");
  folder.Write("first.toml", "name = 'f'\nof = ['base.toml']\nonly = ['dataset=1']\n");
  folder.Write("s.toml", "name = 's'\nof = ['first.toml']\nonly = ['dataset=2']\n");
  EXPECT_EQ(folder.RefusalOf("s.toml"),
            "s.toml:3: only 'dataset=2': no dataset is '2'; there are 1");
}

TEST(SweepFaults, Of) {
  const SweepFolder folder;
  const auto refusal = [&](const std::string& of) {
    folder.Write("s.toml", "name = 's'\nof = " + of + "\n");
    return folder.RefusalOf("s.toml");
  };
  EXPECT_EQ(refusal("'base.toml'"), "s.toml:2: of: must be a list with at least one value");
  EXPECT_EQ(refusal("[3]"), "s.toml:2: of: must be a string");
  EXPECT_EQ(refusal("['base.toml',\n'none.toml']"), "s.toml:3: of: there is no file none.toml");
  EXPECT_EQ(refusal("['base.toml', './base.toml']"),
            "s.toml:2: of: the name 'base' is taken by base.toml");
  EXPECT_EQ(refusal("['s.toml']"), "s.toml:2: of: 's.toml' leads back to itself");
  folder.Write("bad.toml", "name = 'bad'\n[run]\ndim = 0\n");
  EXPECT_EQ(refusal("['bad.toml']"), "bad.toml:3: dim = 0: must be from 1 to 4096");
  folder.Write("a.toml", "name = 'a'\nof = ['b.toml']\n");
  folder.Write("b.toml", "name = 'b'\nof = ['c.toml']\n");
  folder.Write("c.toml", "name = 'c'\nof = ['../" +
                             std::filesystem::path(folder.path()).filename().string() +
                             "/a.toml']\n");
  EXPECT_NE(folder.RefusalOf("a.toml").find("c.toml:2: of: '../"), std::string::npos);
  EXPECT_NE(folder.RefusalOf("a.toml").find("/a.toml' leads back to itself"), std::string::npos);
  folder.Write("other.toml", "name = 'other'\n");
  folder.Write("first.toml", "name = 'f'\nof = ['base.toml']\nonly = ['dataset=1']\n");
  for (const char* of : {"['first.toml', 'other.toml']", "['other.toml', 'first.toml']"}) {
    EXPECT_EQ(refusal(of), "s.toml:2: of: a sweep that has 'only' must be the only entry");
  }
}

}  // namespace
}  // namespace grove::test
