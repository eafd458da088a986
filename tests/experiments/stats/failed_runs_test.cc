// Runs that failed or diverged stay in n: they count as unsolved, wherever figures are made.
#include <gtest/gtest.h>

#include <cmath>

#include "experiments/stats/cells.h"
#include "tests/experiments/made_up_runs.h"

namespace grove {
namespace {

using ::grove::testing::AddProbe;
using ::grove::testing::MadeUpRun;

Judgement Evaluate(const ReportData& data, const std::string& id) {
  for (Judgement& judgement : testing::JudgeDefault(data).claims) {
    if (judgement.claim->id == id) return std::move(judgement);
  }
  ADD_FAILURE() << "no claim " << id;
  return {};
}

TEST(FailedRuns, GetNothingRight) {
  ReportData data;
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    data.runs.push_back(MadeUpRun("exp1", 1, "rlstm", seed, 0.95));
    data.runs.push_back(MadeUpRun("exp1", 2, "rlstm", seed, 0.95));
    data.runs.push_back(MadeUpRun("exp1", 3, "rlstm", seed, 0.95));
  }
  const auto lose = [&](size_t run, const char* status) {
    data.runs[run].status = status;
    data.runs[run].test_accuracy = std::nan("");
  };
  lose(1, "diverged");
  EXPECT_EQ(Evaluate(data, "E1.3").verdict(), Verdict::kHolds) << "the median of 95, 95 and 0";
  lose(4, "failed");
  const Judgement judgement = Evaluate(data, "E1.3");
  EXPECT_EQ(judgement.verdict(), Verdict::kDoesNotHold);
  EXPECT_EQ(judgement.value, 0);
  EXPECT_EQ(judgement.text,
            "median of 3 on datasets 1..3: 95, 0, 95 %; 2 runs that failed or diverged count as "
            "0 %");
}

TEST(FailedRuns, AreAsBadForAClaimOverRatiosAsAnyCanBe) {
  ReportData data;
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    AddProbe(data, "rnn", seed, {{1, 10, 1}, {2, 10, 4}});
    AddProbe(data, "rlstm", seed, {{1, 10, 1}, {2, 10, 8}});
  }
  EXPECT_EQ(Evaluate(data, "E3.2").value, 4);
  EXPECT_EQ(Evaluate(data, "E3.8").value, 2);
  for (uint64_t seed = 4; seed <= 5; ++seed) {
    data.runs.push_back(MadeUpRun("exp3", 3, "rnn", seed, std::nan("")));
    data.runs.back().status = "failed";
  }
  EXPECT_EQ(Evaluate(data, "E3.2").verdict(), Verdict::kHolds) << "three of five are well";
  data.runs.push_back(MadeUpRun("exp3", 3, "rnn", 6, std::nan("")));
  data.runs.back().status = "diverged";
  data.runs.push_back(data.runs.back());
  data.runs.back().key = "another";
  data.runs.back().seed = 7;
  const Judgement judgement = Evaluate(data, "E3.2");
  EXPECT_EQ(judgement.verdict(), Verdict::kDoesNotHold);
  EXPECT_NE(judgement.text.find("4 runs that failed or diverged count against the claim"),
            std::string::npos)
      << judgement.text;
  EXPECT_EQ(Evaluate(data, "E3.8").verdict(), Verdict::kDoesNotHold);
}

TEST(FailedRuns, AloneAreNoData) {
  ReportData data;
  data.runs.push_back(MadeUpRun("exp3", 3, "rnn", 1, std::nan("")));
  data.runs.back().status = "failed";
  EXPECT_EQ(Evaluate(data, "E3.2").verdict(), Verdict::kNoData);
}

TEST(FailedRuns, StayInTheCellsAndPairs) {
  ReportData data;
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    data.runs.push_back(MadeUpRun("exp2", 4, "rnn", seed, .2));
    data.runs.push_back(MadeUpRun("exp2", 4, "rlstm", seed, .8));
  }
  data.runs.back().status = "diverged";
  const PaperRuns runs(AllRuns(data), Variant());
  const std::vector<Cell> cells = MakeCells(runs);
  ASSERT_EQ(cells.size(), 2u);
  EXPECT_EQ(cells[1].name, (CellName{2, 4, "rlstm"}));
  EXPECT_EQ(cells[1].spread.n, 4);
  EXPECT_EQ(cells[1].spread.failed, 1);
  EXPECT_EQ(cells[1].spread.lowest, 0);
  EXPECT_EQ(cells[1].spread.mean, 60);
  EXPECT_EQ(cells[1].solved, 3);
  const std::vector<Pairing> pairings = MakePairings(runs);
  ASSERT_EQ(pairings.size(), 1u);
  EXPECT_EQ(pairings[0].test.n, 4);
  EXPECT_EQ(pairings[0].test.statistic, 9) << "three pairs for rlstm share ranks 2.5 to 4";
}

TEST(FailedRuns, StayInLengthByDepth) {
  ReportData data;
  for (const uint64_t seed : {1, 2, 3}) {
    data.runs.push_back(MadeUpRun("exp1", 4, "rnn", seed, .9));
    data.runs.back().data.min_keyword_depth = data.runs.back().data.max_keyword_depth = 6;
  }
  data.runs[0].status = data.runs[1].status = "failed";
  data.runs.push_back(MadeUpRun("exp2", 4, "rnn", 1, .9));  // two depths
  data.runs.push_back(data.runs[2]);
  data.runs.back().key = "of other settings";
  data.runs.back().run.l2 = 0;
  const std::vector<LengthDepth> rows = MakeLengthDepth(AllRuns(data));
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].min_length, 31);
  EXPECT_EQ(rows[0].depth, 6);
  EXPECT_EQ(rows[0].n, 3);
  EXPECT_EQ(rows[0].median, 0);
  EXPECT_EQ(rows[0].solved, 1);
}

}  // namespace
}  // namespace grove
