// Which settings differ between folders of runs, and which vary in one.
#include "experiments/stats/folder_settings.h"

#include <gtest/gtest.h>

#include <deque>

#include "tests/experiments/made_up_runs.h"

namespace grove {
namespace {

// Folders of made-up runs that live as long as this.
class Folders {
 public:
  RunRecord& Add(size_t folder, const std::string& model, uint64_t seed) {
    while (folders_.size() <= folder)
      folders_.push_back({"f" + std::to_string(folders_.size()), {}});
    RunRecord& run = runs_.emplace_back(testing::MadeUpRun("mine", 1, model, seed, 0.9));
    folders_[folder].runs.emplace_back(run);
    return run;
  }
  FolderSettings Compare() const { return CompareSettings(folders_); }

 private:
  std::deque<RunRecord> runs_;
  std::vector<ComparedFolder> folders_;
};

using Rows = std::vector<SideRow>;

TEST(FolderSettings, EqualFoldersDifferInNothing) {
  Folders folders;
  for (const size_t folder : {0, 1}) {
    for (const char* model : {"rnn", "rlstm"}) {
      folders.Add(folder, model, 1);
      folders.Add(folder, model, 2);
    }
  }
  const FolderSettings settings = folders.Compare();
  EXPECT_EQ(settings.differing, Rows());
  EXPECT_EQ(settings.varying, (Rows{{"model", {"rlstm, rnn", "rlstm, rnn"}}}))
      << "neither seeds nor what a model stands for";
  EXPECT_GT(settings.equal, 40u);
}

TEST(FolderSettings, WhatIsOneValueInEachFolderDiffers) {
  Folders folders;
  folders.Add(0, "rnn", 1);
  folders.Add(1, "rnn", 1).run.dim = 10;
  folders.Add(2, "rnn", 1);
  EXPECT_EQ(folders.Compare().differing, (Rows{{"dim", {"50", "10", "50"}}}));
}

TEST(FolderSettings, WhatAFolderHasSeveralValuesOfVaries) {
  Folders folders;
  folders.Add(0, "rnn", 1).run.l2 = 0.01;
  folders.Add(0, "rnn", 1).run.l2 = 1e-5;
  folders.Add(0, "rnn", 1).run.l2 = 0.1;
  folders.Add(1, "rnn", 1).run.l2 = 0.01;
  const FolderSettings settings = folders.Compare();
  EXPECT_EQ(settings.differing, Rows());
  EXPECT_EQ(settings.varying, (Rows{{"l2", {"1e-05, 0.01, 0.1", "0.01"}}})) << "by value";
}

TEST(FolderSettings, ModelsMayHaveTheirOwnValues) {
  Folders folders;
  folders.Add(0, "rnn", 1);
  folders.Add(0, "rlstm", 1);
  folders.Add(1, "rnn", 1).run.batch = 40;
  folders.Add(1, "rlstm", 1).run.batch = 10;
  EXPECT_EQ(folders.Compare().differing,
            (Rows{{"batch", {"5 (rlstm), 20 (rnn)", "10 (rlstm), 40 (rnn)"}}}));
}

TEST(FolderSettings, AModelThatOneFolderHasAloneIsTold) {
  Folders folders;
  folders.Add(0, "rnn", 1);
  folders.Add(0, "rlstm", 1);
  folders.Add(1, "rnn", 1);
  const FolderSettings settings = folders.Compare();
  EXPECT_EQ(settings.varying, (Rows{{"model", {"rlstm, rnn", "rnn"}}}));
  EXPECT_EQ(settings.differing, Rows()) << "rnn has the same batch in both";
}

TEST(FolderSettings, FoldersWithoutACommonModelDifferInItsDefaultsToo) {
  Folders folders;
  folders.Add(0, "rnn", 1);
  folders.Add(1, "rlstm", 1);
  EXPECT_EQ(folders.Compare().differing,
            (Rows{{"model", {"rnn", "rlstm"}}, {"batch", {"20", "5"}}}));
}

TEST(FolderSettings, OfManyValuesTheFirstAreShown) {
  Folders folders;
  for (int i = 1; i <= 9; ++i) folders.Add(0, "rnn", 1).run.dim = 10 * i;
  folders.Add(1, "rnn", 1);
  EXPECT_EQ(folders.Compare().varying[0].values[0], "10, 20, 30, 40, 50, ... (9 values)");
}

}  // namespace
}  // namespace grove
