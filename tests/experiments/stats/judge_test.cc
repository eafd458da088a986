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

TEST(Judge, FiveSeedsAreOneStudyAndItDecides) {
  ReportData data = MadeUpData(5);
  const Judgements judgements = testing::JudgeDefault(data);
  ASSERT_EQ(judgements.claims.size(), 17u);
  for (const Judgement& j : judgements.claims) {
    EXPECT_TRUE(j.available) << j.claim->id << " " << j.missing;
    EXPECT_TRUE(j.one_study) << j.claim->id;
    EXPECT_TRUE(j.upheld == 0 || j.upheld == 1) << j.claim->id;
    EXPECT_EQ(j.holds(), Meets(j.value, j.condition())) << j.claim->id;
  }
  const int held = judgements.held();
  EXPECT_GT(held, 10);
  EXPECT_EQ(judgements.claims_of_a_study, std::vector<int>(kStudies, held));
  // The figure of the one study: the best of its five runs, and the interval over them.
  std::vector<double> first;
  for (const RunRecord& run : data.runs) {
    if (run.experiment == "exp1" && run.dataset == 1 && run.model == "rnn") {
      first.push_back(100 * run.test_accuracy);
    }
  }
  ASSERT_EQ(first.size(), 5u);
  EXPECT_NEAR(judgements.claims[0].value, Quantile(first, 1), 1e-9);
  const Interval interval = BootstrapInterval(
      {first}, [](const Groups& groups) { return Quantile(groups[0], 1); }, 0);
  EXPECT_NEAR(judgements.claims[0].interval.low, interval.low, 1e-9);
  EXPECT_NEAR(judgements.claims[0].interval.high, interval.high, 1e-9);
}

TEST(Judge, AClaimHoldsIfHalfOfTheStudiesUpholdIt) {
  Judgement j;
  j.available = true;
  j.upheld = 0.5;
  EXPECT_EQ(j.verdict(), Verdict::kHolds);
  j.upheld = 0.499;
  EXPECT_EQ(j.verdict(), Verdict::kDoesNotHold);
  j.available = false;
  EXPECT_EQ(j.verdict(), Verdict::kNoData);
}

// Of ten runs one reaches 70 % on dataset 1 (E1.1): half of the studies draw it.
TEST(Judge, MoreRunsGiveTheShareOfStudies) {
  ReportData data;
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    data.runs.push_back(testing::MadeUpRun("exp1", 1, "rnn", seed, seed == 4 ? 0.9 : 0.3));
  }
  const Judgements judgements = testing::JudgeDefault(data);
  EXPECT_EQ(judgements.judged(), 1);
  const Judgement& j = judgements.claims[0];
  ASSERT_TRUE(j.available);
  EXPECT_NEAR(j.upheld, 0.5, 0.06);  // four standard deviations of 1,000 draws
  EXPECT_EQ(j.interval.low, 30);
  EXPECT_EQ(j.interval.high, 90);
  EXPECT_FALSE(j.one_study);
  EXPECT_EQ(judgements.claims[1].missing.substr(0, 9), "no run of");
  EXPECT_EQ(judgements.Unjudged().substr(0, 9), "E1.2 E1.3");
  EXPECT_EQ(testing::JudgeDefault(data).claims[0].upheld, j.upheld) << "the same draws every time";
}

TEST(Judge, OneDatasetDecides) {
  const auto range = [](Statistic statistic, int first, int last, int other_first, int other_last) {
    const Condition c = Deciding({statistic, 1, "rnn", first, last, other_first, other_last});
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
