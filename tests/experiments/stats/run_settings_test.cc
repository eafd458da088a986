// The settings of runs by name, and which of two runs differ.
#include "experiments/stats/run_settings.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/experiments/made_up_runs.h"

namespace grove {
namespace {

using testing::MadeUpRun;

std::string TextOf(const RunRecord& run, const std::string& name) {
  for (const NamedSetting& each : SettingsOf(run)) {
    if (each.name == name) return each.text;
  }
  return "no " + name;
}

// The same run on files.
RunRecord OnFiles(const std::string& path, const std::string& hash) {
  RunRecord run = MadeUpRun("mine", 1, "rnn", 1, 0.9);
  DataFiles& files = run.files.emplace();
  files.train = {path, hash};
  files.dev = {"dev.ptb", "d"};
  files.classes = 2;
  return run;
}

TEST(RunSettings, NamesEverySettingOnceWithDefaultsResolved) {
  const RunRecord run = MadeUpRun("exp1", 3, "rnn", 7, 0.9);
  std::vector<std::string> names;
  for (const NamedSetting& each : SettingsOf(run)) names.push_back(each.name);
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
  EXPECT_EQ(TextOf(run, "batch"), "20") << "that of the model";
  EXPECT_EQ(TextOf(run, "seed"), "7");
  EXPECT_EQ(TextOf(run, "data.seed"), "1") << "of the trees";
  EXPECT_EQ(TextOf(run, "l2"), "0.0003");
  EXPECT_EQ(TextOf(run, "min_length"), "21");
}

TEST(RunSettings, FilesStandInPlaceOfWhatIsGenerated) {
  const RunRecord run = OnFiles("a/train.ptb", "0123");
  EXPECT_EQ(TextOf(run, "train"), "a/train.ptb (0123)");
  EXPECT_EQ(TextOf(run, "classes"), "2");
  EXPECT_EQ(TextOf(run, "lower_case"), "false");
  EXPECT_EQ(TextOf(run, "test"), "no test");
  EXPECT_EQ(TextOf(run, "min_length"), "no min_length");
}

TEST(RunSettings, DifferencesAreInTheOrderOfTheTables) {
  const RunRecord left = MadeUpRun("exp1", 3, "rnn", 1, 0.9);
  RunRecord right = MadeUpRun("exp1", 3, "rnn", 2, 0.9);
  right.run.l2 = 1e-5;
  right.data.seed = 4;
  size_t equal = 0;
  EXPECT_EQ(SettingDifferences(left, right, equal),
            (std::vector<SideRow>{
                {"l2", {"0.0003", "1e-05"}}, {"seed", {"1", "2"}}, {"data.seed", {"1", "4"}}}));
  EXPECT_EQ(equal + 3, SettingsOf(left).size());
  EXPECT_TRUE(SettingDifferences(left, left, equal).empty());
  EXPECT_EQ(equal, SettingsOf(left).size());
}

TEST(RunSettings, AFileIsWhatItHoldsWhereverItLies) {
  size_t equal = 0;
  const RunRecord run = OnFiles("a.ptb", "0123");
  EXPECT_TRUE(SettingDifferences(run, OnFiles("b.ptb", "0123"), equal).empty());
  EXPECT_EQ(SettingDifferences(run, OnFiles("a.ptb", "4567"), equal),
            (std::vector<SideRow>{{"train", {"a.ptb (0123)", "a.ptb (4567)"}}}));
}

TEST(RunSettings, WhatOneSideLacksIsEmpty) {
  size_t equal = 0;
  const std::vector<SideRow> rows =
      SettingDifferences(OnFiles("a.ptb", "0123"), MadeUpRun("mine", 1, "rnn", 1, 0.9), equal);
  const auto has = [&](const SideRow& row) {
    return std::find(rows.begin(), rows.end(), row) != rows.end();
  };
  EXPECT_TRUE(has({"classes", {"2", ""}}));
  EXPECT_TRUE(has({"min_length", {"", "1"}}));
  EXPECT_TRUE(has({"train", {"a.ptb (0123)", "10000"}}));
}

}  // namespace
}  // namespace grove
