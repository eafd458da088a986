// The claims judged as many five-run studies would judge them.
#include "experiments/stats/judge.h"

#include <gtest/gtest.h>

#include "tests/experiments/made_up_runs.h"

namespace grove {
namespace {

ReportData MadeUpData(int runs) {
  ReportData data;
  data.runs = testing::MadeUpExperiments(runs);
  for (const std::string model : {"rnn", "rlstm"}) {
    for (int seed = 1; seed <= runs; ++seed) {
      testing::AddProbe(data, model, static_cast<uint64_t>(seed),
                        testing::MadeUpRatios(model, 8, 20));
    }
  }
  return data;
}

TEST(Judge, FiveRunsAreJudgedAsTheReportDoes) {
  const ReportData data = MadeUpData(5);
  const std::vector<Claim> claims = EvaluateClaims(data);
  const Judgements judgements = Judge(data, Cells::kAll);
  ASSERT_EQ(judgements.claims.size(), claims.size());
  int held = 0;
  for (size_t i = 0; i < claims.size(); ++i) {
    const Judgement& j = judgements.claims[i];
    EXPECT_TRUE(j.available) << j.claim->id << " " << j.missing;
    EXPECT_EQ(j.holds(), claims[i].verdict == Verdict::kHolds) << j.claim->id;
    EXPECT_TRUE(j.upheld == 0 || j.upheld == 1) << j.claim->id;
    if (j.decisive == claims[i].decisive) {
      EXPECT_EQ(j.value, claims[i].measurement().value) << j.claim->id;
    }
    held += j.holds();
  }
  EXPECT_GT(held, 10);
  EXPECT_EQ(judgements.held(), held);
  EXPECT_EQ(judgements.claims_of_a_study, std::vector<int>(kStudies, held));
}

// Of ten runs one reaches 70 % on dataset 1 (E1.1): half of the studies draw it.
TEST(Judge, MoreRunsGiveTheShareOfStudies) {
  ReportData data;
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    data.runs.push_back(testing::MadeUpRun("exp1", 1, "rnn", seed, seed == 4 ? 0.9 : 0.3));
  }
  const Judgements judgements = Judge(data, Cells::kAll);
  EXPECT_EQ(judgements.judged(), 1);
  const Judgement& j = judgements.claims[0];
  ASSERT_TRUE(j.available);
  EXPECT_NEAR(j.upheld, 0.5, 0.06);  // four standard deviations of 1,000 draws
  EXPECT_EQ(j.interval.low, 30);
  EXPECT_EQ(j.interval.high, 90);
  EXPECT_EQ(judgements.claims[1].missing.substr(0, 15), "no finished run");
  EXPECT_EQ(judgements.Unjudged().substr(0, 9), "E1.2 E1.3");
  EXPECT_EQ(Judge(data, Cells::kAll).claims[0].upheld, j.upheld) << "the same draws every time";
}

TEST(Judge, OneDatasetDecides) {
  const auto range = [](Statistic statistic, int first, int last, int other_first, int other_last) {
    const Condition c = Deciding({statistic, "exp1", "rnn", first, last, other_first, other_last});
    return std::vector<int>{c.first, c.last, c.other_first, c.other_last};
  };
  EXPECT_EQ(range(Statistic::kLowestMedian, 1, 7, 0, 0), (std::vector<int>{7, 7, 0, 0}));
  EXPECT_EQ(range(Statistic::kLowestBest, 4, 7, 0, 0), (std::vector<int>{7, 7, 0, 0}));
  EXPECT_EQ(range(Statistic::kHighestBest, 2, 10, 0, 0), (std::vector<int>{2, 2, 0, 0}));
  EXPECT_EQ(range(Statistic::kLargestGap, 8, 10, 0, 0), (std::vector<int>{8, 8, 0, 0}));
  EXPECT_EQ(range(Statistic::kMeanDrop, 4, 7, 1, 3), (std::vector<int>{7, 7, 3, 3}));
  EXPECT_EQ(range(Statistic::kLastEpoch, 12, 13, 0, 0), (std::vector<int>{12, 13, 0, 0}));
}

}  // namespace
}  // namespace grove
