// One run a seed of every cell, whichever of its twins there is.
#include "experiments/stats/paper_runs.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/experiments/made_up_runs.h"
#include "tests/experiments/temporary_folder.h"

namespace grove {
namespace {

std::vector<std::string> Keys(const std::vector<StoredRun>& runs) {
  std::vector<std::string> keys;
  for (const StoredRun& run : runs) keys.push_back(run.record->key);
  return keys;
}

using Strings = std::vector<std::string>;

TEST(PaperRuns, ARunWithTheProbeStandsForItsTwin) {
  ReportData data;
  testing::AddProbe(data, "rnn", 1, {{1, 10, 1}});
  testing::AddProbe(data, "rnn", 2, {{1, 10, 1}});
  data.runs.push_back(testing::MadeUpRun("exp1", 3, "rnn", 2, .9));
  data.runs.push_back(testing::MadeUpRun("exp1", 3, "rnn", 11, .9));
  data.runs.push_back(testing::MadeUpRun("exp1", 3, "rnn", 10, .9));
  const PaperRuns runs(AllRuns(data), Variant());
  EXPECT_EQ(Keys(runs.Cell(1, 3, "rnn")),
            (Strings{"exp3-3-rnn-1", "exp1-3-rnn-2", "exp1-3-rnn-10", "exp1-3-rnn-11"}));
  EXPECT_EQ(Keys(runs.Cell(3, 3, "rnn")), (Strings{"exp3-3-rnn-1", "exp3-3-rnn-2"}));
  EXPECT_TRUE(runs.Cell(1, 3, "rlstm").empty());
}

TEST(PaperRuns, AnObservedRunOrAnotherProductCountsOnce) {
  ReportData data;
  data.runs.push_back(testing::MadeUpRun("exp1", 1, "rnn", 1, .9));
  for (const char* key : {"a", "b"}) {
    data.runs.push_back(testing::MadeUpRun("exp1", 1, "rnn", 1, .9));
    data.runs.back().key = key;
  }
  data.runs[1].run.observe = true;
  data.runs[2].run.gemm = "openblas";
  EXPECT_EQ(Keys(PaperRuns(AllRuns(data), Variant()).Cell(1, 1, "rnn")), Strings{"exp1-1-rnn-1"});
}

TEST(PaperRuns, NamesDoNotMatterSettingsDo) {
  ReportData data;
  data.runs.push_back(testing::MadeUpRun("exp1", 1, "rnn", 1, .9));
  data.runs.back().experiment = "mine";
  data.runs.back().dataset = 77;
  data.runs.back().axes["l2"] = 3e-4;
  data.runs.push_back(testing::MadeUpRun("exp1", 1, "rnn", 2, .9));
  data.runs.back().data.train = 500;
  data.runs.push_back(testing::MadeUpRun("exp1", 1, "rnn", 3, .9));
  data.runs.back().run.learning_rate = 0.1;
  EXPECT_EQ(Keys(PaperRuns(AllRuns(data), Variant()).Cell(1, 1, "rnn")), Strings{"exp1-1-rnn-1"});
}

TEST(PaperRuns, FailedRunsStayAndRunsThatLostTheirRatiosDoNot) {
  ReportData data;
  testing::AddProbe(data, "rnn", 1, {{1, 10, 1}});
  data.runs.push_back(testing::MadeUpRun("exp3", 3, "rnn", 2, std::nan("")));
  data.runs.back().status = "failed";
  data.runs.push_back(testing::MadeUpRun("exp3", 3, "rnn", 3, .9));
  const PaperRuns runs(AllRuns(data), Variant());
  EXPECT_EQ(Keys(runs.Cell(3, 3, "rnn")), (Strings{"exp3-3-rnn-1", "exp3-3-rnn-2"}));
  EXPECT_EQ(Keys(runs.Probes("rnn")), Strings{"exp3-3-rnn-1"});
  EXPECT_EQ(Accuracies(runs.Cell(1, 3, "rnn")), (std::vector<double>{90, 0, 90}));
}

TEST(PaperRuns, SeedsCanBeChosen) {
  ReportData data;
  for (const uint64_t seed : {1, 7, 101}) {
    data.runs.push_back(testing::MadeUpRun("exp1", 1, "rnn", seed, .9));
  }
  const PaperRuns runs(AllRuns(data), Variant(), [](uint64_t seed) { return seed == 7; });
  EXPECT_EQ(Keys(runs.Cell(1, 1, "rnn")), Strings{"exp1-1-rnn-7"});
}

// Of data from files the record holds sizes, which may be those of the paper by chance.
TEST(AllRuns, ARunOnFilesIsNotThePapers) {
  ReportData data;
  data.runs.push_back(testing::MadeUpRun("exp1", 1, "rnn", 1, .9));
  data.runs.back().files.emplace().train = {"train.txt", "0123456789abcdef"};
  EXPECT_TRUE(PaperRuns(AllRuns(data), Variant()).empty());
}

}  // namespace
}  // namespace grove
